"""What somebody types for a plan: read as they meant it, or kept beside the sentence that says what to do."""

from __future__ import annotations

import pytest
import time_machine

from tests import public
from tests.education import tooled
from tests.html import get, page

PLAN = "/guides/cold-therapy/plan/"
DAY = "2027-03-03"


@pytest.fixture
def tools(cast):
    with time_machine.travel("2026-11-28 15:00+00:00", tick=False):
        public.whole_clinic(cast["owner"])
        yield tooled.published(cast)


@pytest.mark.parametrize(
    ("typed", "headings"),
    [
        ({"date": "٢٠٢٧-٠٣-٠٣"}, ["Your day: Wednesday, March 3, 2027"]),
        ({"date": "２０２７-０３-０３"}, ["Your day: Wednesday, March 3, 2027"]),
        ({"date": f" {DAY} "}, ["Your day: Wednesday, March 3, 2027"]),
        (
            {"date": DAY, "sessions": "٢", "interval": " ٣ "},
            ["Session 1 of 2: Wednesday, March 3, 2027", "Session 2 of 2: Wednesday, March 24, 2027"],
        ),
        ({"date": DAY, "sessions": "1", "interval": "52"}, ["Your day: Wednesday, March 3, 2027"]),
    ],
)
def test_digits_of_other_scripts_and_spaces_are_read_as_they_were_meant(client, tools, typed, headings):
    read = page(client.get(PLAN, typed))
    assert [words for level, words in read.headings if level == 2 and words.startswith(("Your day:", "Session "))] == (
        headings
    )
    assert next(one["value"] for tag, one in read.elements if tag == "input" and one["name"] == "date") == DAY
    calendar = client.get(read.link("Put these days into your calendar (a file)"))
    assert calendar.status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sessions", "-1", "Write 1 session or more."),
        ("sessions", "2.5", "Write a whole number, such as 3."),
        ("sessions", "3 weeks", "Write a whole number, such as 3."),
        ("sessions", "9" * 60, "write at most 20 sessions."),
        ("interval", "-4", "Write 1 or more."),
        ("interval", "4,5", "Write a whole number, such as 3."),
        ("interval", "9" * 60, "Write at most 52 weeks, or 364 days."),
    ],
)
def test_a_number_that_cannot_be_planned_stays_in_its_field_with_all_the_others(client, tools, field, value, said):
    typed = {"date": DAY, "sessions": "3", "interval": "4", "unit": "days", field: value}
    read = page(client.get(PLAN, typed))
    fields = {one["name"]: one for tag, one in read.elements if tag == "input" and one.get("type") != "radio"}
    assert {name: one["value"] for name, one in fields.items()} == {
        name: typed[name] for name in ("date", "sessions", "interval")
    }
    chosen = [one["value"] for tag, one in read.elements if tag == "input" and "checked" in one]
    assert chosen == ["days"]
    assert fields[field]["aria-invalid"] == "true"
    assert said in read.text
    assert [name for name, one in fields.items() if one.get("aria-invalid") == "true"] == [field]


@pytest.mark.parametrize("value", ["2026-02-30", "2027-13-01", "03/03/2027", "tomorrow", "2027-02-29", "12026-01-01"])
def test_a_day_that_is_none_is_told_back_and_the_numbers_stay(client, tools, value):
    read = page(client.get(PLAN, {"date": value, "sessions": "3", "interval": "4"}))
    assert "There is no such day." in read.text
    assert value in read.text
    values = {one["name"]: one.get("value") for tag, one in read.elements if tag == "input" and one["type"] == "text"}
    assert values == {"sessions": "3", "interval": "4"}


def test_a_sign_that_no_page_can_show_is_not_sent_back(client, tools):
    response = client.get(PLAN, {"date": "\0 March"})
    assert b"\0" not in response.content
    assert "There is no such day." in page(response).text
    assert client.get("/guides/cold-therapy/plan.ics", {"date": "\0 March"})["Location"].endswith("date=March")


def test_signs_stand_on_the_timeline_of_each_session_with_their_days(client, tools):
    read = page(get(client, f"{PLAN}?date={DAY}&sessions=2&interval=3"))
    for said in (
        "Wednesday, March 3, 2027 to at least Saturday, March 13, 2027 Watch for warning signs .",
        "Wednesday, March 24, 2027 to at least Saturday, April 3, 2027 Watch for warning signs .",
    ):
        assert said.replace(" .", "") in read.text
    assert read.link("warning signs") == "#signs"
    assert [one for one in read.with_attribute("id") if one["id"] == "signs"]


@pytest.mark.parametrize("tool", ["check/", f"plan/?date={DAY}"])
def test_each_tool_says_which_edition_it_is_and_who_reviewed_it_when(client, tools, tool):
    read = page(get(client, f"/guides/cold-therapy/{tool}"))
    assert f"Edition 1 · {tools.short_hash}" in read.text
    assert "Page last reviewed: Nov. 28, 2026" in read.text
    assert "Next review due:" in read.text
