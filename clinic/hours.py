"""When a place is open: at a moment, until when, and how much opening time passes between two moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from clinic.models import Location

# From and to, as the place's clocks show them.
Span = tuple[time, time]

# How far ahead a place that is closed is asked when it opens again, and how far opening time is counted.
OPENS_WITHIN = timedelta(days=60)
COUNTED_WITHIN = timedelta(days=2 * 366)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class SpecialDays:
    """A day, or several in a row, that differ from their weekdays. Without spans the place is closed."""

    first: date
    last: date
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Schedule:
    """When a place is open, as its clocks show it. A weekday (0 is Monday) without spans is one of rest."""

    zone: ZoneInfo
    weekdays: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    # Where two name the same day, the later in this order counts.
    special_days: tuple[SpecialDays, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it ever opens. Of a place that never does nobody has written down the hours."""
        return any(self.weekdays.values()) or any(special.spans for special in self.special_days)


@dataclass(frozen=True)
class Status:
    """Whether a place is open, and when that changes, in the place's zone.

    `changes_at` is None where a place that is closed does not open within OPENS_WITHIN.
    """

    is_open: bool
    changes_at: datetime | None


DEFAULT_SCHEDULE = Schedule(ZoneInfo(settings.TIME_ZONE), dict.fromkeys(range(5), ((time(9), time(17)),)))


def schedule_of(location: Location) -> Schedule:
    """Return when a place is open. It reads `weekday_hours` and `special_days`, best from prefetched rows."""
    days = sorted(location.special_days.all(), key=lambda day: (day.first_day, day.pk))
    return Schedule(
        location.zone,
        {hours.weekday: hours.spans for hours in location.weekday_hours.all()},
        tuple(SpecialDays(day.first_day, day.last_day, day.spans, day.reason) for day in days),
    )


def clinic_schedule() -> Schedule:
    """Return the hours of the clinic's first place that has any, or else DEFAULT_SCHEDULE: at most three queries."""
    location = Location.objects.shown().having_hours().with_hours().first()
    return schedule_of(location) if location else DEFAULT_SCHEDULE


def special_on(schedule: Schedule, day: date) -> SpecialDays | None:
    """Return what makes this day differ from its weekday, or None. Of several, the one that begins last."""
    return next((special for special in reversed(schedule.special_days) if special.first <= day <= special.last), None)


def spans_on(schedule: Schedule, day: date) -> tuple[Span, ...]:
    """Return from when to when a place is open on a day, as its clocks show it; nothing where it is closed."""
    special = special_on(schedule, day)
    return schedule.weekdays.get(day.weekday(), ()) if special is None else special.spans


def status(schedule: Schedule, now: datetime) -> Status:
    """Return whether a place is open at this moment, and when that changes. Raises ValueError for a naive `now`."""
    now = _in_utc(now)
    for opens, closes in _periods(schedule, now, now + OPENS_WITHIN):
        if opens <= now < closes:
            return Status(True, closes.astimezone(schedule.zone))
        if opens > now:
            return Status(False, opens.astimezone(schedule.zone))
    return Status(False, None)


def open_time_between(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """Return the opening time that passes between two moments, as it elapses and not as clocks show it.

    It is none where `end` is not after `start`. Raises ValueError for a naive moment.
    """
    start, end, passed = _in_utc(start), _in_utc(end), timedelta()
    for opens, closes in _periods(schedule, start, end):
        passed += max(timedelta(), min(closes, end) - max(opens, start))
    return passed


def moment_after(schedule: Schedule, start: datetime, opening_time: timedelta) -> datetime | None:
    """Return the first moment by which so much opening time has passed since `start`, in the place's zone.

    None where that takes longer than COUNTED_WITHIN. Raises ValueError for a naive `start`.
    """
    start, left = _in_utc(start), opening_time
    if left <= timedelta():
        return start.astimezone(schedule.zone)
    for opens, closes in _periods(schedule, start, start + COUNTED_WITHIN):
        begins = max(opens, start)
        if closes - begins >= left:
            return (begins + left).astimezone(schedule.zone)
        left -= max(timedelta(), closes - begins)
    return None


def _in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC: between two moments of one zone Python counts what its clocks show."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def _periods(schedule: Schedule, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield from and to, in UTC, of every period of the days from that of `start` to that of `end`."""
    day, last = start.astimezone(schedule.zone).date(), end.astimezone(schedule.zone).date()
    while day <= last:
        for opens, closes in spans_on(schedule, day):
            period = _moment(day, opens, schedule.zone), _moment(day, closes, schedule.zone)
            # Clocks can skip the whole of it.
            if period[0] < period[1]:
                yield period
        day += timedelta(days=1)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when the clocks of a zone first show this time of a day, or a later one if they skip it; in UTC.

    A time that they show twice means the first, as in RFC 5545, section 3.3.5.
    """
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # Skipped: with the offset of before the change it comes too late, with that of after too early.
    early, late = local.replace(fold=1).astimezone(UTC), moment
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == late.astimezone(zone).utcoffset():
            late = middle
        else:
            early = middle
    return late
