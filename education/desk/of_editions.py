"""The sections of the desk about editions and guides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import groupby

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from education.desk.rows import Group, Item, Section, day, edition_url, guide_url, section
from education.models import Review, State
from education.newsroom import ChangedPage, Standing, how_long_ago

# A review that is due sooner asks for somebody; a later one is said so that it can be planned.
PRESSING = timedelta(days=30)
LATER = (timedelta(days=60), timedelta(days=90))


def _items(standings: Iterable[Standing], said: Callable[[Standing], str], burning: str = "") -> list[Item]:
    """Return a row for the open edition of each guide."""
    return [
        Item(f"{one.guide.title}, edition {one.open.number}", edition_url(one.open.pk), said(one), burning=burning)
        for one in standings
        if one.open
    ]


def _waits(one: Standing) -> str:
    edition = one.open
    if edition is None:
        return ""
    what = Truncator(edition.what_changed).chars(200)
    why = f" Why it is urgent: {Truncator(edition.urgent_reason).chars(200)}" if edition.urgent_reason else ""
    return f"submitted by {edition.made_by_name} {how_long_ago(edition.made_at)}. What changed: {what}{why}"


def _is_urgent(one: Standing) -> bool:
    return bool(one.open and one.open.urgent_reason)


def urgent(standings: Iterable[Standing]) -> Section:
    rows = _items(filter(_is_urgent, standings), _waits, "urgent")
    return section(
        "urgent",
        "Urgent corrections for you to review",
        "Do these now: patients may be reading something wrong. Read what changed, then approve it or return it.",
        [Group(rows)],
    )


def to_review(standings: Iterable[Standing]) -> Section:
    rows = _items((one for one in standings if not _is_urgent(one)), _waits)
    todo = "Read each one as patients will, see what changed, then approve it or return it."
    return section("review", "Waiting for your review", todo, [Group(rows)])


def returned(standings: Iterable[Standing], returns: dict[int, Review]) -> Section:
    rows = []
    for one in standings:
        edition = one.handed_back
        if edition is None:
            continue
        review = returns.get(edition.pk)
        comments = len(review.comments) if review else 0
        words = "1 comment" if comments == 1 else f"{comments} comments"
        also = [(words, f"{guide_url(one.guide.pk)}#comments")] if comments else []
        rows.append(
            Item(
                one.guide.title,
                guide_url(one.guide.pk),
                f"edition {edition.number} was {_decided(review)}",
                also=(*also, ("See why", edition_url(edition.pk))),
            )
        )
    todo = "Read why, change the guide, then submit it again."
    return section("returned", "Returned to you", todo, [Group(rows)])


def _decided(review: Review | None) -> str:
    """Return what became of it, by whom and when. What was said with it stands where the link leads."""
    if review is None:
        return "handed back"
    return f"{review.get_decision_display().lower()} by {review.made_by_name} {how_long_ago(review.made_at)}"


def changes(changes: Iterable[ChangedPage]) -> Section:
    groups = []
    for guide, pages in groupby(changes, lambda one: one.guide):
        rows = []
        for one in pages:
            # A page that was taken out has no text to write: the guide's list has it.
            there = f"{guide_url(guide.pk)}#page-{one.page}"
            write = reverse("admin:education_page_write", args=[guide.pk, one.page])
            rows.append(Item(one.title, there if one.change == "removed" else write, marks=(str(one.change),)))
        groups.append(Group(rows, guide.title, guide_url(guide.pk)))
    todo = "Patients still read the old text. Finish each page, then submit its guide for review."
    return section("changes", "Pages you changed and nobody has submitted", todo, groups)


def to_publish(standings: Iterable[Standing]) -> Section:
    rows = _items(standings, lambda one: f"approved; submitted by {one.open.made_by_name}" if one.open else "")
    todo = "Each is approved, and patients do not see it yet. Publish it, now or at a time."
    return section("publish", "Ready to publish", todo, [Group(rows)])


def under_way(standings: Iterable[Standing]) -> Section:
    def said(one: Standing) -> str:
        edition = one.open
        if edition is None:
            return ""
        turn = "a reviewer’s turn" if edition.state == State.IN_REVIEW else str(edition.state)
        return f"{edition.state}, {turn}; submitted {how_long_ago(edition.made_at)}"

    todo = "Nothing to do: others are working on these."
    return section("under-way", "Under way", todo, [Group(_items(standings, said))], asks=0)


def scheduled(standings: Iterable[Standing]) -> Section:
    def said(one: Standing) -> str:
        moment = timezone.localtime(one.goes_live) if one.goes_live else None
        return f"goes live on {format_date(moment, 'j M Y, H:i')}, the clinic’s time"

    rows = _items(sorted(standings, key=lambda one: (one.goes_live is None, one.goes_live)), said)
    todo = "Nothing to do: each goes live by itself. You can cancel it before."
    return section("scheduled", "Scheduled", todo, [Group(rows)], asks=0)


def due(standings: Iterable[Standing]) -> Section:
    today = timezone.localdate()
    ends = [("Overdue", today - timedelta(days=1)), ("Within 30 days", today + PRESSING)]
    ends += [(f"Within {later.days} days", today + later) for later in LATER]
    rows: dict[str, list[Item]] = {title: [] for title, _ in ends}
    for one in standings:
        if one.live and one.next_review_due:
            words = f"{one.guide.title}, edition {one.live.number}"
            due = one.next_review_due
            said = f"was due on {day(due)}" if due < today else f"by {day(due)}"
            title = next((title for title, last in ends if due <= last), ends[-1][0])
            rows[title].append(Item(words, edition_url(one.live.pk), said))
    groups = [Group(items, title) for title, items in rows.items() if items]
    pressing = sum(len(rows[title]) for title, _ in ends[:2])
    todo = "See whether each is still right. Then a reviewer confirms it, or an editor submits a new edition."
    return section("due", "Guides due for review", todo, groups, asks=pressing)
