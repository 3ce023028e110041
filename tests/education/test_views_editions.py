"""The history of a guide: its list by day, permalinks, and what changed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from education import actions
from education.models import Page
from tests import builders, public
from tests.html import get, page

AT = "/guides/cold-therapy/editions/"
HERE = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _in_new_york(settings):
    settings.TIME_ZONE = "America/New_York"


def at(text: str) -> time_machine.travel:
    """Stop the clock at a local time of the clinic."""
    return time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=HERE), tick=False)


def shown(client, day: str) -> list[str]:
    """Return the editions that the list names for a day."""
    read = page(get(client, f"{AT}?on={day}"))
    return [words for level, words in read.headings if level == 3]


@pytest.fixture
def history(guide, cast):
    """Edition 1 from 2 March at 9, edition 2 from 10 March at 10, edition 3 from 10 March at 11."""
    with at("2026-03-02 09:00"):
        one = builders.published(guide, cast)
    with at("2026-03-10 10:00"):
        two = builders.next_edition(guide, cast, "The second words.", what_changed="Second words.")
    with at("2026-03-10 11:00"):
        three = builders.next_edition(guide, cast, "The third words.", what_changed="Third words.")
    return one, two, three


# What is refused


def test_a_number_that_was_never_public_is_404(client, live):
    for number in ("0", "4", "01", "-1", "1.0", "999999999999", "x"):
        get(client, f"{AT}{number}/", 404)
        get(client, f"{AT}{number}/changes/", 404)


def test_changes_since_something_that_never_was_is_404(client, live):
    for since in ("0", "4", "-1", "1.0", "x", "1 ", "٣", "99999999999999999999", "1%00", "1'"):
        get(client, f"{AT}1/changes/?since={since}", 404)


@pytest.mark.parametrize("day", ["2026-02-30", "x", "99999-01-01", "9" * 400, "2026-03-10T10:00", "%00", "<b>"])
def test_a_day_that_is_none_is_an_error_that_keeps_what_was_typed(client, live, day):
    read = page(get(client, f"{AT}?on={day}"))
    assert read.title.startswith("Error: Editions – Cold therapy")
    assert "There is a problem Write the day as year-month-day, such as 2026-03-03." in read.text
    assert ("#id_on", "Write the day as year-month-day, such as 2026-03-03.") in read.links
    field = next(one for tag, one in read.elements if tag == "input")
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "id_on_error")
    if day != "%00":
        # No browser shows what is no day in a field for a day: the sentence beside it does.
        assert "value" not in field
        assert f"You wrote “{day}”." in read.text
    assert "Edition 1" in read.text


def test_no_day_at_all_is_an_error_only_when_it_was_asked_for(client, live):
    assert page(get(client, f"{AT}?on=")).title.startswith("Error: ")
    assert not page(get(client, f"{AT}?from=elsewhere")).title.startswith("Error: ")


# Which editions a day had


def test_a_day_names_every_edition_that_was_live_at_any_moment_of_it(client, history):
    assert shown(client, "2026-03-10") == ["Edition 3", "Edition 2", "Edition 1"]
    assert shown(client, "2026-03-02") == ["Edition 1"]
    with at("2026-03-12 09:00"):
        assert shown(client, "2026-03-11") == ["Edition 3"]


def test_a_day_is_a_day_of_the_clinics_calendar(client, guide, cast):
    with at("2026-03-10 23:59:59"):
        builders.published(guide, cast)
    with at("2026-03-12 00:00:00"):
        builders.next_edition(guide, cast, "From midnight on.")
    with at("2026-03-12 00:00:01"):
        assert shown(client, "2026-03-09") == []
        assert shown(client, "2026-03-10") == ["Edition 1"]
        assert shown(client, "2026-03-11") == ["Edition 1"]
        assert shown(client, "2026-03-12") == ["Edition 2"]


def test_an_edition_that_began_at_midnight_is_the_neighbour_of_the_day_before(client, guide, cast):
    with at("2026-03-12 00:00"):
        builders.published(guide, cast)
        assert "After it: edition 1" in page(get(client, f"{AT}?on=2026-03-11")).text


def test_the_days_on_which_the_clocks_change_are_whole_days(client, guide, cast):
    with at("2026-03-08 23:30"):
        builders.published(guide, cast)
    with at("2026-11-01 23:30"):
        builders.next_edition(guide, cast, "Winter words.")
    with at("2026-11-03 12:00"):
        assert shown(client, "2026-03-07") == []
        assert shown(client, "2026-03-08") == ["Edition 1"]
        assert shown(client, "2026-11-01") == ["Edition 2", "Edition 1"]
        assert shown(client, "2026-11-02") == ["Edition 2"]


def test_an_edition_counts_no_longer_after_its_withdrawal_and_the_reason_stands_in_the_list(client, history, cast):
    with at("2026-03-20 12:00"):
        actions.withdraw(history[2], by=cast["author"], reason="The <b>dose</b> was wrong.")
    with at("2026-03-25 12:00"):
        assert shown(client, "2026-03-20") == ["Edition 3"]
        assert shown(client, "2026-03-21") == []
        assert "Withdrawn. Reason: The <b>dose</b> was wrong." in page(get(client, AT)).text


def test_an_edition_that_was_live_twice_stands_there_twice(client, history, cast):
    with at("2026-03-15 12:00"):
        actions.publish(history[0], by=cast["author"])
        assert shown(client, "2026-03-15") == ["Edition 1", "Edition 3"]
        assert [words for level, words in page(get(client, AT)).headings if level == 3] == [
            "Edition 1",
            "Edition 3",
            "Edition 2",
            "Edition 1",
        ]


def test_a_day_without_an_edition_names_its_neighbours(client, history, cast):
    with at("2026-03-20 12:00"):
        before = page(get(client, f"{AT}?on=2026-03-01")).text
        assert "No edition of this guide was live on that day." in before
        assert "After it: edition 1 – Live from March 2, 2026, 9 a.m." in before
        assert "Before it:" not in before
        actions.withdraw(history[2], by=cast["author"], reason="Wrong.")
    with at("2026-03-30 12:00"):
        gap = page(get(client, f"{AT}?on=2026-03-25")).text
        assert "Before it: edition 3 – Live from March 10, 2026, 11 a.m. to March 20, 2026, noon" in gap
        assert "After it:" not in gap


def test_a_day_long_ago_had_no_edition(client, live):
    for day in ("0001-01-01", "1582-10-15", "1969-12-31"):
        assert shown(client, day) == []


def test_nobody_knows_what_a_day_to_come_will_have(client, history):
    with at("2026-03-10 23:59:59"):
        for day in ("2026-03-11", "2999-01-01", "9999-12-31"):
            read = page(get(client, f"{AT}?on={day}"))
            assert "That day has not come yet" in read.text
            assert "Now: edition 3" in read.text
            assert shown(client, day) == []


def test_the_list_names_who_submitted_and_who_approved_each_edition(client, history):
    text = page(get(client, AT)).text
    assert text.count("Submitted by Ada Author, editor") == len(history)
    assert text.count("Approved by Rae Reviewer, nurse") == len(history)


# Permalinks


def test_the_permalink_of_the_live_edition_says_that_it_counts(client, history):
    response = get(client, f"{AT}3/")
    read = page(response)
    assert "This is the edition patients read today." in read.text
    assert "The third words." in read.text
    assert not response.has_header("X-Robots-Tag")
    assert not [one for one in read.with_attribute("name") if one["name"] == "robots"]


def test_the_permalink_of_an_earlier_edition_keeps_its_text_and_leads_to_the_live_one(client, history):
    response = get(client, f"{AT}2/")
    read = page(response)
    assert "The second words." in read.text
    assert "This is an earlier edition." in read.text
    assert "Live from March 10, 2026, 10 a.m. to March 10, 2026, 11 a.m." in read.text
    assert read.link("Read the edition that counts today: edition 3") == "/guides/cold-therapy/"
    assert response["X-Robots-Tag"] == "noindex"
    assert [one["content"] for one in read.with_attribute("name") if one["name"] == "robots"] == ["noindex"]


def test_the_permalink_of_a_withdrawn_edition_gives_the_reason_above_the_text(client, history, cast):
    public.whole_clinic(cast["owner"])
    actions.withdraw(history[2], by=cast["author"], reason="The <b>dose</b> was wrong.")
    response = get(client, f"{AT}3/")
    text = page(response).text
    assert text.index("Reason: The <b>dose</b> was wrong.") < text.index("The third words.")
    assert "call us: (202) 555-0142" in text
    assert response["X-Robots-Tag"] == "noindex"


def test_the_permalink_carries_the_record(client, history, cast):
    with at("2026-03-11 08:00"):
        actions.confirm(history[2], by=cast["second_reviewer"], judged=history[2].content_hash)
    text = page(get(client, f"{AT}3/")).text
    for fact in (
        "What changed Third words.",
        "Submitted by Ada Author, editor, March 10, 2026, 11 a.m.",
        "Approved by Rae Reviewer, nurse, March 10, 2026, 11 a.m. A second person, not the one who submitted it",
        "Reviewed again by Sol Second, Reviewers, March 11, 2026, 8 a.m.",
        f"Content hash {history[2].content_hash}",
        f"Chain hash {history[2].chain_hash}",
        f"Code on paper {history[2].code}",
        "Live since March 10, 2026, 11 a.m.",
    ):
        assert fact in text


def test_the_permalink_names_who_else_wrote_and_why_it_was_urgent(client, guide, cast):
    builders.write(guide, cast["colleague"], Page.Kind.SIDE_EFFECTS, "The colleague's words.")
    builders.published(guide, cast, urgent_reason="A wrong number <b>here</b>.")
    text = page(get(client, f"{AT}1/")).text
    assert "Also wrote Cleo Colleague, Editors" in text
    assert "Why it was urgent A wrong number <b>here</b>." in text


# What changed


def test_the_first_edition_has_nothing_before_it(client, history):
    assert "There is nothing before it to compare with." in page(get(client, f"{AT}1/changes/")).text


def test_changes_are_told_word_by_word_against_the_edition_that_was_live_before(client, history):
    response = get(client, f"{AT}3/changes/")
    text = page(response).text
    assert "Edition 3 compared with edition 2" in text
    assert "second" in text.partition("removed:")[2].partition("added:")[0]
    assert "third" in text.partition("added:")[2]
    assert "Pages that did not change Overview Preparation" in text
    assert response["X-Robots-Tag"] == "noindex"


def test_changes_can_be_asked_for_since_any_edition(client, history):
    text = page(get(client, f"{AT}3/changes/?since=1")).text
    assert "Edition 3 compared with edition 1" in text
    assert "[numbness](term:numbness) for a day [@trial-2020]." in text
    assert "second" not in text
    links = page(get(client, f"{AT}3/changes/")).links
    assert (f"{AT}3/changes/?since=1", "Compared with edition 1") in links
    assert (f"{AT}3/changes/?since=2", "Compared with edition 2") in links


def test_changes_that_show_a_withdrawn_edition_say_so(client, history, cast):
    actions.withdraw(history[1], by=cast["author"], reason="Wrong.")
    for path in ("2/changes/", "3/changes/?since=2"):
        assert "An edition that has been withdrawn is shown here." in page(get(client, f"{AT}{path}")).text


# What it costs, and where it leads


def test_every_link_on_the_pages_of_the_record_leads_somewhere(client, history):
    seen: set[str] = set()
    paths = [one for edition in history for one in public.of_history(edition) if not one.endswith(".pdf")]
    for path in paths:
        seen |= {href.partition("#")[0] for href, _ in page(get(client, path)).links if href.startswith("/")}
    for path in sorted(seen):
        get(client, path)


@pytest.mark.parametrize(("rest", "most"), [("", 2), ("3/", 6), ("3/changes/", 3)])
def test_the_record_costs_the_same_however_long_it_is(
    client, guide, cast, history, rest, most, django_assert_num_queries
):
    for number in range(4):
        edition = builders.next_edition(guide, cast, f"Words {number}.")
        if number > 1:
            actions.withdraw(edition, by=cast["author"], reason="Wrong.")
    actions.publish(history[2], by=cast["author"])
    with django_assert_num_queries(most + 2):
        get(client, f"{AT}{rest}")
