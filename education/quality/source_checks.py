"""Checks of the sources that the guide cites: checked in time, and still standing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.quality.examples import fine, found, source, world
from education.quality.finding import ERROR, WARNING, SourceState
from education.quality.registry import Remark, check
from education.quality.subject import Subject


@check(
    "source.overdue",
    WARNING,
    ERROR,
    rule="No cited source is past the date by which it was to be checked again; 12 months late is an error.",
    serves="NHS standard: re-check evidence",
    override=True,
    examples=[
        found(WARNING, source("trial", due=date(2026, 2, 28))),
        found(WARNING, source("trial", due=None)),
        found(ERROR, source("trial", due=date(2025, 3, 1))),
        fine(source("trial", due=date(2026, 3, 1))),
        fine(world(today=date(2026, 2, 1)), source("trial", due=date(2026, 2, 28))),
        fine(source("trial", due=None, status="superseded")),
    ],
)
def source_overdue(subject: Subject) -> Iterator[Remark]:
    today = subject.world.today

    def never(state: SourceState) -> bool:
        # One that no longer stands needs no further date; its own check says so.
        return state.due is None and state.status == "current"

    def late(state: SourceState) -> bool:
        return state.due is not None and state.due < today and not very_late(state)

    def very_late(state: SourceState) -> bool:
        return state.due is not None and _a_year_after(state.due) <= today

    for level, lateness, message in (
        (ERROR, very_late, _("These sources were due to be checked more than a year ago: {sources}.")),
        (WARNING, late, _("These sources are due to be checked again: {sources}.")),
        (WARNING, never, _("Nobody has checked these sources yet: {sources}.")),
    ):
        if sources := _cited(subject, lateness):
            remedy = _("Read each again, and record the check in the library of sources.")
            yield Remark(level, f"{message.format(sources=sources)} {remedy}")


@check(
    "source.status",
    WARNING,
    ERROR,
    rule="No cited source was superseded; none was withdrawn, which is an error. Each source has its own line and its "
    "own reason.",
    serves="DISCERN 4",
    override=True,
    examples=[
        found(WARNING, source("trial", status="superseded")),
        found(ERROR, source("trial", status="withdrawn")),
        fine(source("trial", status="current")),
    ],
)
def source_status(subject: Subject) -> Iterator[Remark]:
    complaints = {
        "withdrawn": (ERROR, _("The source “{key}” was withdrawn. Take out what rests on it, or cite another.")),
        "superseded": (WARNING, _("The source “{key}” was superseded. Read and cite what came after it.")),
    }
    for key in subject.cited:
        status = subject.world.state_of(key).status
        if status in complaints:
            level, message = complaints[status]
            # Each has a reason of its own: why one may stay does not speak for the next.
            yield Remark(level, message.format(key=key), about=key)


def _cited(subject: Subject, concerned: Callable[[SourceState], bool]) -> str:
    """Return the keys of the cited sources that are concerned, each with the day by which to check it."""
    found = []
    for key in subject.cited:
        state = subject.world.state_of(key)
        if concerned(state):
            due = _("due {date}").format(date=date_format(state.due, "DATE_FORMAT")) if state.due else ""
            found.append(f"“{key}” ({due})" if due else f"“{key}”")
    return ", ".join(found)


def _a_year_after(day: date) -> date:
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
