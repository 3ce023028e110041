"""A patient takes a plan along: what a stranger's calendar finds in the file is what the page shows."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import public
from tests.education import tooled

# What a page says, and what the file beside it says, no database changes.
pytestmark = [pytest.mark.looks, pytest.mark.django_db(transaction=True)]
PLAN = "/guides/cold-therapy/plan/"
TITLES = {"Before": "Appointment: prepare", "The day": "Appointment", "Afterward": "After the appointment"}
# Each line of the timeline that has steps, or is the day itself: its phase, its first and last day, its steps.
TIMELINE = """() => [...document.querySelectorAll(".timeline > li:has(.counted)")].map(li => [
  li.parentElement.previousElementSibling.firstChild.textContent,
  ...[0, -1].map(end => [...li.querySelectorAll("time")].at(end).dateTime),
  [...li.querySelectorAll(".checklist > li")].map(step => step.textContent.trim().replace(/\\s+/g, " ")),
])"""


@pytest.fixture
def live(cast):
    public.whole_clinic(cast["owner"])
    return tooled.published(cast)


def taken(page: Page) -> list[Any]:
    """Take the file along, and return the events that a stranger finds in it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Put these days into your calendar").click()
    calendar = vobject.readOne(download.value.path().read_bytes().decode())
    assert calendar.validate(raiseException=True)
    return calendar.vevent_list


def shown(page: Page) -> list[tuple[str, date, date, list[str]]]:
    return [
        (TITLES[phase], date.fromisoformat(first), date.fromisoformat(last), steps)
        for phase, first, last, steps in page.evaluate(TIMELINE)
    ]


def assert_the_same(events: list[Any], lines: list[tuple[str, date, date, list[str]]]) -> None:
    found = [(one.summary.value, one.dtstart.value, one.dtend.value - timedelta(days=1)) for one in events]
    assert found == [line[:3] for line in lines]
    for event, (*_days, steps) in zip(events, lines, strict=True):
        told = " ".join(event.description.value.split())
        for step in steps:
            assert step in told


def test_the_calendar_has_what_the_page_shows_and_a_postponed_day_moves_it(live, visit):
    page = visit(width=360)
    day = timezone.localdate() + timedelta(days=40)
    page.goto(f"{PLAN}?date={day}&sessions=3&interval=4")
    first, lines = taken(page), shown(page)
    assert len(lines) == 3 * 3
    assert_the_same(first, lines)

    page.get_by_label("The day of your treatment").fill((day + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="Show my plan").click()
    expect(page.get_by_role("heading", name=re.compile("Session 3 of 3"))).to_be_visible()
    expect(page.get_by_label("How many sessions")).to_have_value("3")
    second, lines = taken(page), shown(page)
    assert_the_same(second, lines)
    assert [one.uid.value for one in second] == [one.uid.value for one in first]
    for was, now in zip(first, second, strict=True):
        assert now.dtstart.value - was.dtstart.value == timedelta(days=5)
        assert int(now.sequence.value) >= int(was.sequence.value)
        assert now.dtstamp.value >= was.dtstamp.value


def test_from_the_timeline_a_patient_comes_to_the_signs(live, visit):
    page = visit(width=360, javascript=False)
    page.goto(f"{PLAN}?date={timezone.localdate() + timedelta(days=40)}")
    page.get_by_role("link", name="warning signs").click()
    expect(page.get_by_role("heading", name="Signs to watch for")).to_be_in_viewport()
    expect(page.get_by_text("Call 911 if:")).to_be_visible()
