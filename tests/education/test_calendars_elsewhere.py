"""The calendar file as a stranger reads it: `vobject`, which shares no code with the writer, finds the same plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from education.calendars import calendar_of
from education.models import Page
from education.planning import Plan, planned, session_days
from tests import builders, public
from tests.education import sourced, tooled
from tests.education.test_planning import DATES, STEPS, step
from tests.html import get, page

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
ADDRESS = "https://guides.example.org/guides/cold-therapy/plan/?date=2027-03-03&sessions=2"
TITLES = {"before": "Appointment: prepare", "day": "Appointment", "after": "After the appointment"}
COURSE = [step(-28, -14, "Talk with us."), step(0, 0, "Eat; drink, too."), step(1, 84, "Look at the skin.\nFeel it.")]
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=120)


def made(plan: Plan, now: datetime = NOW) -> bytes:
    return calendar_of(plan, of="cold-therapy", address=ADDRESS, today=now.date(), now=now)


def events(body: bytes) -> list[Any]:
    """Return the events of a file that the stranger finds sound."""
    calendar = vobject.readOne(body.decode())
    assert calendar.validate(raiseException=True)
    assert calendar.prodid.value == "-//Plainleaf//Plan of care//EN"
    return calendar.vevent_list


def days_of(event: Any) -> tuple[date, date]:
    """Return the first and the last day of an event. Neither is a moment."""
    start, end = event.dtstart.value, event.dtend.value
    assert (type(start), type(end)) == (date, date)
    return start, end - timedelta(days=1)


def assert_tells(body: bytes, plan: Plan) -> None:
    found = iter(events(body))
    for session in plan.sessions:
        for stretch in session.stretches:
            event = next(found)
            assert days_of(event) == (stretch.first, stretch.last)
            assert event.summary.value == TITLES[stretch.phase]
            told = event.description.value
            assert told.startswith(f"{stretch.label}\n")
            assert told.endswith(f"\n{ADDRESS}")
            for one in stretch.steps:
                assert f"• {one.text}" in told
    assert next(found, None) is None


@pytest.mark.parametrize(
    "first",
    [
        *(date(2027, 3, 14), date(2027, 11, 7), date(2027, 3, 28), date(2027, 4, 4)),  # weeks in which clocks change
        *(date(2028, 2, 29), date(2028, 1, 31), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
@pytest.mark.parametrize(("sessions", "apart"), [(1, 0), (2, 1), (20, 28), (2, 364)])
def test_a_stranger_finds_every_day_of_every_session(first, sessions, apart):
    plan = planned(COURSE, session_days(first, sessions, apart))
    assert_tells(made(plan), plan)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, day=DATES, sessions=st.integers(1, 4), apart=st.integers(1, 364), text=WORDS)
def test_a_stranger_finds_any_plan_with_any_words(steps, day, sessions, apart, text):
    plan = planned([{**one, "text": text} for one in steps], session_days(day, sessions, apart))
    assert_tells(made(plan), plan)


def test_each_alarm_is_one_that_a_telephone_can_ring():
    found = events(made(planned(COURSE, [date(2027, 3, 3)])))
    assert [(one.valarm.action.value, one.valarm.trigger.value) for one in found] == [
        ("DISPLAY", timedelta(hours=-15))
    ] * len(found)
    assert {one.valarm.description.value for one in found} <= set(TITLES.values())


def test_the_notes_say_until_when_to_watch_for_signs_once_it_has_begun():
    before, day, after = (one.description.value for one in events(made(planned(COURSE, [date(2027, 3, 3)]))))
    watch = "Watch for warning signs until at least May 26, 2027. Your plan lists them."
    assert watch not in before
    assert watch in day
    assert watch in after
    only_before = events(made(planned([step(-7)], [date(2027, 3, 3)])))
    assert not [one for one in only_before if "Watch" in one.description.value]


@pytest.mark.parametrize("later", [timedelta(seconds=1), timedelta(days=400)])
def test_the_same_plan_taken_twice_updates_its_events(later):
    plan = planned(COURSE, session_days(date(2027, 3, 3), 3, 28))
    first, second = events(made(plan)), events(made(plan, NOW + later))
    assert [one.uid.value for one in first] == [one.uid.value for one in second]
    for was, now in zip(first, second, strict=True):
        assert int(now.sequence.value) > int(was.sequence.value)
        assert now.dtstamp.value - was.dtstamp.value == later
        assert now.dtstamp.value.tzinfo is not None


# From the page


def on_page(read: Any) -> list[date]:
    """Return the days that a plan's page names, in their order."""
    return [date.fromisoformat(one["datetime"]) for tag, one in read.elements if tag == "time" and "datetime" in one]


def test_a_guide_from_right_to_left_gives_a_file_with_its_words(client, cast):
    words = "اغسل الجلد برفق، ثم جففه؛ لا تفركه. " * 6
    with time_machine.travel("2026-11-28 15:00+00:00", tick=False):
        public.whole_clinic(cast["owner"])
        guide = builders.guide(cast["author"], title="العلاج بالبرودة", slug="cold-ar", language="ar")
        builders.page(guide, cast["author"], Page.Kind.RECOVERY, "استرح.", entries=[{**tooled.AFTER, "text": words}])
        sourced.published(guide, cast)
        body = get(client, "/guides/cold-ar/plan.ics?date=2027-03-03").content
        read = page(get(client, "/guides/cold-ar/plan/?date=2027-03-03"))
    day, after = events(body)
    assert days_of(day) == (date(2027, 3, 3), date(2027, 3, 3))
    assert days_of(after) == (date(2027, 3, 4), date(2027, 3, 13))
    assert words.strip() in after.description.value
    assert {*days_of(day), *days_of(after)} <= set(on_page(read))
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
