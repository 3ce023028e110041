"""Where the sample clinic is, and when it is open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import timezone

from clinic import actions
from clinic.actions.places import TIMES
from clinic.hours import Span, SpecialDays, time_from
from clinic.models import Location, User, WeekdayHours
from clinic.models.places import Access
from education.actions import Refused
from education.guide_files import Key, Row, read_tables

FILE = "places.toml"
_ACCESS = Key(str, choices=tuple(Access.values))
_TIMES = dict.fromkeys(TIMES, Key(str))
TABLES = {
    "places": {
        "slug": Key(str, True, longest=60),
        "name": Key(str, True, longest=120),
        "postal_address": Key(str, True, longest=400),
        "phone": Key(str, longest=40),
        "directions": Key(str, longest=1000),
        **dict.fromkeys(("step_free", "parking", "hearing_loop"), _ACCESS),
        "access_note": Key(str),
        "time_zone": Key(str, longest=60),
    },
    "hours": {"place": Key(str, True), "days": Key(list, True), **_TIMES},
    "special_days": {
        "place": Key(str, True),
        "first_day": Key(str, True),
        "last_day": Key(str),
        "reason": Key(str, longest=120),
        **_TIMES,
    },
}
WEEKDAYS = {str(day.label).lower(): day.value for day in WeekdayHours.Weekday}


def load(folder: Path, *, by: User) -> None:
    """Make the places of `places.toml`. Raises MalformedFile."""
    tables = read_tables(folder / FILE, TABLES)
    slugs = [row.values["slug"] for row in tables["places"]]
    for row in (*tables["hours"], *tables["special_days"]):
        if row.values["place"] not in slugs:
            known = ", ".join(slugs)
            raise row.refuse("place", f"there is no place “{row.values['place']}”; expected one of: {known}.")
    for position, row in enumerate(tables["places"]):
        hours, special_days = (_of(row, tables[name]) for name in ("hours", "special_days"))
        try:
            actions.save_location(
                Location(**row.values, position=position),
                by=by,
                hours=_hours(hours),
                special_days=[_special_days(one) for one in special_days],
            )
        except Refused as refusal:
            raise row.refuse(refusal.field, str(refusal)) from refusal


def _of(place: Row, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.values["place"] == place.values["slug"]]


def _hours(rows: Sequence[Row]) -> dict[int, tuple[Span, ...]]:
    found: dict[int, tuple[Span, ...]] = {}
    for row in rows:
        for name in row.values["days"]:
            if name not in WEEKDAYS:
                raise row.refuse("days", f"“{name}” is no day; expected some of: {', '.join(WEEKDAYS)}.")
            if WEEKDAYS[name] in found:
                raise row.refuse("days", f"{name} has its hours already; expected each day once.")
            found[WEEKDAYS[name]] = _spans(row)
    return found


def _spans(row: Row) -> tuple[Span, ...]:
    given = []
    for name in TIMES:
        if name in row.values:
            at = time_from(row.values[name])
            if at is None:
                raise row.refuse(name, f'expected “{name}” to be a time of the day, such as "09:00".')
            given.append(at)
    if len(given) % 2:
        raise row.refuse("opens", "expected a time of closing for each time of opening.")
    return tuple(zip(given[::2], given[1::2], strict=True))


def _special_days(row: Row) -> SpecialDays:
    first = _next(row, "first_day", timezone.localdate())
    last = _next(row, "last_day", first) if "last_day" in row.values else first
    return SpecialDays(first, last, _spans(row), row.values.get("reason", ""))


def _next(row: Row, name: str, start: date) -> date:
    """Return when a month and day come next, from `start` on."""
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", row.values[name], re.ASCII)
    try:
        days = [date(start.year + more, int(found[1]), int(found[2])) for more in (0, 1)] if found else []
    except ValueError:
        days = []
    if not days:
        raise row.refuse(name, f'expected “{name}” to be a month and a day, such as "12-24".')
    return next(day for day in days if day >= start)
