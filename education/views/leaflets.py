"""The leaflet of an edition, as a file to print or to send."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from education.history import History
from education.leaflet import Leaflet, Notice, asked_for
from education.models import Edition, State
from education.views.loading import of_edition_now, of_history, public


@public(reads=("paper", "size"))
@of_edition_now
def leaflet(request: HttpRequest, edition: Edition) -> HttpResponseBase:
    """`…/leaflet.pdf?paper=a4|letter&size=large`: the live edition on paper."""
    return _answer(request, Leaflet(edition, asked_for(request.GET)))


@public(reads=("paper", "size"))
@of_history
def leaflet_of_edition(request: HttpRequest, history: History, number: int) -> HttpResponseBase:
    """`…/editions/<n>/leaflet.pdf`: an edition as it was, which says so where it no longer counts."""
    shown = history.edition(number)
    if shown is None:
        raise Http404
    response = _answer(request, Leaflet(shown, asked_for(request.GET), _notice_of(history, shown)))
    if shown.state is not State.LIVE:
        response["X-Robots-Tag"] = "noindex"
    return response


def _notice_of(history: History, edition: Edition) -> Notice | None:
    """Return what stands across the top of an edition's leaflet; nothing on the live one."""
    if edition.state is State.LIVE:
        return None
    if edition.state is State.WITHDRAWN:
        return Notice("withdrawn", edition.withdrawal.made_at, edition.withdrawal.reason)
    if history.archiving:
        return Notice("archived", history.archiving.made_at, history.archiving.reason)
    # The newest period comes first. One that was replaced in the moment it began has none.
    ends = [period.end for period in history.periods_of(edition) if period.end]
    return Notice("superseded", ends[0] if ends else None)


def _answer(request: HttpRequest, leaflet: Leaflet) -> HttpResponseBase:
    """Answer with a leaflet. It is asked for anew each time, and sent again only when it is another one."""
    etag = f'"{leaflet.key}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        leaflet.content(), content_type="application/pdf"
    )
    response["ETag"] = etag
    # A name for the file, which a browser that can show it shows all the same.
    response["Content-Disposition"] = content_disposition_header(False, leaflet.name) or ""
    return response
