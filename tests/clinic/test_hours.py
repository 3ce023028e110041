"""When a place is open, across clocks that change, holidays, breaks and time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.hours import (
    COUNTED_WITHIN,
    DEFAULT_SCHEDULE,
    OPENS_WITHIN,
    Schedule,
    SpecialDays,
    clinic_schedule,
    moment_after,
    open_time_between,
    schedule_of,
    spans_on,
    special_on,
    status,
)
from clinic.models import Location, SpecialDay, WeekdayHours

NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
APIA = ZoneInfo("Pacific/Apia")

HOUR = timedelta(hours=1)
MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
WITH_BREAK = dict.fromkeys(range(5), (MORNING, AFTERNOON))


def at(zone: ZoneInfo, year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold)


def always(*spans: tuple[time, time], zone: ZoneInfo = NEW_YORK) -> Schedule:
    return Schedule(zone, dict.fromkeys(range(7), spans))


def now(schedule: Schedule, moment: datetime) -> tuple[bool, datetime | None]:
    found = status(schedule, moment)
    return found.is_open, found.changes_at


# What counts on a day


def test_a_weekday_counts_where_nothing_differs():
    schedule = Schedule(NEW_YORK, WITH_BREAK)
    assert spans_on(schedule, date(2026, 3, 6)) == (MORNING, AFTERNOON)
    assert spans_on(schedule, date(2026, 3, 7)) == ()
    assert special_on(schedule, date(2026, 3, 6)) is None


def test_a_special_day_wins_over_its_weekday_from_its_first_to_its_last_day():
    closed = SpecialDays(date(2026, 12, 24), date(2026, 12, 28), (), "Christmas")
    saturday = SpecialDays(date(2027, 1, 2), date(2027, 1, 2), (MORNING,))
    schedule = Schedule(NEW_YORK, WITH_BREAK, (closed, saturday))
    assert spans_on(schedule, date(2026, 12, 23)) == (MORNING, AFTERNOON)
    assert [spans_on(schedule, date(2026, 12, day)) for day in (24, 25, 28)] == [(), (), ()]
    assert spans_on(schedule, date(2026, 12, 29)) == (MORNING, AFTERNOON)
    assert spans_on(schedule, date(2027, 1, 2)) == (MORNING,)
    assert special_on(schedule, date(2026, 12, 28)) == closed


def test_of_special_days_that_overlap_the_one_that_begins_last_counts(location):
    add = location.special_days.create
    add(first_day=date(2026, 12, 31), last_day=date(2026, 12, 31), opens=time(9), closes=time(12))
    add(first_day=date(2026, 12, 24), last_day=date(2027, 1, 3))
    schedule = schedule_of(location)
    assert spans_on(schedule, date(2026, 12, 30)) == ()
    assert spans_on(schedule, date(2026, 12, 31)) == ((time(9), time(12)),)
    add(first_day=date(2026, 12, 31), last_day=date(2026, 12, 31), reason="Later")
    found = special_on(schedule_of(location), date(2026, 12, 31))
    assert found
    assert found.reason == "Later"


# Open now


@pytest.mark.parametrize(
    ("hour", "minute", "is_open", "changes"),
    [
        (8, 59, False, (2026, 3, 6, 9)),
        (9, 0, True, (2026, 3, 6, 12, 30)),
        (12, 29, True, (2026, 3, 6, 12, 30)),
        (12, 30, False, (2026, 3, 6, 13, 30)),
        (13, 30, True, (2026, 3, 6, 17)),
        (16, 59, True, (2026, 3, 6, 17)),
        (17, 0, False, (2026, 3, 9, 9)),
    ],
)
def test_opening_is_the_first_moment_and_closing_is_the_first_moment_after(hour, minute, is_open, changes):
    """A Friday, before clocks go forward on Sunday."""
    found = now(Schedule(NEW_YORK, WITH_BREAK), at(NEW_YORK, 2026, 3, 6, hour, minute))
    assert found == (is_open, at(NEW_YORK, *changes))


def test_the_same_moment_is_the_same_from_wherever_it_is_asked():
    schedule = Schedule(KATHMANDU, WITH_BREAK)
    # 9:00 in Kathmandu is 3:15 in UTC, and the evening before in New York.
    for zone in (UTC, NEW_YORK, LORD_HOWE, KATHMANDU):
        opens = datetime(2026, 3, 6, 3, 15, tzinfo=UTC).astimezone(zone)
        assert not status(schedule, opens - timedelta(seconds=1)).is_open
        found = status(schedule, opens)
        assert found.is_open
        assert found.changes_at == at(KATHMANDU, 2026, 3, 6, 12, 30)
        assert found.changes_at.tzinfo is KATHMANDU


def test_over_a_year_end_it_says_the_next_year():
    schedule = Schedule(LONDON, WITH_BREAK, (SpecialDays(date(2026, 12, 24), date(2027, 1, 3)),))
    assert now(schedule, at(LONDON, 2026, 12, 23, 17)) == (False, at(LONDON, 2027, 1, 4, 9))
    assert now(schedule, at(LONDON, 2026, 12, 31, 10)) == (False, at(LONDON, 2027, 1, 4, 9))


def test_a_place_that_does_not_open_soon_names_no_day():
    assert now(Schedule(NEW_YORK), at(NEW_YORK, 2026, 3, 6, 9)) == (False, None)
    long = SpecialDays(date(2026, 3, 1), date(2026, 3, 1) + OPENS_WITHIN * 2)
    assert now(Schedule(NEW_YORK, WITH_BREAK, (long,)), at(NEW_YORK, 2026, 3, 6, 9)) == (False, None)


@pytest.mark.parametrize(
    "ask", [status, lambda s, m: open_time_between(s, m, m), lambda s, m: moment_after(s, m, HOUR)]
)
def test_a_moment_without_a_time_zone_is_refused(ask):
    with pytest.raises(ValueError, match="time zone"):
        ask(DEFAULT_SCHEDULE, datetime(2026, 3, 6, 9))  # that is what is refused


# Clocks that change


def test_new_york_springs_forward_and_the_day_opens_and_closes_by_the_clock():
    """On 8 March 2026, 2:00 is followed by 3:00."""
    schedule = always((time(0, 30), time(6)))
    opens, closes = at(NEW_YORK, 2026, 3, 8, 0, 30), at(NEW_YORK, 2026, 3, 8, 6)
    assert now(schedule, opens) == (True, closes)
    assert closes.astimezone(UTC) == datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert open_time_between(schedule, opens, closes) == 4.5 * HOUR
    assert moment_after(schedule, opens, 2 * HOUR) == at(NEW_YORK, 2026, 3, 8, 3, 30)


def test_new_york_falls_back_and_the_night_is_an_hour_longer():
    """On 1 November 2026, 1:59 is followed by 1:00."""
    schedule = always((time(0, 30), time(6)))
    opens, closes = at(NEW_YORK, 2026, 11, 1, 0, 30), at(NEW_YORK, 2026, 11, 1, 6)
    assert open_time_between(schedule, opens, closes) == 6.5 * HOUR
    second = at(NEW_YORK, 2026, 11, 1, 1, 15, fold=1)
    assert now(schedule, second) == (True, closes)
    assert open_time_between(schedule, at(NEW_YORK, 2026, 11, 1, 1, 15), second) == HOUR
    assert moment_after(schedule, at(NEW_YORK, 2026, 11, 1, 1, 15), HOUR) == second


def test_a_time_that_clocks_skip_is_the_moment_of_the_change():
    schedule = always((time(2, 30), time(3, 15)))
    change = at(NEW_YORK, 2026, 3, 8, 3)
    assert now(schedule, at(NEW_YORK, 2026, 3, 8, 1, 59)) == (False, change)
    assert now(schedule, change) == (True, at(NEW_YORK, 2026, 3, 8, 3, 15))
    assert open_time_between(schedule, at(NEW_YORK, 2026, 3, 8), at(NEW_YORK, 2026, 3, 9)) == timedelta(minutes=15)


def test_a_period_that_clocks_skip_is_none():
    schedule = always((time(2, 15), time(2, 45)))
    assert now(schedule, at(NEW_YORK, 2026, 3, 8, 1, 59)) == (False, at(NEW_YORK, 2026, 3, 9, 2, 15))
    assert open_time_between(schedule, at(NEW_YORK, 2026, 3, 8), at(NEW_YORK, 2026, 3, 9)) == timedelta()


def test_a_time_that_clocks_show_twice_is_the_first():
    schedule = always((time(0, 30), time(1, 30)))
    first, second = at(NEW_YORK, 2026, 11, 1, 1, 30), at(NEW_YORK, 2026, 11, 1, 1, 30, fold=1)
    assert now(schedule, first - timedelta(seconds=1)) == (True, first)
    assert not status(schedule, first).is_open
    assert not status(schedule, at(NEW_YORK, 2026, 11, 1, 1, 20, fold=1)).is_open
    assert not status(schedule, second).is_open
    assert open_time_between(schedule, at(NEW_YORK, 2026, 11, 1), at(NEW_YORK, 2026, 11, 2)) == HOUR


def test_london_changes_on_another_sunday_than_new_york():
    """From 8 to 29 March 2026 London is four hours ahead, not five."""
    schedule = always((time(9), time(17)), zone=LONDON)
    assert status(schedule, at(NEW_YORK, 2026, 3, 7, 4)).is_open
    assert status(schedule, at(NEW_YORK, 2026, 3, 9, 12, 59)).is_open
    assert not status(schedule, at(NEW_YORK, 2026, 3, 7, 12)).is_open
    assert status(schedule, at(NEW_YORK, 2026, 3, 9, 5)).is_open
    assert now(schedule, at(NEW_YORK, 2026, 3, 9, 13)) == (False, at(LONDON, 2026, 3, 10, 9))


def test_lord_howe_moves_its_clocks_by_half_an_hour():
    night = always((time(0), time(6)), zone=LORD_HOWE)
    for day, hours in ((date(2026, 4, 5), 6.5), (date(2026, 10, 4), 5.5), (date(2026, 10, 5), 6)):
        begins = datetime.combine(day, time(0), LORD_HOWE)
        assert open_time_between(night, begins, begins + timedelta(hours=12)) == hours * HOUR


def test_a_day_that_a_place_left_out_has_no_opening_time():
    """Samoa went over the date line: 29 December 2011 was followed by the 31st."""
    schedule = always((time(9), time(17)), zone=APIA)
    assert now(schedule, at(APIA, 2011, 12, 29, 17)) == (False, at(APIA, 2011, 12, 31, 9))
    assert open_time_between(schedule, at(APIA, 2011, 12, 29), at(APIA, 2012, 1, 1)) == 16 * HOUR


# Opening time


def test_opening_time_leaves_out_breaks_nights_weekends_and_holidays():
    schedule = Schedule(NEW_YORK, WITH_BREAK, (SpecialDays(date(2026, 3, 9), date(2026, 3, 9), (), "Moving"),))
    friday = at(NEW_YORK, 2026, 3, 6, 16)
    assert open_time_between(schedule, friday, at(NEW_YORK, 2026, 3, 6, 16, 20)) == timedelta(minutes=20)
    assert open_time_between(schedule, friday, at(NEW_YORK, 2026, 3, 10, 9)) == HOUR
    assert open_time_between(schedule, friday, at(NEW_YORK, 2026, 3, 10, 13)) == 4.5 * HOUR
    assert open_time_between(schedule, friday, friday) == timedelta()
    assert open_time_between(schedule, friday, friday - 9 * HOUR) == timedelta()


def test_the_moment_after_opening_time_is_the_first_by_which_it_has_passed():
    schedule = Schedule(NEW_YORK, WITH_BREAK)
    friday = at(NEW_YORK, 2026, 3, 6, 16)
    assert moment_after(schedule, friday, timedelta()) == friday
    assert moment_after(schedule, friday, HOUR) == at(NEW_YORK, 2026, 3, 6, 17)
    assert moment_after(schedule, friday, HOUR + timedelta(minutes=1)) == at(NEW_YORK, 2026, 3, 9, 9, 1)
    assert moment_after(schedule, friday, 8 * HOUR) == at(NEW_YORK, 2026, 3, 9, 17)
    assert moment_after(schedule, at(NEW_YORK, 2026, 3, 7, 11), HOUR) == at(NEW_YORK, 2026, 3, 9, 10)


def test_opening_time_that_never_comes_has_no_moment():
    assert moment_after(Schedule(NEW_YORK), at(NEW_YORK, 2026, 3, 6, 9), HOUR) is None
    once = Schedule(NEW_YORK, {}, (SpecialDays(date(2026, 3, 6), date(2026, 3, 6), (MORNING,)),))
    assert moment_after(once, at(NEW_YORK, 2026, 3, 6, 9), 4 * HOUR) is None


ZONES = st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, KATHMANDU, APIA])
TIMES = st.lists(st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60))), unique=True)
SPANS = TIMES.map(sorted).map(lambda times: tuple(zip(times[::2], times[1::2], strict=False))[:2])
MOMENTS = st.datetimes(datetime(2011, 12, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
SCHEDULES = st.builds(Schedule, ZONES, st.dictionaries(st.integers(0, 6), SPANS, max_size=7))


@given(SCHEDULES, MOMENTS)
def test_a_status_holds_until_it_changes_and_no_longer(schedule, moment):
    found = status(schedule, moment)
    if found.changes_at:
        just_before = found.changes_at.astimezone(UTC) - timedelta(microseconds=1)
        assert found.changes_at > moment
        assert status(schedule, just_before).is_open is found.is_open
        assert status(schedule, found.changes_at).is_open is not found.is_open


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9)))
def test_opening_time_adds_up_and_never_exceeds_the_time_that_passes(schedule, start, first, second):
    middle, end = start + first, start + first + second
    parts = open_time_between(schedule, start, middle), open_time_between(schedule, middle, end)
    assert sum(parts, timedelta()) == open_time_between(schedule, start, end)
    assert all(timedelta() <= part <= whole for part, whole in zip(parts, (first, second), strict=True))


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(hours=30)))
def test_so_much_opening_time_has_passed_at_the_moment_after_it_and_not_before(schedule, start, opening_time):
    found = moment_after(schedule, start, opening_time)
    if found is None:
        assert open_time_between(schedule, start, start + COUNTED_WITHIN) < opening_time
    else:
        assert open_time_between(schedule, start, found) == opening_time
        before = found.astimezone(UTC) - timedelta(microseconds=1)
        assert open_time_between(schedule, start, before) < opening_time


# Places


@pytest.fixture
def location(db) -> Location:
    return Location.objects.create(slug="harbor", name="Harbor", postal_address="12 Harbor Lane", time_zone="")


def test_a_place_without_a_zone_of_its_own_has_the_clinics(location, settings):
    settings.TIME_ZONE = "Europe/London"
    assert schedule_of(location).zone == LONDON
    location.time_zone = "Asia/Kathmandu"
    assert schedule_of(location).zone == KATHMANDU


def test_a_places_rows_are_its_schedule_and_prefetched_rows_ask_nothing_more(location, django_assert_num_queries):
    times = {"opens": MORNING[0], "closes": MORNING[1], "opens_again": AFTERNOON[0], "closes_again": AFTERNOON[1]}
    WeekdayHours.objects.create(location=location, weekday=1, **times)
    WeekdayHours.objects.create(location=location, weekday=6)
    SpecialDay.objects.create(location=location, first_day=date(2026, 3, 6), last_day=date(2026, 3, 7), reason="Moving")
    with django_assert_num_queries(3):
        schedule = schedule_of(Location.objects.with_hours().get())
    assert schedule.weekdays == {1: (MORNING, AFTERNOON), 6: ()}
    assert schedule.special_days == (SpecialDays(date(2026, 3, 6), date(2026, 3, 7), (), "Moving"),)
    assert schedule.is_known


def test_without_any_opening_the_hours_are_not_known(location):
    assert not schedule_of(location).is_known
    location.weekday_hours.create(weekday=0)
    location.special_days.create(first_day=date(2026, 3, 6), last_day=date(2026, 3, 6))
    assert not schedule_of(location).is_known
    location.special_days.create(first_day=date(2026, 3, 9), last_day=date(2026, 3, 9), opens=time(9), closes=time(10))
    assert schedule_of(location).is_known


def test_the_clinics_hours_are_those_of_its_first_place_that_has_any(location, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert clinic_schedule() == DEFAULT_SCHEDULE
    location.weekday_hours.create(weekday=0)
    hidden, last, first = (
        Location.objects.create(slug=name, name=name, postal_address="x", position=position, is_shown=name != "hidden")
        for position, name in ((1, "hidden"), (3, "last"), (2, "first"))
    )
    for number, place in enumerate((hidden, last, first)):
        place.weekday_hours.create(weekday=number, opens=time(9), closes=time(10))
    with django_assert_num_queries(3):
        found = clinic_schedule()
    assert found == schedule_of(first)


def test_a_clinic_without_hours_is_open_on_working_days_from_nine_to_five():
    assert spans_on(DEFAULT_SCHEDULE, date(2026, 3, 6)) == ((time(9), time(17)),)
    assert spans_on(DEFAULT_SCHEDULE, date(2026, 3, 7)) == ()
    assert str(DEFAULT_SCHEDULE.zone) == "America/New_York"
