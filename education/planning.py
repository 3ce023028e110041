"""A plan: the care steps of a guide around the days of a treatment. Pure: it keeps nothing and asks no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from education.rendering import days_in_words

BEFORE, THE_DAY, AFTER = "before", "day", "after"
PHASES = {BEFORE: _("Before"), THE_DAY: _("The day"), AFTER: _("Afterward")}


@dataclass(frozen=True)
class Step:
    """What to do, in the clinic's words. `ask_prescriber`: it may touch a medicine."""

    text: str
    ask_prescriber: bool


@dataclass(frozen=True)
class Stretch:
    """Steps for the same days: from `first` to `last`, which is the same date for a single day.

    `days` are counted from the treatment, as the guide counts them.
    """

    days: tuple[int, int]
    first: date
    last: date
    steps: tuple[Step, ...]

    @property
    def phase(self) -> str:
        if self.days[0] < 0:
            return BEFORE
        return AFTER if self.days[1] else THE_DAY

    @property
    def label(self) -> str:
        """The count of days, such as “4 to 2 weeks before”, in the active language."""
        return days_in_words(*self.days)


@dataclass(frozen=True)
class Phase:
    """What comes before a session, on its day, or afterward."""

    name: str
    stretches: tuple[Stretch, ...]

    @property
    def title(self) -> Any:
        return PHASES[self.name]


@dataclass(frozen=True)
class Session:
    """One day of treatment with its steps by date; the day itself is always among them."""

    number: int
    day: date
    stretches: tuple[Stretch, ...]

    @property
    def watch_until(self) -> date | None:
        """The last day of its aftercare, until which signs are watched for at least; None where no step names one."""
        return max((one.last for one in self.stretches if one.phase == AFTER), default=None)

    @property
    def phases(self) -> list[Phase]:
        """The stretches by phase, in the order of a reader's calendar; a phase without any is left out."""
        of = {name: tuple(one for one in self.stretches if one.phase == name) for name in PHASES}
        return [Phase(name, stretches) for name, stretches in of.items() if stretches]


@dataclass(frozen=True)
class Plan:
    """All sessions of a treatment, by date."""

    sessions: tuple[Session, ...]

    @property
    def first(self) -> date:
        return self.sessions[0].day

    @property
    def first_over(self) -> date:
        """The last day of what is over first."""
        return min(one.last for session in self.sessions for one in session.stretches)

    @property
    def watch_until(self) -> date | None:
        """The same of all sessions together."""
        return max((one.watch_until for one in self.sessions if one.watch_until), default=None)

    @property
    def last(self) -> date:
        return max(one.last for session in self.sessions for one in session.stretches)


def session_days(first: date, sessions: int, apart: int) -> list[date]:
    """Return the days of a course: `sessions` of them, each `apart` days after the one before.

    Raises OverflowError for a day after the year 9999.
    """
    return [first + timedelta(days=number * apart) for number in range(sessions)]


def planned(steps: Iterable[Mapping[str, Any]], days: Sequence[date]) -> Plan:
    """Return the plan of care steps, as an edition keeps them, around these days of treatment.

    Of a later session, what would be over before the session before is left out: it was done for that one.
    Raises OverflowError for a day outside the years 1 to 9999.
    """
    kept = list(steps)
    sessions = []
    for number, day in enumerate(days, start=1):
        stretches = _stretches(kept, day)
        if number > 1:
            stretches = [one for one in stretches if one.last >= days[number - 2]]
        sessions.append(Session(number, day, tuple(stretches)))
    return Plan(tuple(sessions))


def _stretches(steps: Iterable[Mapping[str, Any]], day: date) -> list[Stretch]:
    found = {
        days: tuple(Step(one["text"], one["ask_prescriber"]) for one in together)
        for days, together in groupby(sorted(steps, key=_days), key=_days)
    }
    found.setdefault((0, 0), ())
    return [
        Stretch(days, day + timedelta(days=days[0]), day + timedelta(days=days[1]), together)
        for days, together in sorted(found.items())
    ]


def _days(step: Mapping[str, Any]) -> tuple[int, int]:
    return step["from_day"], step["to_day"]
