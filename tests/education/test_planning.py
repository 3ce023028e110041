"""A plan: each step has the dates that its days come to, whatever the calendar does in between."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.entries import FIRST_DAY, LAST_DAY
from education.planning import AFTER, BEFORE, THE_DAY, planned, session_days


def step(start: int, end: int | None = None, text: str = "Rest.", ask: bool = False) -> dict:
    last = start if end is None else end
    return {"kind": "care-step", "from_day": start, "to_day": last, "text": text, "ask_prescriber": ask}


DAYS = st.integers(FIRST_DAY, LAST_DAY)
STEPS = st.lists(st.tuples(DAYS, DAYS).map(lambda days: step(*sorted(days))), max_size=12)
DATES = st.dates(date(2020, 1, 1), date(2110, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2028, 3, 1), -1, date(2028, 2, 29)),
        (date(2027, 3, 1), -1, date(2027, 2, 28)),
        (date(2028, 2, 29), 365, date(2029, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2027, 1, 1), -7, date(2026, 12, 25)),
        (date(2100, 3, 1), -1, date(2100, 2, 28)),
        (date(2026, 3, 9), -1, date(2026, 3, 8)),
    ],
)
def test_a_day_is_counted_across_leap_days_years_and_changes_of_clocks(day, count, expected):
    found = [one for one in planned([step(count)], [day]).sessions[0].stretches if one.steps]
    assert [(one.first, one.last) for one in found] == [(expected, expected)]


@given(steps=STEPS, day=DATES)
def test_every_step_is_there_once_with_its_days_and_in_their_order(steps, day):
    session = planned(steps, [day]).sessions[0]
    assert sum(len(one.steps) for one in session.stretches) == len(steps)
    assert [one.days for one in session.stretches] == sorted({(0, 0)} | {(s["from_day"], s["to_day"]) for s in steps})
    for one in session.stretches:
        assert (one.first - day, one.last - day) == tuple(timedelta(days=count) for count in one.days)
    assert [one for phase in session.phases for one in phase.stretches] == list(session.stretches)


@given(steps=STEPS, first=DATES, sessions=st.integers(1, 20), apart=st.integers(1, 364))
def test_a_course_has_its_sessions_apart_and_repeats_nothing_that_is_over(steps, first, sessions, apart):
    days = session_days(first, sessions, apart)
    plan = planned(steps, days)
    assert [one.day for one in plan.sessions] == days
    assert {later - day for day, later in pairwise(days)} <= {timedelta(days=apart)}
    for before, session in pairwise(plan.sessions):
        assert all(one.last >= before.day for one in session.stretches)
        assert THE_DAY in [phase.name for phase in session.phases]
        # What comes after a session is told for each of them.
        assert [one.days for one in session.stretches if one.phase == AFTER] == [
            one.days for one in plan.sessions[0].stretches if one.phase == AFTER
        ]


def test_the_phases_follow_the_calendar():
    plan = planned([step(0, 2), step(-3, 1), step(5), step(-9, -8)], [date(2026, 5, 5)])
    phases = {phase.name: [one.days for one in phase.stretches] for phase in plan.sessions[0].phases}
    assert phases == {BEFORE: [(-9, -8), (-3, 1)], THE_DAY: [(0, 0)], AFTER: [(0, 2), (5, 5)]}


def test_signs_are_watched_for_until_the_last_day_of_aftercare_of_the_last_session():
    days = session_days(date(2026, 5, 5), 2, 21)
    assert planned([step(1, 84), step(-7)], days).watch_until == date(2026, 5, 26) + timedelta(days=84)
    assert planned([step(-7), step(0)], days).watch_until is None


def test_a_step_keeps_its_words_and_its_flag():
    asks = planned([step(-7, text="Tell us if you take a blood thinner.", ask=True)], [date(2026, 5, 5)])
    assert [(one.text, one.ask_prescriber) for one in asks.sessions[0].stretches[0].steps] == [
        ("Tell us if you take a blood thinner.", True)
    ]
