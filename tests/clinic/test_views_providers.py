"""The pages of providers: who is on them, what a filter finds, what became of somebody who left."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from clinic.models import Provider
from education import actions
from education.models import Edition
from tests import builders, profiles, public
from tests.education.desk import signed_in
from tests.html import get, page

SCRIPT = "<script>alert(1)</script>"
CLINIC = 2  # the clinic's facts and its information pages, on every page
LEFT = date(2021, 5, 1)


@pytest.fixture
def procedure(cast) -> Edition:
    public.clinic(cast["owner"])
    return profiles.procedure(cast)


@pytest.fixture
def robin(cast, procedure) -> Provider:
    return profiles.well_known(cast, procedure.guide)


def names(read) -> list[str]:
    return [words for level, words in read.headings if level == 3]


# The list


@pytest.mark.django_db
def test_a_clinic_without_providers_says_so_and_how_to_ask(client):
    read = page(get(client, "/providers/"))
    assert "There is nothing to read about our providers here now." in read.text
    assert read.link("Ask for a consultation") == "/consultation/"


def test_the_list_has_who_is_shown_today_in_the_clinics_order(client, cast):
    profiles.provider(cast["author"], "Zoe First", position=1)
    profiles.provider(cast["author"], "Abe Second", position=2)
    profiles.provider(cast["author"], "Una Soon", visible_from=date(2099, 1, 1))
    profiles.provider(cast["author"], "Gus Gone", visible_until=LEFT)
    read = page(get(client, "/providers/"))
    assert names(read) == ["Zoe First", "Abe Second"]
    assert read.link("Zoe First") == "/providers/zoe-first/"


def test_a_card_says_what_somebody_does_speaks_and_where(client, robin):
    read = page(get(client, "/providers/"))
    for words in (
        "Robin Sample, NP",
        "Gives injections.",
        "Cold therapy",
        "Spanish, English",
        "Harbor Lane",
        "Welcome",
    ):
        assert words in read.text


def test_only_a_question_that_has_more_than_one_answer_is_asked(client, cast, robin):
    read = page(get(client, "/providers/"))
    assert [one["name"] for tag, one in read.elements if tag == "select"] == ["language"]
    profiles.provider(cast["author"], "Maya", languages=["en"], locations=[profiles.location("North")])
    read = page(get(client, "/providers/"))
    assert [one["name"] for tag, one in read.elements if tag == "select"] == ["language", "location"]


def test_a_filter_shows_who_fits_all_of_it(client, cast, robin):
    heat = builders.guide(cast["author"], title="Heat", slug="heat", kind="procedure")
    profiles.provider(cast["author"], "Maya", languages=["en"], performs=[heat], locations=[profiles.location("North")])
    for query, found in [
        ("", ["Maya", "Robin Sample, NP"]),
        ("?procedure=cold-therapy", ["Robin Sample, NP"]),
        ("?procedure=heat", ["Maya"]),
        ("?language=es", ["Robin Sample, NP"]),
        ("?language=en&location=north", ["Maya"]),
        ("?procedure=&language=&location=", ["Maya", "Robin Sample, NP"]),
    ]:
        assert names(page(get(client, f"/providers/{query}"))) == found, query
    read = page(get(client, "/providers/?language=es"))
    assert "1 of 2 providers" in read.text
    assert read.link("Show all providers") == "/providers/"
    assert [one["value"] for tag, one in read.elements if tag == "option" and "selected" in one] == ["", "es", ""]


def test_nobody_who_fits_is_said_with_a_way_back(client, cast, robin):
    profiles.provider(cast["author"], "Maya", languages=["fr"], locations=[profiles.location("North")])
    read = page(get(client, "/providers/?language=fr&procedure=cold-therapy"))
    assert names(read) == []
    assert "Nobody here fits all that you chose." in read.text
    assert read.link("Show all providers") == "/providers/"


@pytest.mark.parametrize(
    "query",
    ["procedure=nothing", "language=xx", "location=%00", "language=%27%22%3Cscript%3E", f"location={'x' * 5000}"],
)
def test_an_unknown_answer_is_refused_kindly_and_everybody_is_shown(client, robin, query):
    read = page(get(client, f"/providers/?{query}"))
    assert read.title.startswith("Error: ")
    assert "There is a problem" in read.text
    assert "Choose one of the list." in read.text
    assert names(read) == ["Robin Sample, NP"]
    assert read.link("Show all providers") == "/providers/"


def test_a_question_with_one_answer_is_kept_where_a_link_asked_it(client, cast, robin):
    profiles.provider(cast["author"], "Maya", languages=["fr"])
    read = page(get(client, "/providers/?procedure=cold-therapy"))
    assert names(read) == ["Robin Sample, NP"]
    hidden = [one for tag, one in read.elements if tag == "input" and one.get("type") == "hidden"]
    assert [(one["name"], one["value"]) for one in hidden] == [("procedure", "cold-therapy")]


def test_the_list_costs_the_same_however_many(client, cast, procedure, django_assert_num_queries):
    for number in range(6):
        profiles.provider(
            cast["author"],
            f"Provider {number}",
            languages=["en", "es"],
            performs=[procedure.guide],
            locations=[profiles.location(f"Place {number}")],
        )
    with django_assert_num_queries(5 + CLINIC):
        get(client, "/providers/?language=es")


# One provider


def test_a_page_says_who_somebody_is_and_where_that_can_be_checked(client, robin):
    read = page(get(client, "/providers/robin-sample/"))
    assert read.title == "Robin Sample, NP – Test Clinic"
    for words in (
        "nurse practitioner",
        "Gives injections.",
        "Spanish, English",
        "Example Board",
        "EX-1",
        "Dermatology, Example Board",
        "Lasers",
        "since 2015",
        "about 1,400 treatments, counted in March 2024",
        "Welcome",
    ):
        assert words in read.text
    assert read.link("Check this license") == "https://example.org/check"
    assert read.link("Cold therapy") == "/guides/cold-therapy/"
    assert read.link("Harbor Lane") == "/#place-harbor-lane"
    assert read.link("Ask for a consultation") == "/consultation/?provider=robin-sample"
    assert {"source-trial-2020", "term-numbness"} <= set(read.ids)
    assert "Training" in [words for _, words in read.headings]


def test_a_page_with_nothing_that_may_be_missing_is_sound_and_claims_nothing(client, cast):
    profiles.provider(cast["author"], languages=())
    read = page(get(client, "/providers/robin-sample/"))
    for words in ("License", "Speaks", "Works at", "New patients", "certifications", "reviewed", "do here"):
        assert words not in read.text


def test_a_procedure_whose_guide_is_not_live_is_named_without_a_link(client, cast):
    heat = builders.guide(cast["author"], title="Heat", slug="heat", kind="procedure")
    profiles.provider(cast["author"], performs=[heat])
    read = page(get(client, "/providers/robin-sample/"))
    assert "Heat" in read.text
    assert "/guides/heat/" not in {href for href, _ in read.links}


def test_a_place_that_is_not_shown_is_not_named(client, cast):
    profiles.provider(cast["author"], locations=[profiles.location(is_shown=False)])
    assert "Harbor Lane" not in page(get(client, "/providers/robin-sample/")).text


def test_a_page_names_the_guides_somebody_reviewed_that_patients_read_today(client, cast, robin):
    gone = builders.published(builders.guide(cast["author"], title="Gone", slug="gone"), cast)
    actions.withdraw(gone, by=cast["author"], reason="Wrong.")
    advice = builders.published(builders.guide(cast["author"], title="Advice", slug="advice"), cast)
    returned = builders.submitted(builders.guide(cast["author"], title="Open", slug="open"), cast["author"])
    actions.give_back(returned, by=cast["reviewer"], note="Shorten it.")
    with time_machine.travel("2027-02-03T12:00:00Z", tick=False):
        actions.confirm(advice, by=cast["reviewer"], judged=advice.content_hash)
        read = page(get(client, "/providers/robin-sample/"))
    reviewed = read.text.partition("Guides they reviewed")[2].partition("About Robin Sample")[0]
    assert reviewed.count("reviewed") == 2
    assert "Advice, reviewed Feb. 3, 2027" in reviewed
    assert "Cold therapy, reviewed" in reviewed


def test_who_is_not_shown_yet_is_not_found_by_staff_neither(client, cast):
    profiles.provider(cast["author"], visible_from=date(2099, 1, 1))
    get(client, "/providers/robin-sample/", 404)
    get(signed_in(cast["owner"]), "/providers/robin-sample/", 404)
    get(client, "/providers/nobody/", 404)


def test_a_page_costs_the_same_however_much_somebody_did(client, cast, robin, django_assert_num_queries):
    # What its text names costs three more: sources, terms, and how the sources stand.
    # When their places are open costs two.
    with django_assert_num_queries(4 + 2 + 3 + CLINIC):
        get(client, "/providers/robin-sample/")


def test_nothing_that_staff_write_becomes_markup(client, cast):
    facts = dict.fromkeys(("post_nominals", "role", "short_biography", "licence_authority", "licence_number"), SCRIPT)
    profiles.provider(
        cast["author"],
        f"Robin {SCRIPT}",
        slug="robin",
        biography=f"{SCRIPT}\n\n[a](javascript:alert(1))",
        certifications=SCRIPT,
        locations=[profiles.location(f"Place {SCRIPT}", slug="place")],
        **facts,
    )
    for path in ("/providers/", "/providers/robin/"):
        read = page(get(client, path))
        assert SCRIPT in read.text
        assert not [href for href, _ in read.links if href.startswith("javascript:")]
    Provider.objects.update(visible_until=LEFT)
    assert SCRIPT in page(get(client, "/providers/robin/", 410)).text


# Who left


def test_the_page_of_somebody_who_left_says_so_and_who_does_it_now(client, cast, robin):
    Provider.objects.filter(pk=robin.pk).update(visible_until=LEFT)
    profiles.provider(cast["author"], "Maya", performs=[robin.performed.get().guide])
    profiles.provider(cast["author"], "Other")
    read = page(get(client, "/providers/robin-sample/", 410))
    assert "Robin Sample no longer sees patients at Test Clinic." in read.text
    assert read.link("Cold therapy") == "/guides/cold-therapy/"
    assert read.link("Maya") == "/providers/maya/"
    assert "/providers/other/" not in {href for href, _ in read.links}
    assert "Guides they reviewed" in read.text
    # What counts no more: nobody is to choose them, or to ask for them.
    for words in ("Example Board", "Welcome", "since 2015", "?provider="):
        assert words not in read.markup
    assert read.link("Ask for a consultation") == "/consultation/"


def test_when_nobody_else_performs_it_the_page_says_that_too(client, cast, robin):
    Provider.objects.filter(pk=robin.pk).update(visible_until=LEFT)
    assert "Nobody else is listed for this here now." in page(get(client, "/providers/robin-sample/", 410)).text


def test_the_last_day_is_still_one_on_which_patients_read_the_page(client, cast):
    profiles.provider(cast["author"], visible_until=date(2026, 3, 3))
    with time_machine.travel("2026-03-03T12:00:00Z", tick=False):
        get(client, "/providers/robin-sample/")
    with time_machine.travel("2026-03-04T12:00:00Z", tick=False):
        get(client, "/providers/robin-sample/", 410)


def test_who_sees_no_new_patients_says_so_where_one_would_ask(client, cast, procedure):
    profiles.provider(cast["author"], performs=[procedure.guide], accepts_new_patients=False)
    own, beside = (page(get(client, path)) for path in ("/providers/robin-sample/", "/guides/cold-therapy/"))
    assert "No new patients at present." in own.text
    assert "/consultation/?provider=robin-sample" not in [href for href, _ in own.links]
    assert "nurse practitioner (no new patients at present)" in beside.text


def test_a_page_says_when_the_places_are_open_where_somebody_works(client, cast, procedure):
    open_one = public.place(cast["owner"])
    silent = profiles.location("Quiet Street", slug="quiet-street")
    profiles.provider(cast["author"], locations=[open_one, silent])
    read = page(get(client, "/providers/robin-sample/"))
    assert "Ask us when Robin Sample is there." in read.text
    assert [words for _, words in read.headings].count("Opening hours") == 1
    assert "9 a.m. to 12:30 p.m." in read.text
    assert "7 Dock Street" in read.text
