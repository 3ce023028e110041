"""What the site says of a guide in the archive, and how two editions of any guide are compared."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from education import actions
from education.models import Edition
from education.views.editions import MOST_LINKS
from tests import builders, public
from tests.html import get, page

AT = "/guides/cold-therapy/"
REASON = "We <b>stopped</b> offering it."


@pytest.fixture
def archived(guide, cast) -> Edition:
    """The last of two editions of a guide that is in the archive."""
    builders.published(guide, cast)
    last = builders.next_edition(guide, cast, "The last words.")
    actions.archive_guide(guide, by=cast["author"], reason=REASON)
    return last


# The archive


def test_every_address_of_an_archived_guide_says_so_and_leads_to_what_it_said(client, archived, cast):
    public.whole_clinic(cast["owner"])
    for path in public.of_live_guide(archived):
        response = get(client, path, 410)
        # Chromium keeps a 410 for ever, and the guide may come back.
        assert response["Cache-Control"] == "public, no-cache"
        read = page(response)
        assert "We no longer keep this guide up to date" in read.text, path
        assert f"Reason: {REASON}" in read.text
        assert "you have had this treatment and have a question or feel unwell" in read.text
        assert "(202) 555-0142" in read.text
        assert "The last words." not in read.text
        assert read.link("What it said: edition 2, the last one") == f"{AT}editions/2/"
        assert read.link("The history of this guide") == f"{AT}editions/"
        assert [one["content"] for one in read.with_attribute("name") if one["name"] == "robots"] == ["noindex"]
    get(client, f"{AT}nothing/", 410)
    get(client, f"{AT}mistake/", 410)


def test_nothing_leads_to_an_archived_guide(client, archived, cast):
    public.whole_clinic(cast["owner"])
    for path in ("/", "/guides/", "/sitemap.xml", "/prices/", "/providers/", "/consultation/"):
        assert AT.encode() not in get(client, path).content, path


def test_a_former_address_of_an_archived_guide_leads_to_what_it_is_called_now(client, archived, cast):
    actions.save_guide(archived.guide, by=cast["author"], slug="cooling")
    assert get(client, AT, 301)["Location"] == "/guides/cooling/"
    get(client, "/guides/cooling/", 410)


def test_the_record_of_an_archived_guide_stays_and_says_so(client, archived):
    last = page(response := get(client, f"{AT}editions/2/"))
    assert "This is the last edition of a guide that we no longer keep up to date." in last.text
    assert f"Reason: {REASON}" in last.text
    assert "The last words." in last.text
    assert response["X-Robots-Tag"] == "noindex"
    first = page(get(client, f"{AT}editions/1/")).text
    assert f"the whole guide is in our archive: nobody keeps it up to date. {REASON}" in first
    assert "This guide is in our archive" in page(get(client, f"{AT}editions/2/changes/")).text
    listed = page(get(client, f"{AT}editions/"))
    assert "We no longer keep this guide up to date." in listed.text
    assert f"The guide went into the archive. Reason: {REASON}" in listed.text
    assert "when this guide went into the archive" in listed.text
    get(client, f"/e/{archived.code}/")


def test_a_withdrawn_text_is_called_withdrawn_in_the_archive_too(client, archived, cast):
    actions.withdraw(archived, by=cast["author"], reason="Wrong dose.")
    text = page(get(client, AT, 410)).text
    assert "We have withdrawn this guide" in text
    assert "Wrong dose." in text


def test_a_day_in_the_archive_had_no_edition(client, guide, cast):
    now = timezone.now().replace(hour=16, minute=0)
    with time_machine.travel(now - timedelta(days=9), tick=False):
        builders.published(guide, cast)
    with time_machine.travel(now - timedelta(days=6), tick=False):
        actions.archive_guide(guide, by=cast["author"], reason=REASON)
    with time_machine.travel(now - timedelta(days=2), tick=False):
        actions.reopen_guide(guide, by=cast["author"])
    days = [(now - timedelta(days=ago)).date() for ago in (7, 4, 1)]
    before, within, after = (page(get(client, f"{AT}editions/?on={day}")) for day in days)
    assert [words for level, words in before.headings if level == 3] == ["Edition 1"]
    assert "No edition of this guide was live on that day." in within.text
    assert "when this guide went into the archive" in within.text
    assert "After it: edition 1" in within.text
    assert "Live since" in after.text
    assert "our archive" not in after.text
    get(client, AT)


def test_a_guide_that_comes_back_is_as_it_was(client, archived, cast):
    actions.reopen_guide(archived.guide, by=cast["reviewer"])
    for path in public.of_guide(archived):
        get(client, path)
    assert "This is the edition patients read today." in page(get(client, f"{AT}editions/2/")).text
    assert AT.encode() in get(client, "/sitemap.xml").content


def test_saying_that_a_guide_is_archived_costs_a_fixed_number_of_queries(client, archived, django_assert_num_queries):
    with django_assert_num_queries(3 + 2):
        get(client, AT, 410)


# Comparing two editions


@pytest.fixture
def three(guide, cast) -> list[Edition]:
    texts = ("The second words.", "The third words.")
    return [builders.published(guide, cast), *(builders.next_edition(guide, cast, text) for text in texts)]


def compared(client, **chosen):
    return client.get(f"{AT}editions/", chosen)


def test_two_editions_are_chosen_in_a_form_and_lead_to_what_changed(client, three):
    read = page(get(client, f"{AT}editions/"))
    assert "Compare two editions" in read.text
    response = compared(client, **{"from": "1", "to": "3"})
    assert (response.status_code, response["Location"]) == (302, f"{AT}editions/3/changes/?since=1")
    assert "Edition 3 compared with edition 1" in page(client.get(response["Location"])).text
    assert compared(client, **{"from": "3", "to": "1"})["Location"] == f"{AT}editions/1/changes/?since=3"


def test_the_form_begins_with_the_newest_and_the_one_before_it(client, three):
    chosen = [one for tag, one in page(get(client, f"{AT}editions/")).elements if tag == "option" and "selected" in one]
    assert [one["value"] for one in chosen] == ["2", "3"]


@pytest.mark.parametrize(
    ("chosen", "field", "said"),
    [
        ({"from": "2", "to": "2"}, "to", "You chose the same edition twice. Choose another one to compare with."),
        ({"from": "9", "to": "2"}, "from", "Choose one of the editions in the list."),
        ({"from": "1", "to": "<b>"}, "to", "Choose one of the editions in the list."),
        ({"from": "", "to": "2"}, "from", "Choose an edition."),
    ],
)
def test_what_cannot_be_compared_is_told_at_the_field(client, three, chosen, field, said):
    response = compared(client, **chosen)
    read = page(response)
    assert response.status_code == 200
    assert read.title.startswith("Error: Editions")
    assert (f"#id_{field}", said) in read.links
    control = next(one for tag, one in read.elements if one.get("id") == f"id_{field}")
    assert control["aria-invalid"] == "true"
    assert "All editions, newest first" in read.text


def test_an_edition_that_patients_never_saw_is_not_offered(client, three, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "Other words.")
    builders.submitted(guide, cast["author"])
    assert "Edition 4" not in page(get(client, f"{AT}editions/")).text
    assert page(compared(client, **{"from": "1", "to": "4"})).title.startswith("Error:")


def test_one_edition_alone_has_nothing_to_compare_with(client, live):
    assert "Compare two editions" not in page(get(client, f"{AT}editions/")).text


def test_many_editions_are_chosen_in_the_form_below_what_changed_in_one_too(client, three, guide, cast):
    few = page(get(client, f"{AT}editions/3/changes/"))
    assert "Compared with edition 1" in few.text
    for number in range(MOST_LINKS):
        builders.next_edition(guide, cast, f"Words {number}.")
    many = page(get(client, f"{AT}editions/3/changes/?since=1"))
    assert "Compared with edition 1" not in many.text
    chosen = [one["value"] for tag, one in many.elements if tag == "option" and "selected" in one]
    assert chosen == ["1", "3"]
    assert any(tag == "form" and one["action"] == f"{AT}editions/" for tag, one in many.elements)


def test_an_urgent_correction_is_marked_in_the_list_with_its_reason(client, live, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "Other words.")
    builders.published(guide, cast, what_changed="The dose.", urgent_reason="A dose <b>was</b> wrong.")
    text = page(get(client, f"{AT}editions/")).text
    assert text.count("Urgent correction:") == 1
    assert "The dose. Urgent correction: A dose <b>was</b> wrong." in text
