"""What machines read of prices is what the page says, and no more."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clinic import actions
from tests import builders
from tests.html import get, page

D = Decimal


@pytest.fixture(autouse=True)
def _spring(time_machine) -> None:
    time_machine.move_to("2026-03-03 17:00:00+00:00", tick=False)


def test_what_machines_read_agrees_with_the_page(client, cast, live):
    builders.price(live.guide, cast["author"])
    talk = {"unit": "consultation", "amount_from": D(80), "amount_to": D(80)}
    builders.price(live.guide, cast["author"], "First talk", **talk)
    builders.price(live.guide, cast["author"], "Neck", currency="KWD", amount_from=D("12.5"), amount_to=D("12.5"))
    course = {"unit": "course", "sessions_in_course": 6, "amount_from": D(1500), "amount_to": D(1500)}
    last = builders.price(live.guide, cast["author"], "</script><b>", **course)
    actions.end_price(last, by=cast["author"], last_day=timezone.localdate() + timedelta(days=3))
    shown = page(get(client, "/prices/"))
    (text,) = shown.data
    facts = json.loads(text)
    assert facts["@context"] == "https://schema.org"
    assert (facts["@type"], facts["name"]) == ("MedicalProcedure", "Cold therapy")
    assert facts["url"].endswith("/guides/cold-therapy/")
    by_name = {offer["name"]: offer for offer in facts["offers"]}
    face = by_name["Face"]["priceSpecification"]
    assert (face["minPrice"], face["maxPrice"], face["priceCurrency"]) == ("300", "500", "USD")
    assert (face["validFrom"], face["unitText"]) == ("2026-03-03", "session")
    assert by_name["First talk"]["price"] == "80"
    assert (by_name["Neck"]["price"], by_name["Neck"]["priceCurrency"]) == ("12.5", "KWD")
    assert by_name["</script><b>"]["priceSpecification"]["validThrough"] == "2026-03-06"
    # Each offer stands on the page, and nothing else is offered.
    rows = [words for tag, words in shown.elements if tag == "th" and words.get("scope") == "row"]
    assert len(rows) == len(by_name) == 4
    assert all(name in shown.text for name in by_name)
    assert "KWD\u00a012.500" in shown.markup


def test_a_procedure_whose_guide_is_not_live_leads_to_the_price_list(client, cast, guide):
    builders.price(guide, cast["author"])
    (text,) = page(get(client, "/prices/")).data
    assert json.loads(text)["url"].endswith("/prices/")
