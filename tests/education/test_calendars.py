"""A plan as a calendar file: sound by a reader of our own and by the library's, discreet, and the same again."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from education.calendars import calendar_of
from education.planning import planned, session_days
from tests.education.calendar_lines import Component, read
from tests.education.test_planning import DATES, STEPS, step

DAY, TODAY = date(2027, 3, 3), date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 9, 30, 15, tzinfo=UTC)
ADDRESS = "https://guides.example.org/guides/cold-therapy/plan/?date=2027-03-03"
STEPS_OF_CARE = [
    step(-28, -14, "Talk with us; bring a list, please."),
    step(-14, -7, "Ask us about aspirin.", ask=True),
    step(1, 84, "Look at the skin.\nFeel it: once a week \\ or more."),
]


def made(steps=STEPS_OF_CARE, days=(DAY,), **facts) -> bytes:
    said = {"of": "cold-therapy", "address": ADDRESS, "today": TODAY, "now": NOW, **facts}
    return calendar_of(planned(steps, days), **said)


def events(body: bytes) -> list[Component]:
    return read(body).inner


def test_an_event_lasts_all_the_days_of_its_steps_and_the_day_itself_is_one():
    found = [(one.day("DTSTART"), one.day("DTEND"), one.text("SUMMARY")) for one in events(made())]
    assert found == [
        (date(2027, 2, 3), date(2027, 2, 18), "Appointment: prepare"),
        (date(2027, 2, 17), date(2027, 2, 25), "Appointment: prepare"),
        (date(2027, 3, 3), date(2027, 3, 4), "Appointment"),
        (date(2027, 3, 4), date(2027, 5, 27), "After the appointment"),
    ]


def test_what_to_do_stands_in_the_notes_with_the_way_back():
    prepare, ask, _day, after = (one.text("DESCRIPTION") for one in events(made()))
    assert prepare == f"4 to 2 weeks before\n• Talk with us; bring a list, please.\n\nYour plan:\n{ADDRESS}"
    assert "• Ask us about aspirin. Ask the person who prescribed it first.\n" in ask
    assert "Feel it: once a week \\ or more." in after


def test_nobody_who_sees_a_locked_screen_learns_what_it_is():
    for event in events(made()):
        seen = [event.text("SUMMARY"), *(alarm.text("DESCRIPTION") for alarm in event.inner)]
        assert set(seen) <= {"Appointment", "Appointment: prepare", "After the appointment"}
        assert event.values["CLASS"] == "PRIVATE"
        assert "LOCATION" not in event.values


def test_an_alarm_rings_in_the_morning_of_the_day_before_unless_it_has_begun():
    rings = {
        one.day("DTSTART"): [alarm.trigger for alarm in one.inner] for one in events(made(today=date(2027, 2, 17)))
    }
    before = [timedelta(hours=-15)]
    assert list(rings.values()) == [[], [], before, before]


def test_a_file_that_comes_later_takes_the_place_of_the_earlier_one():
    first = {one.values["UID"]: one for one in events(made())}
    later = {one.values["UID"]: one for one in events(made(days=(DAY + timedelta(9),), now=NOW + timedelta(minutes=1)))}
    assert set(first) == set(later)
    for uid, event in later.items():
        assert int(event.values["SEQUENCE"]) > int(first[uid].values["SEQUENCE"])
        assert event.values["DTSTAMP"] > first[uid].values["DTSTAMP"]
        assert event.day("DTSTART") - first[uid].day("DTSTART") == timedelta(days=9)


def test_new_words_in_a_later_edition_keep_the_event_and_another_guide_has_others():
    ids = [one.values["UID"] for one in events(made())]
    reworded = [{**one, "text": "Other words."} for one in STEPS_OF_CARE]
    assert [one.values["UID"] for one in events(made(reworded))] == ids
    assert not set(ids) & {one.values["UID"] for one in events(made(of="warm-therapy"))}


def test_each_session_has_events_of_its_own():
    assert len(events(made(days=session_days(DAY, 20, 364)))) == 20 * 4


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, day=DATES, sessions=st.integers(1, 4), apart=st.integers(1, 364), text=st.text(max_size=200))
def test_any_plan_with_any_words_is_sound_and_both_readers_agree(steps, day, sessions, apart, text):
    plan = planned([{**one, "text": text} for one in steps], session_days(day, sessions, apart))
    body = calendar_of(plan, of="x", address=ADDRESS, today=TODAY, now=NOW)
    found = events(body)
    expected = [(one.first, one.last) for session in plan.sessions for one in session.stretches]
    assert [(one.day("DTSTART"), one.day("DTEND") - timedelta(days=1)) for one in found] == expected
    theirs = icalendar.Calendar.from_ical(body).events
    assert [(one.start, one.end) for one in theirs] == [(one.day("DTSTART"), one.day("DTEND")) for one in found]
    assert [str(one["description"]) for one in theirs] == [one.text("DESCRIPTION") for one in found]


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Pacific/Apia", "America/New_York", "UTC"])
@pytest.mark.parametrize("day", [date(2027, 3, 14), date(2027, 4, 4), date(2027, 10, 3), date(2027, 12, 31)])
def test_a_day_is_the_same_day_wherever_the_clinic_is_and_whatever_its_clocks_do(zone, day):
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        body = made(days=(day,))
    assert body == made(days=(day,))
    assert b"TZID" not in body
    assert b"VTIMEZONE" not in body
    assert day in [one.day("DTSTART") for one in events(body)]


@pytest.mark.parametrize(
    "broken",
    [
        b"BEGIN:VCALENDAR\n",
        made()[:-2],
        made().replace(b"SUMMARY:", b"SUMMARY:a;b,"),
        made().replace(b"VALUE=DATE", b"VALUE=DAY"),
        made().replace(b"END:VALARM\r\n", b"", 1),
        made().replace(b"UID:", b"X-ID:", 1),
        made().replace(b"\r\n ", b""),
        made().replace(b"Talk", b"T\x07lk"),
    ],
)
def test_the_reader_of_these_tests_refuses_what_the_standard_does(broken):
    with pytest.raises(AssertionError):
        read(broken)
