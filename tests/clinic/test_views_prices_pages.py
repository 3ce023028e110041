"""A long price list comes in pages; one procedure, a sum and a day are found as before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinic.models import Price
from clinic.views.prices import PROCEDURES_ON_A_PAGE
from education.models import Guide
from tests import builders, public
from tests.html import Page, get, page

PRICES = "/prices/"


@pytest.fixture
def long_list(cast) -> date:
    """Make one procedure more than a page takes; return a day on which all were charged."""
    public.clinic(cast["owner"])
    begun = timezone.now() - timedelta(days=30)
    for number in range(PROCEDURES_ON_A_PAGE + 1):
        title = f"Care {number:03}"
        guide = Guide.objects.create(title=title, slug=f"care-{number}", slug_at_creation=f"care-{number}")
        row = builders.unsaved_price(guide, amount_to=500)
        row.valid_from, row.made_at, row.made_by, row.made_by_name = begun.date(), begun, cast["author"], "Ada"
        Price.objects.bulk_create([row])
    return begun.date()


def shown(client: Client, asked: str = "") -> Page:
    return page(get(client, PRICES + asked))


def test_the_first_page_has_as_many_as_it_takes_and_leads_to_the_next(client, long_list):
    first = shown(client)
    assert first.text.count("Ask for a consultation: Care") == PROCEDURES_ON_A_PAGE
    assert "Page 1 of 2" in first.text
    second = shown(client, first.link("Next").removeprefix(PRICES))
    assert "Ask for a consultation: Care 040" in second.text
    assert second.text.count("Ask for a consultation: Care") == 1
    assert second.link("Previous") == f"{PRICES}?page=1"


def test_another_page_of_a_day_is_of_the_same_day(client, long_list):
    first = shown(client, f"?on={long_list}")
    assert first.link("Next") == f"{PRICES}?on={long_list}&page=2"
    assert "Care 040" in shown(client, f"?on={long_list}&page=2").text


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1e9", "9" * 400, "٣"])
def test_a_page_that_is_none_shows_one_that_is(client, long_list, number):
    assert " of 2" in shown(client, f"?page={number}").text


def test_a_procedure_of_the_second_page_is_chosen_and_worked_out(client, long_list):
    chosen = shown(client, "?procedure=care-40")
    assert "Ask for a consultation: Care 040" in chosen.text
    assert "Page 1 of" not in chosen.text
    assert "$" in shown(client, "?procedure=care-40&sessions=3").text


def test_a_short_list_says_nothing_of_pages(client, cast, live):
    builders.price(live.guide, cast["author"])
    assert "Page 1 of" not in shown(client).text
