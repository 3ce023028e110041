"""The history of a guide: its editions, permalinks, changes, and the code on a leaflet."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.differences import PageText, collapsed, page_differences
from education.forms import OnDateForm
from education.models import Edition, Guide, State
from education.reading import LivePeriod, latest_review, live_periods, reading_of_edition
from education.views.loading import in_language, of_guide


def public_edition(guide: Guide, number: int) -> Edition:
    """Return an edition that is or was live, with its state and guide. Raises Http404."""
    edition = Edition.objects.public().with_state().filter(guide=guide, number=number).first()
    if edition is None:
        raise Http404
    edition.guide = guide
    return edition


def live_of(guide: Guide) -> Edition | None:
    edition = Edition.objects.live().filter(guide=guide).first()
    if edition:
        edition.guide = guide
    return edition


@require_safe
@of_guide
def editions(request: HttpRequest, guide: Guide) -> HttpResponse:
    """`…/editions/?on=DATE`: all editions that were live, or those live at any moment of that day."""
    periods = live_periods(guide, timezone.now())
    if not periods:
        raise Http404
    form = OnDateForm(request.GET or None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    context = {
        "guide": guide,
        "title": periods[0].edition.title,
        "language": periods[0].edition.language,
        "form": form,
        "day": day,
        "periods": [period for period in periods if day is None or _on(period, day)],
    }
    return in_language(request, "education/editions.html", context)


def _on(period: LivePeriod, day: date) -> bool:
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return period.touches(start, end)


@require_safe
@of_guide
def edition(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """`…/editions/<n>/`: the permalink, the whole edition as it was, with a notice where it no longer counts."""
    shown = public_edition(guide, number)
    reading = reading_of_edition(shown)
    context = {
        **reading.whole_context(),
        "state": shown.state,
        "withdrawal": getattr(shown, "withdrawal", None),
        "live": live_of(guide),
        "periods": [one for one in live_periods(guide, timezone.now()) if one.edition.pk == shown.pk],
    }
    response = in_language(request, "education/edition.html", context)
    if shown.state != State.LIVE:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@of_guide
def changes(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """`…/editions/<n>/changes/?since=<m>`: what changed since the edition that was live before, or since m."""
    new = public_edition(guide, number)
    periods = live_periods(guide, timezone.now())
    since = request.GET.get("since", "")
    if since:
        if not (since.isascii() and since.isdigit() and len(since) < 9):
            raise Http404
        old: Edition | None = public_edition(guide, int(since))
    else:
        old = _live_before(periods, new)
    context = {
        "guide": guide,
        "old": old,
        "new": new,
        "others": sorted({one.edition for one in periods if one.edition != new}, key=lambda one: one.number),
        "pages": edition_differences(old, new) if old else (),
        "language": new.language,
    }
    response = in_language(request, "education/changes.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _live_before(periods: list[LivePeriod], edition: Edition) -> Edition | None:
    """Return the edition that was live just before this one first was."""
    oldest_first = [period.edition for period in reversed(periods)]
    index = next((index for index, one in enumerate(oldest_first) if one.pk == edition.pk), 0)
    return oldest_first[index - 1] if index else None


def edition_differences(old: Edition, new: Edition) -> list[dict]:
    """Return each page's difference with its unchanged stretches shortened, for a template."""
    texts = [
        [PageText(str(page.page_id), page.title, page.slug, page.markdown) for page in one.pages.order_by("position")]
        for one in (old, new)
    ]
    return [{"page": page, "blocks": collapsed(page.blocks)} for page in page_differences(*texts)]


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """`/e/<code>/`: what a leaflet's code tells: is it current, and what changed since."""
    shown = Edition.objects.public().with_state().select_related("guide").filter(code=code.lower()).first()
    if shown is None:
        raise Http404
    periods = live_periods(shown.guide, timezone.now())
    context = {
        "edition": shown,
        "state": shown.state,
        "withdrawal": getattr(shown, "withdrawal", None),
        "live": live_of(shown.guide),
        "review": latest_review(shown),
        "periods": [period for period in periods if period.edition.pk == shown.pk],
        "later": _since(periods, shown),
        "language": shown.language,
    }
    response = in_language(request, "education/code.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _since(periods: list[LivePeriod], edition: Edition) -> list[Edition]:
    """Return the editions that became live after this one last did, oldest first, each once."""
    later: list[Edition] = []
    for period in periods:
        if period.edition.pk == edition.pk:
            break
        if period.edition not in later:
            later.insert(0, period.edition)
    return later
