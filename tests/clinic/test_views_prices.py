"""The public price list: what is charged, what was, and what it comes to; nothing that is asked breaks it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.models import Location, Price
from education import actions as education
from tests import builders, public
from tests.clinic import asking
from tests.html import Page, get, page

PRICES = "/prices/"
NOTICE = "You have the right to an estimate in writing."
D = Decimal


@pytest.fixture(autouse=True)
def _spring(time_machine) -> None:
    time_machine.move_to("2026-03-03 17:00:00+00:00", tick=False)


@pytest.fixture
def priced(cast, live) -> Price:
    """A live guide with a price of a session, its numbers and their source, and a first talk."""
    public.clinic(cast["owner"], phone="(202) 555-0142", estimate_notice=NOTICE)
    source = builders.source()
    face = builders.price(live.guide, cast["author"], source=source, included="Numbing cream.", not_included="Pills.")
    builders.price(live.guide, cast["author"], "First talk", unit="consultation", amount_from=D(80), amount_to=D(80))
    return face


def ask(client: Client, **asked: object) -> Page:
    return page(get(client, f"{PRICES}?{urlencode(asked)}"))


# The list


def test_a_patient_reads_what_a_whole_course_costs_and_how_it_was_worked_out(client, priced):
    shown = ask(client)
    assert shown.title == "Prices – Test Clinic"
    for words in (
        "$300 to $500 a session",
        "$1,800 to $5,000 6 to 10 sessions × $300 to $500",
        "$600 to $2,000 2 to 4 sessions × $300 to $500",
        "$80 a consultation",
        "Does not apply",
        "Included: Numbing cream.",
        "Not included: Pills.",
        "Numbers from: A trial of cold, Journal of Cold, 2020",
        "What we charge on March 3, 2026",
        "They are a guide, not a good faith estimate.",
        NOTICE,
    ):
        assert words in shown.text, words
    assert shown.link("Read the guide: Cold therapy") == "/guides/cold-therapy/"
    assert shown.link("Ask for a consultation: Cold therapy") == "/consultation/?guide=cold-therapy"


def test_the_notice_stands_with_every_procedures_prices(client, cast, priced):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.price(other, cast["author"])
    assert ask(client).text.count(NOTICE) == 2


def test_the_guide_is_linked_only_while_it_is_live(client, cast, priced, live):
    education.withdraw(live, by=cast["reviewer"], reason="It named a wrong dose.")
    shown = ask(client)
    assert "Cold therapy" in shown.text
    assert "/guides/cold-therapy/" not in [href for href, _ in shown.links]


def test_prices_without_numbers_say_so(client, cast, live):
    numbers = dict.fromkeys(("sessions_from", "sessions_to", "upkeep_from", "upkeep_to"))
    builders.price(live.guide, cast["author"], **numbers)
    shown = ask(client)
    assert shown.text.count("Not stated") == 2
    assert "good faith estimate. Price" not in shown.text
    worked_out = ask(client, procedure="cold-therapy", area="Face")
    assert "How many sessions a course has is not stated." in worked_out.text
    assert "In all" not in worked_out.text
    with_number = ask(client, procedure="cold-therapy", area="Face", sessions=4)
    assert "$1,200 to $2,000" in with_number.text
    assert "The total leaves out what is not stated." in with_number.text


def test_a_procedure_with_a_first_talk_alone_has_no_columns_of_sums(client, cast, live):
    builders.price(live.guide, cast["author"], "First talk", unit="consultation")
    shown = ask(client)
    assert "Whole course" not in shown.text
    assert "Not stated" not in shown.text


def test_a_source_that_was_withdrawn_is_said_to_be(client, cast, priced):
    builders.source()
    facts = {"outcome": "withdrawn", "note": "The journal took it back.", "next_check": timezone.localdate()}
    education.check_source(builders.source(), by=cast["reviewer"], **facts)
    assert "this source has been withdrawn" in ask(client).text


def test_where_there_is_no_price_it_says_how_to_ask(client, cast, live):
    public.clinic(cast["owner"], phone="(202) 555-0142")
    for asked in ({}, {"procedure": "cold-therapy", "sessions": "x"}):
        shown = ask(client, **asked)
        assert "We tell you our prices when you ask." in shown.text
        assert shown.link("Ask for a consultation") == "/consultation/"
        assert shown.text.count("(202) 555-0142") == 1
        assert not shown.title.startswith("Error")
        assert "What we charged before" not in shown.text


def test_what_staff_typed_is_text_and_nothing_else(client, cast, live):
    bad = "<script>alert(1)</script>"
    place = Location.objects.create(slug="x", name=bad, postal_address="1 Quay")
    public.clinic(cast["owner"], estimate_notice=bad)
    builders.price(live.guide, cast["author"], bad, included=bad, not_included=bad, note=bad, location=place)
    for asked in ({}, {"procedure": "cold-therapy", "area": bad}):
        assert "<script>alert" not in ask(client, **asked).markup


# What it costs in all


def test_a_course_with_years_of_upkeep_is_added_up_line_by_line(client, priced):
    shown = ask(client, procedure="cold-therapy", area="Face", sessions=8, keep="yes", years=3)
    for words in (
        "The whole course 8 sessions × $300 to $500 $2,400 to $4,000",
        "Keeping the result for 3 years 3 years × 2 to 4 sessions a year × $300 to $500 $1,800 to $6,000",
        "In all All lines above $4,200 to $10,000",
        "not a good faith estimate",
        "Included: Numbing cream.",
        NOTICE,
        "What we charge on March 3, 2026",
        "Not in these sums",
        "First talk $80",
        "Test Clinic",
    ):
        assert words in shown.text, words
    assert shown.link("Ask for a consultation") == "/consultation/?guide=cold-therapy"


def test_with_nothing_typed_the_prices_own_numbers_count(client, priced):
    shown = ask(client, procedure="cold-therapy", area="Face")
    assert "6 to 10 sessions × $300 to $500 $1,800 to $5,000" in shown.text
    assert "Keeping the result for 1 year 2 to 4 sessions × $300 to $500 $600 to $2,000" in shown.text
    assert "$2,400 to $7,000" in shown.text
    assert "Leave it empty for 6 to 10 sessions" in shown.text


def test_the_course_alone_has_no_upkeep(client, priced):
    shown = ask(client, procedure="cold-therapy", area="Face", keep="no", years=5)
    assert "Keeping the result" not in shown.text
    assert "In all All lines above $1,800 to $5,000" in shown.text


def test_another_number_than_the_stated_one_is_pointed_out(client, priced):
    assert "the one stated here: 6 to 10 sessions" in ask(client, procedure="cold-therapy", sessions=12).text
    assert "the one stated here" not in ask(client, procedure="cold-therapy", sessions=10).text


def test_courses_that_are_sold_whole_are_counted_whole(client, cast, live):
    builders.price(
        live.guide, cast["author"], unit="course", sessions_in_course=6, amount_from=D(1500), amount_to=D(1500)
    )
    assert "for a course of 6 sessions" in ask(client).text
    shown = ask(client, procedure="cold-therapy", sessions=8, keep="no")
    assert "2 courses of 6 sessions × $1,500 $3,000" in shown.text
    assert "Sessions are sold here in courses of 6" in shown.text


def test_without_an_area_each_is_worked_out(client, cast, priced):
    builders.price(priced.guide, cast["author"], "Scalp", amount_from=D(100), amount_to=D(100))
    shown = ask(client, procedure="cold-therapy", sessions=2, keep="no")
    assert "$600 to $1,000" in shown.text
    assert "2 sessions × $100 $200" in shown.text
    assert shown.text.count("We worked out these sums for you") == 1


def test_of_several_procedures_one_is_chosen_first(client, cast, priced):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.price(other, cast["author"], "Back")
    shown = ask(client)
    assert "Choose a treatment" in shown.text
    assert "How many sessions" not in shown.text
    early = ask(client, sessions=3)
    assert early.title.startswith("Error: ")
    assert "Choose a treatment first" in early.text
    chosen = ask(client, procedure="heat")
    assert "How many sessions" in chosen.text
    assert "Back" in chosen.text
    assert "First talk" not in chosen.text


# What cannot be


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sessions": "abc"}, "Write a whole number"),
        ({"sessions": "1.5"}, "Write a whole number"),
        ({"sessions": "0"}, "Write 1 session or more."),
        ({"sessions": "-4"}, "Write 1 session or more."),
        ({"sessions": "201"}, "at most 200 sessions"),
        ({"sessions": "9" * 300}, "at most 200 sessions"),
        ({"sessions": "9" * 5000}, "Write a whole number"),
        ({"years": "0"}, "Write 1 year or more"),
        ({"years": "21"}, "at most 20 years"),
        ({"years": "٣x"}, "Write a whole number"),
        ({"keep": "perhaps"}, "Choose yes or no."),
        ({"keep": ""}, "Say whether to add them."),
        ({"area": "Elbow"}, "This treatment has no such price."),
        ({"area": "Elbow\x00"}, "This treatment has no such price."),
        ({"procedure": "no-such", "sessions": "3"}, "We have no price for this on the list."),
        ({"procedure": "\x00"}, ""),
        ({"procedure": "💉" * 900, "keep": "no"}, "We have no price for this on the list."),
        ({"on": "soon"}, "Write the day as year-month-day"),
        ({"on": ""}, "Choose a day."),
        ({"on": "2026-02-30"}, "Write the day as year-month-day"),
        ({"on": "99999-01-01"}, "Write the day as year-month-day"),
        ({"on": "2026-03-04"}, "That day has not come yet"),
        ({"on": "9999-12-31"}, "That day has not come yet"),
        ({"on": "0001-01-01"}, "No price is on record"),
        ({"on": "2026-03-03\x00"}, ""),
    ],
)
def test_whatever_is_asked_gets_a_kind_answer(client, priced, asked, said):
    shown = ask(client, **{"procedure": "cold-therapy", **asked})
    assert said in shown.text
    wrong = bool(said) and "No price" not in said
    assert shown.title.startswith("Error: ") is wrong
    if wrong:
        assert "$300 to $500" in shown.text, "the list is still there"


@pytest.mark.parametrize("slug", ["warm-therapy", "no-such", "💉" * 900])
def test_the_link_of_a_guide_without_a_price_leads_to_no_error_but_to_whom_to_ask(client, cast, priced, slug):
    asking.procedure(cast)
    shown = ask(client, procedure=slug)
    assert shown.title == "Prices – Test Clinic"
    assert "We have no price for this treatment on this list." in shown.text
    assert shown.link("Ask for a consultation") == f"/consultation/?{urlencode({'guide': slug})}"
    assert "$300 to $500" in shown.text, "what there is stays in sight"
    assert "on this list" not in ask(client, procedure="cold-therapy").text


def test_bytes_that_are_no_text_do_no_harm(client, priced):
    for query in ("procedure=%FF%FE", "sessions=%00%FF&area=%C3%28", "on=%FF", "&&==;%", "procedure=a&procedure=b"):
        assert client.get(f"{PRICES}?{query}").status_code == 200


def test_it_is_read_and_nothing_else(client, priced):
    assert client.post(PRICES, {"procedure": "cold-therapy"}).status_code == 405
    assert client.head(PRICES).status_code == 200


# Another day


def test_what_was_charged_on_a_day_is_shown_with_a_notice(client, cast, priced, time_machine):
    time_machine.move_to("2026-05-01 17:00:00+00:00", tick=False)
    actions.change_price(priced, builders.unsaved_price(priced.guide, amount_from=D(350)), by=cast["author"])
    assert "$350 to $500 a session" in ask(client).text
    for day in ("2026-03-03", "2026-04-30"):
        shown = ask(client, on=day)
        assert "$300 to $500 a session" in shown.text
        assert "$350" not in shown.text
        assert f"These are the prices of {'March 3' if day[6] == '3' else 'April 30'}, 2026." in shown.text
        assert shown.link("Prices of today") == PRICES
        assert 'type="application/ld+json"' not in shown.markup
    before = ask(client, on="2026-03-02", procedure="cold-therapy")
    assert "No price is on record for March 2, 2026." in before.text
    today = ask(client, on="2026-05-01")
    assert "$350 to $500 a session" in today.text
    assert "These are the prices of" not in today.text


def test_a_sum_of_another_day_stays_on_that_day(client, cast, priced, time_machine):
    time_machine.move_to("2026-05-01 17:00:00+00:00", tick=False)
    actions.change_price(priced, builders.unsaved_price(priced.guide, amount_from=D(350)), by=cast["author"])
    shown = ask(client, on="2026-04-01", procedure="cold-therapy", area="Face", sessions=1, keep="no")
    assert "1 session × $300 to $500 $300 to $500" in shown.text
    assert "These are the prices of April 1, 2026." in shown.text
    assert shown.link("Prices of today") == "/prices/?procedure=cold-therapy"
    assert ("input", {"type": "hidden", "name": "on", "value": "2026-04-01"}) in shown.elements


def test_a_price_that_is_planned_is_not_shown_before_its_day(client, cast, priced, time_machine):
    actions.change_price(
        priced, builders.unsaved_price(priced.guide, amount_from=D(350)), by=cast["author"], from_day=date(2026, 3, 4)
    )
    assert "$350" not in ask(client).text
    time_machine.move_to("2026-03-04 04:30:00+00:00", tick=False)  # still the 3rd in New York
    assert "$350" not in ask(client).text
    time_machine.move_to("2026-03-04 05:30:00+00:00", tick=False)
    assert "$350" in ask(client).text


# The same for everybody, and cheap


def test_it_is_the_same_for_everybody_and_sets_no_cookie(client, cast, priced):
    anonymous = get(client, PRICES)
    client.force_login(cast["owner"])
    signed_in = get(client, PRICES)
    assert signed_in.content == anonymous.content
    assert not anonymous.cookies
    assert not signed_in.cookies


def test_it_asks_the_database_as_often_for_many_prices_as_for_one(client, cast, priced, django_assert_num_queries):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    for number in range(9):
        builders.price(other, cast["author"], f"Area {number}", source=builders.source())
    for asked in ("", "?procedure=heat&area=Area+1&sessions=3", "?on=2026-03-02"):
        with django_assert_num_queries(5 if "on=" not in asked else 3):
            get(client, PRICES + asked)
