"""The sections of the desk about sources, and about what readers reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.text import Truncator

from education.desk.rows import Group, Item, Section, day, edition_url, guide_url, section
from education.models import MistakeReport
from education.newsroom import how_long_ago
from education.sources import DueSource, Place, SourceWork


def sources(work: SourceWork) -> Section:
    rows = [
        Item(one.source.title, reverse("admin:education_source_change", args=[one.source.pk]), _when(one))
        for one in work.due
    ]
    return section(
        "sources",
        "Sources to check within 30 days",
        "Open each one, follow its link, see whether it still stands, and record the check.",
        [Group(rows)],
        rest=f"{reverse('admin:education_source_changelist')}?due=soon",
    )


def _when(one: DueSource) -> str:
    if one.by is None:
        return f"{one.source.key}: never checked"
    return f"{one.source.key}: {'was due on' if one.is_overdue else 'by'} {day(one.by)}"


def doubts(work: SourceWork) -> Section:
    groups = [
        Group(
            [_place(place) for place in doubt.places],
            doubt.source.title,
            reverse("admin:education_source_change", args=[doubt.source.pk]),
            doubt.source.status or "",
            doubt.source.status_note or "",
        )
        for doubt in work.doubts
    ]
    todo = "Change or take out each claim, then submit the guide: patients are told that its source no longer stands."
    return section("doubts", "Claims that rest on superseded or withdrawn sources", todo, groups)


def _place(place: Place) -> Item:
    entry = place.entry
    what = f"{str(entry.label).lower()} “{Truncator(entry.title).chars(160)}”" if entry else "its text"
    if place.is_written:
        link = reverse("admin:education_page_write", args=[place.guide.pk, place.page])
        link += f"#entry-{entry.number}" if entry else ""
    else:
        link = edition_url(place.live.pk) if place.live else guide_url(place.guide.pk)
    marks = [*(["being written"] if place.is_written else []), *_live_in(place)]
    return Item(f"{place.guide.title}: {place.title}, {what}", link, marks=tuple(marks))


def _live_in(place: Place) -> Iterator[str]:
    if place.live:
        yield f"live in edition {place.live.number}"


def mistakes(reports: Iterable[MistakeReport], in_all: int) -> Section:
    inbox = reverse("admin:education_mistakereport_changelist")
    rows = [
        Item(
            f"{one.edition.guide.title}, edition {one.edition.number}: {one.where}",
            reverse("admin:education_mistakereport_change", args=[one.pk]),
            how_long_ago(one.made_at),
            ("new" if one.state == MistakeReport.State.NEW else "answered, to be closed",),
        )
        for one in reports
    ]
    return section(
        "mistakes",
        "Reports of mistakes",
        "Read each, see whether the reader is right, answer, and close it.",
        [Group(rows)],
        number=in_all,
        rest=inbox,
        always=(("All reports of mistakes", inbox),),
    )
