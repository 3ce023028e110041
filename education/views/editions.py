"""The history of a guide: its editions, permalinks, changes, and the code on a printed copy."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from education.comparing import compared_facts, edition_texts, entries_of_difference, titles_of_sources
from education.differences import collapsed, page_differences
from education.forms import OnDateForm
from education.history import History, history_of
from education.models import Edition, State
from education.reading import latest_review, reading_of_edition
from education.views.loading import in_language, of_history, public
from education.wording import language_of_words


@public
@of_history
def editions(request: HttpRequest, history: History) -> HttpResponse:
    """`…/editions/?on=DATE`: all editions that were live, or those live at any moment of that day."""
    prefetch_related_objects(history.editions, "reviews")
    form = OnDateForm(request.GET if "on" in request.GET else None)
    context: dict[str, Any] = {
        "guide": history.guide,
        "title": history.editions[-1].title,
        "language": history.editions[-1].language,
        "form": form,
        "periods": history.periods,
    }
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["on"]
        periods, before, after = history.on(day)
        context |= {"day": day, "periods": periods, "before": before, "after": after}
        context["future"] = day > timezone.localdate()
    return in_language(request, "education/editions.html", context)


@public
@of_history
def edition(request: HttpRequest, history: History, number: int) -> HttpResponse:
    """`…/editions/<n>/`: the permalink, the whole edition as it was, with a notice where it no longer counts."""
    shown = _public(history, number)
    whole = Edition.objects.with_previous().select_related("guide").prefetch_related("reviews").get(pk=shown.pk)
    reading = reading_of_edition(whole)
    context = {
        **reading.whole_context(),
        "state": shown.state,
        "withdrawal": getattr(shown, "withdrawal", None),
        "live": history.live,
        "periods": history.periods_of(shown),
    }
    return _kept_from_search(in_language(request, "education/edition.html", context), shown.state)


def _public(history: History, number: int) -> Edition:
    found = history.edition(number)
    if found is None:
        raise Http404
    return found


def _kept_from_search(response: HttpResponse, state: State | None = None) -> HttpResponse:
    """Ask search engines to leave out all but the live edition."""
    if state is not State.LIVE:
        response["X-Robots-Tag"] = "noindex"
    return response


@public
@of_history
def changes(request: HttpRequest, history: History, number: int) -> HttpResponse:
    """`…/editions/<n>/changes/?since=<m>`: what changed since the edition that was live before, or since m."""
    new = _public(history, number)
    since = request.GET.get("since", "")
    if since and not (since.isascii() and since.isdigit() and len(since) < 9):
        raise Http404
    old = _public(history, int(since)) if since else history.before(new)
    context = {
        "guide": history.guide,
        "old": old,
        "new": new,
        "others": [one for one in history.editions if one != new],
        "language": new.language,
    }
    with translation.override(language_of_words(new.language)):
        context |= differences(old, new) if old else {}
    return _kept_from_search(in_language(request, "education/changes.html", context))


def differences(old: Edition, new: Edition) -> dict[str, Any]:
    """Return each page's difference, unchanged stretches shortened, its entries', and the facts': two queries."""
    whole = {one.pk: one for one in Edition.objects.filter(pk__in=[old.pk, new.pk]).prefetch_related("pages")}
    before, after = whole[old.pk], whole[new.pk]
    pages = page_differences(edition_texts(before), edition_texts(after))
    snapshots = before.snapshot(), after.snapshot()
    titles = titles_of_sources(*snapshots)
    return {
        "pages": [
            {"page": page, "blocks": collapsed(page.blocks), "entries": entries_of_difference(page, titles)}
            for page in pages
        ],
        "facts": compared_facts(*snapshots),
    }


@public
def code(request: HttpRequest, code: str) -> HttpResponse:
    """`/e/<code>/`: what the code on a printed copy tells: is it current, and what changed since."""
    named = Edition.objects.select_related("guide").filter(code=code.lower()).first()
    history = history_of(named.guide.slug) if named else None
    if named is None or history is None:
        raise Http404
    shown = _public(history, named.number)
    context = {
        "edition": shown,
        "state": shown.state,
        "withdrawal": getattr(shown, "withdrawal", None),
        "live": history.live,
        "withdrawn": history.withdrawn,
        "review": latest_review(shown),
        "periods": history.periods_of(shown),
        "later": history.since(shown),
        "language": shown.language,
    }
    return _kept_from_search(in_language(request, "education/code.html", context))
