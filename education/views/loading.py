"""From the slug in an address to what stands there now: found, moved, withdrawn, archived, or never there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial, wraps
from ipaddress import ip_address
from typing import Any, overload

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from education.history import history_of
from education.models import Archiving, Edition, FormerSlug, State
from education.reading import live_edition
from education.wording import language_of_words

View = Callable[..., HttpResponseBase]

# Whoever meets a guide that was withdrawn, or that nobody keeps up to date, may have acted on it.
CALL_ABOUT_GONE = (
    _("you have had this treatment and have a question or feel unwell"),
    _("you have a date for it"),
    _("you are not sure what the paper at home is still good for"),
)


@overload
def public(view: View) -> View: ...
@overload
def public(*, reads: Collection[str]) -> Callable[[View], View]: ...
def public(view: View | None = None, *, reads: Collection[str] = ()) -> Any:
    """Let a view be read and nothing else: any other method is answered 405, before a form's token is looked for.

    What it answers is the same for everybody, so it may be kept by whoever asks each time whether it still holds,
    unless the view says otherwise; and by the site itself until something changes. `reads`: the parameters of a query
    that it takes notice of. A request without them may be answered from memory, whatever else the query says.
    """
    if view is None:
        return partial(public, reads=reads)

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "public, no-cache")
        if not hasattr(response, "query_read"):
            response.query_read = reads  # type: ignore[attr-defined]  # for config/ready
        return response

    return csrf_exempt(require_safe(answered))


def address_of(request: HttpRequest) -> str:
    """Return the network address that a request came from, or an empty text where nothing tells it.

    As the last of the proxies that PROXY_COUNT says are the clinic's own saw it: what stands before that in the
    header was written by whoever sent it. Where that proxy wrote no address, the one that the server itself saw counts.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",")
    seen = told[-settings.PROXY_COUNT] if 0 < settings.PROXY_COUNT <= len(told) else ""
    return _address(seen) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    """Return an address in its one usual form, without the port that some proxies add; empty for what is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def of_edition_now(view: View) -> View:
    """Call `view(request, edition, …)` with the guide's live edition.

    A former address redirects, a withdrawn edition and an archived guide answer 410 with the reason, an unknown guide
    404.
    """

    @wraps(view)
    def loaded(request: HttpRequest, guide: str, **rest: Any) -> HttpResponseBase:
        edition = live_edition(guide)
        return _not_live(request, guide, rest) if edition is None else view(request, edition, **rest)

    return loaded


def _not_live(request: HttpRequest, slug: str, rest: dict[str, Any]) -> HttpResponse:
    """Say what became of a guide, the worse first: withdrawn, archived, moved; or 404."""
    editions = Edition.objects.latest_published().select_related("guide", "withdrawal")
    edition = editions.filter(guide__slug=slug).first()
    if edition is None:
        return _moved(request, slug, rest)
    archiving = Archiving.objects.of(edition.guide)
    return gone(request, edition, withdrawal=getattr(edition, "withdrawal", None), archiving=archiving)


def of_history(view: View) -> View:
    """Call `view(request, history, …)` with the history of a guide that was live at some time.

    A former address redirects, an unknown one answers 404.
    """

    @wraps(view)
    def loaded(request: HttpRequest, guide: str, **rest: Any) -> HttpResponseBase:
        history = history_of(guide)
        return _moved(request, guide, rest) if history is None else view(request, history, **rest)

    return loaded


def _moved(request: HttpRequest, slug: str, rest: dict[str, Any]) -> HttpResponse:
    former = FormerSlug.objects.filter(page=None, slug=slug).select_related("guide").first()
    if former is None or request.resolver_match is None:
        raise Http404
    return redirect(request.resolver_match.view_name, permanent=True, guide=former.guide.slug, **rest)


def gone(request: HttpRequest, edition: Edition, **facts: Any) -> HttpResponse:
    """Answer 410 with what a patient needs to know: why, and how to reach the clinic."""
    with translation.override(language_of_words(edition.language)):
        context = {"edition": edition, "language": edition.language, "call_about": CALL_ABOUT_GONE, **facts}
        return render(request, "education/gone.html", context, status=410)


def in_language(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a template for a guide in `context["language"]`, its fixed words in that or the nearest we speak."""
    with translation.override(language_of_words(context["language"])):
        return render(request, template, context, status=status)


def kept_from_search(response: HttpResponse, state: State | None = None) -> HttpResponse:
    """Ask search engines to leave out all but the live edition."""
    if state is not State.LIVE:
        response["X-Robots-Tag"] = "noindex"
    return response


def for_one_reader(response: HttpResponse) -> HttpResponse:
    """Keep the site from keeping an answer that stands at endlessly many addresses: they would fill its memory."""
    response.query_read = None  # type: ignore[attr-defined]  # for config/ready
    return response
