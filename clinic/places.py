"""What pages say of the clinic's places, in the words and times of the page's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.hours import (
    DEFAULT_SCHEDULE,
    Schedule,
    Span,
    SpecialDays,
    coming_special_days,
    schedule_of,
    special_on,
    status,
)
from clinic.models import Location
from clinic.models.places import Access
from config.ready.until_changed import until_changed

# For so many days ahead the days that differ are shown; those of the next ones are said before everything else.
SHOWN_DAYS = 60
NEAR_DAYS = 7

ACCESS: Mapping[str, Any] = {
    "step_free": gettext_lazy("Step-free way in"),
    "parking": gettext_lazy("Parking"),
    "hearing_loop": gettext_lazy("Hearing loop"),
}
ANSWERS: Mapping[str, Any] = {
    Access.YES: pgettext_lazy("access", "Yes"),
    Access.PARTLY: pgettext_lazy("access", "In part"),
    Access.NO: pgettext_lazy("access", "No"),
}


@dataclass(frozen=True)
class Day:
    """A day of the week, or days that differ: what they are called, and from when to when the place is open."""

    name: str
    times: list[str]
    today: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Timetable:
    """When a place is open: now, in a week, and on the days that differ. `zone` is said where it is not the site's."""

    status: str
    days: list[Day]
    exceptions: list[Day]
    zone: str


@dataclass(frozen=True)
class Place:
    """A place as pages show it on a day of its own. Without a timetable nobody has said when it is open."""

    location: Location
    schedule: Schedule = field(repr=False)
    today: date
    map_url: str
    access: list[tuple[str, str]]
    near: list[Day]
    timetable: Timetable | None


def open_places(locations: Sequence[Location]) -> list[Place]:
    """Return those of these places that say when they are open, as they are at this moment: two queries, or none."""
    prefetch_related_objects(locations, "weekday_hours", "special_days")
    now = timezone.now()
    found = [place_of(location, schedule_of(location), now) for location in locations]
    return [place for place in found if place.timetable]


def places() -> list[Place]:
    """Return the places that patients are shown, as they are at this moment: three queries, or one without any."""
    now = timezone.now()
    return [place_of(location, schedule, now) for location, schedule in _with_schedules()]


def first_schedule() -> Schedule:
    """Return what `clinic_schedule()` does, from the rows that the pages of the places have in common."""
    weekly = (schedule for _, schedule in _with_schedules() if any(schedule.weekdays.values()))
    return next(weekly, DEFAULT_SCHEDULE)


@until_changed
def _with_schedules() -> tuple[tuple[Location, Schedule], ...]:
    return tuple((one, schedule_of(one)) for one in Location.objects.shown().with_hours())


def place_of(location: Location, schedule: Schedule, now: datetime) -> Place:
    """Return a place as pages show it at a moment."""
    today = now.astimezone(schedule.zone).date()
    near = coming_special_days(schedule, today, NEAR_DAYS + 1) if schedule.is_known else []
    access = [(str(label), str(ANSWERS[said])) for name, label in ACCESS.items() if (said := getattr(location, name))]
    return Place(
        location,
        schedule,
        today,
        map_url(location),
        access,
        [Day(_heading(special, today), [], special.first <= today, special.reason) for special in near],
        timetable(schedule, now) if schedule.is_known else None,
    )


def map_url(location: Location) -> str:
    """Return the address that opens the visitor's own map application: a point after RFC 5870, or else a search."""
    if location.point:
        return f"geo:{location.point.replace(' ', '')}"
    return f"geo:0,0?q={quote(', '.join(location.postal_address.splitlines()), safe='')}"


def timetable(schedule: Schedule, now: datetime) -> Timetable:
    """Return when a place is open, as it is at a moment."""
    today = now.astimezone(schedule.zone).date()
    # What stands at the weekday of today is not true on a day that differs.
    ordinary = special_on(schedule, today) is None
    return Timetable(
        status_line(schedule, now),
        [
            Day(str(name), _times(schedule.weekdays.get(weekday, ())), ordinary and weekday == today.weekday())
            for weekday, name in WEEKDAYS.items()
        ],
        [
            Day(_days(special), _times(special.spans), special.first <= today, special.reason)
            for special in coming_special_days(schedule, today, SHOWN_DAYS)
        ],
        "" if str(schedule.zone) == settings.TIME_ZONE else str(schedule.zone).replace("_", " "),
    )


def status_line(schedule: Schedule, now: datetime) -> str:
    """Return in one line whether a place is open at a moment, and until or from when; empty where nobody knows.

    It has no full stop: in English a time may end with one.
    """
    if not schedule.is_known:
        return ""
    found = status(schedule, now)
    if found.changes_at is None:
        return _("Closed now")
    at, day = time_format(found.changes_at.time()), found.changes_at.date()
    if found.is_open:
        return _("Open now, until %(time)s") % {"time": at}
    ahead = day - now.astimezone(schedule.zone).date()
    if not ahead:
        return _("Closed now, opens at %(time)s") % {"time": at}
    if ahead == timedelta(days=1):
        return _("Closed now, opens tomorrow at %(time)s") % {"time": at}
    if ahead < timedelta(days=7):
        return _("Closed now, opens on %(weekday)s at %(time)s") % {"weekday": WEEKDAYS[day.weekday()], "time": at}
    return _("Closed now, opens on %(day)s at %(time)s") % {"day": _day(day), "time": at}


def _times(spans: Sequence[Span]) -> list[str]:
    return [
        _("%(opens)s to %(closes)s") % {"opens": time_format(opens), "closes": time_format(closes)}
        for opens, closes in spans
    ]


def _day(day: date) -> str:
    return _("%(weekday)s, %(day)s") % {"weekday": WEEKDAYS[day.weekday()], "day": _short(day)}


def _short(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _days(special: SpecialDays) -> str:
    if special.first == special.last:
        return _day(special.first)
    return _("%(first)s to %(last)s") % {"first": _short(special.first), "last": _short(special.last)}


def _heading(special: SpecialDays, today: date) -> str:
    """Return what a notice says of days that differ and are near."""
    if special.first <= today < special.last:
        words = _("Other hours until %(day)s") if special.spans else _("Closed until %(day)s")
        return words % {"day": _day(special.last)}
    if special.first <= today:
        return _("Other hours today") if special.spans else _("Closed today")
    if special.first == special.last:
        words = _("Other hours on %(day)s") if special.spans else _("Closed on %(day)s")
        return words % {"day": _day(special.first)}
    words = _("Other hours from %(days)s") if special.spans else _("Closed from %(days)s")
    return words % {"days": _days(special)}
