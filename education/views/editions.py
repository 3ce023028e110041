"""The history of a guide: its editions, permalinks, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from education.comparing import compared_facts, edition_texts, entries_of_difference, titles_of_sources
from education.differences import collapsed, page_differences
from education.forms import CompareForm, OnDateForm
from education.history import History
from education.models import Edition, Review
from education.reading import reading_of_edition
from education.views.loading import in_language, kept_from_search, of_history, public
from education.wording import language_of_words

# Beyond this many editions a form is easier to use than a list of links.
MOST_LINKS = 8


@public(reads=("on", "from", "to"))
@of_history
def editions(request: HttpRequest, history: History) -> HttpResponse:
    """`…/editions/`: all editions that were live; with `?on=DATE` those of a day; `?from=m&to=n` leads to changes."""
    language = history.current.language
    with translation.override(language_of_words(language)):
        compare = comparing(history, request.GET if {"from", "to"} <= request.GET.keys() else None)
        on_day = OnDateForm(request.GET if "on" in request.GET and not compare.is_bound else None)
        if compare.is_bound and compare.is_valid():
            return _to_changes(history, **compare.cleaned_data)
        prefetch_related_objects(history.editions, Prefetch("reviews", Review.objects.defer("answers", "comments")))
        context = {
            **_of_guide(history),
            "title": history.current.title,
            "language": language,
            "form": compare if compare.is_bound else on_day,
            "on_day": on_day,
            "compare": compare if len(history.editions) > 1 else None,
            **_listed(history, on_day),
        }
        return render(request, "education/editions.html", context)


def _listed(history: History, on_day: OnDateForm) -> dict[str, Any]:
    if not on_day.is_bound or not on_day.is_valid():
        return {"periods": history.periods}
    day = on_day.cleaned_data["on"]
    periods, before, after = history.on(day)
    return {"day": day, "periods": periods, "before": before, "after": after, "future": day > timezone.localdate()}


def _of_guide(history: History) -> dict[str, Any]:
    return {"guide": history.guide, "archiving": history.archiving}


def comparing(
    history: History, data: Mapping[str, Any] | None = None, old: Edition | None = None, new: Edition | None = None
) -> CompareForm:
    """Return the form that asks for two editions, the newest first; it begins with `old` and `new`, or the newest."""
    new = new or history.current
    old = old or history.before(new) or history.editions[0]
    choices = [(str(one.number), _named(history, one)) for one in reversed(history.editions)]
    return CompareForm(data, choices=choices, initial={"from": str(old.number), "to": str(new.number)})


def _named(history: History, edition: Edition) -> str:
    first = history.first_period_of(edition)
    if first is None:
        return gettext("Edition %(number)d") % {"number": edition.number}
    day = date_format(timezone.localtime(first.start), "DATE_FORMAT")
    return gettext("Edition %(number)d, from %(day)s") % {"number": edition.number, "day": day}


def _to_changes(history: History, **chosen: str) -> HttpResponse:
    address = reverse("education:changes", args=[history.guide.slug, int(chosen["to"])])
    return redirect(f"{address}?since={chosen['from']}")


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
        "archiving": history.archiving,
        "periods": history.periods_of(shown),
    }
    return kept_from_search(in_language(request, "education/edition.html", context), shown.state)


def _public(history: History, number: int) -> Edition:
    found = history.edition(number)
    if found is None:
        raise Http404
    return found


@public(reads=("since",))
@of_history
def changes(request: HttpRequest, history: History, number: int) -> HttpResponse:
    """`…/editions/<n>/changes/?since=<m>`: what changed since the edition that was live before, or since m."""
    new = _public(history, number)
    since = request.GET.get("since", "")
    if since and not (since.isascii() and since.isdigit() and len(since) < 9):
        raise Http404
    old = _public(history, int(since)) if since else history.before(new)
    context = {
        **_of_guide(history),
        "old": old,
        "new": new,
        "language": new.language,
    }
    with translation.override(language_of_words(new.language)):
        context |= differences(old, new) if old else {}
        context |= _others(history, old, new)
        return kept_from_search(render(request, "education/changes.html", context))


def _others(history: History, old: Edition | None, new: Edition) -> dict[str, Any]:
    """Return what leads to other comparisons: a link each, or where these are many a form."""
    others = [one for one in history.editions if one != new]
    return {"others": others} if len(others) <= MOST_LINKS else {"compare": comparing(history, old=old, new=new)}


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
