"""Ending a price and taking its end back in the admin: refused at the field, and nothing typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import OperationalError

from clinic import actions
from clinic.models import Price, PriceEnd
from education.models import Guide
from tests import builders
from tests.clinic.test_admin_prices import DAY, TODAY, screens, sent
from tests.education.desk import hidden, signed_in


@pytest.fixture(autouse=True)
def _spring(time_machine) -> None:
    time_machine.move_to("2026-03-03 17:00:00+00:00", tick=False)


@pytest.fixture
def guide(cast) -> Guide:
    return builders.guide(cast["author"], kind="procedure")


@pytest.fixture
def price(cast, guide) -> Price:
    return builders.price(guide, cast["author"])


def test_a_price_is_ended_and_kept_again(cast, price):
    author = signed_in(cast["author"])
    at = screens(price)
    assert author.get(at["end"]).context["form"]["last_day"].value() == TODAY
    author.post(at["end"], sent(author, price, "end", last_day="2026-03-12"))
    shown = author.get(at["change"])
    assert b"harged now until 12 Mar 2026" in shown.content
    author.post(at["keep"], {"seen": hidden(shown, "seen")})
    assert [end.last_day for end in PriceEnd.objects.order_by("pk")] == [date(2026, 3, 12), None]
    shown = author.get(at["change"]).content.decode()
    assert "Its end was taken back by Ada Author" in shown
    assert "Take its end back" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"last_day": ""}, "Choose the last day."),
        ({"last_day": "2026-02-30"}, "year-month-day"),
        ({"last_day": "2026-03-01"}, "stays on record"),
        ({"last_day": "2099-01-01"}, "more than two years away"),
    ],
)
def test_an_end_that_cannot_be_is_refused_at_its_field(typed, said, cast, price):
    author = signed_in(cast["author"])
    response = author.post(screens(price)["end"], sent(author, price, "end", **typed))
    assert said in str(response.context["form"].errors["last_day"])
    assert b"There is a problem" in response.content
    assert response.context["title"].startswith("End the price")
    assert b"<title>Error:" in response.content
    assert not PriceEnd.objects.exists()


def test_an_end_that_somebody_else_took_back_is_not_taken_back_twice(cast, price):
    author = signed_in(cast["author"])
    actions.end_price(price, by=cast["author"], last_day=TODAY + 9 * DAY)
    seen = hidden(author.get(screens(price)["change"]), "seen")
    actions.keep_price(price, by=cast["colleague"])
    response = author.post(screens(price)["keep"], {"seen": seen}, follow=True)
    assert b"Cleo Colleague changed this price" in response.content
    assert PriceEnd.objects.count() == 2


def test_a_planned_price_is_taken_back_with_the_day_that_is_offered(cast, guide):
    price = builders.price(guide, cast["author"], valid_from=TODAY + 30 * DAY)
    author = signed_in(cast["author"])
    offered = author.get(screens(price)["end"]).context["form"]["last_day"].value()
    author.post(screens(price)["end"], sent(author, price, "end", last_day=offered.isoformat()))
    assert b"aken back before it began" in author.get(screens(price)["change"]).content


def test_an_end_that_cannot_be_written_now_keeps_the_day(cast, price):
    author = signed_in(cast["author"])
    typed = sent(author, price, "end", last_day="2026-03-12")
    with patch("clinic.actions.end_price", side_effect=OperationalError("locked")):
        response = author.post(screens(price)["end"], typed)
    assert response.status_code == 503
    assert b'value="2026-03-12"' in response.content


def test_who_takes_a_planned_change_back_is_led_to_the_old_price_that_still_ends(cast, price):
    by = cast["author"]
    new = actions.change_price(
        price, builders.unsaved_price(price.guide, amount_to=Decimal(600)), by=by, from_day=TODAY + DAY
    )
    author = signed_in(by)
    screen = author.get(screens(new)["end"])
    assert b"It has not begun." in screen.content
    assert screen.context["form"]["last_day"].value() == TODAY - DAY
    led = author.post(screens(new)["end"], sent(author, new, "end", last_day="2026-03-02"), follow=True)
    assert led.redirect_chain[-1][0] == screens(price)["change"]
    text = led.content.decode()
    assert "still ends: it is charged now until 3 Mar 2026. To go on charging it, take its end back here." in text
    assert "charged never: it was taken back before it began." in text
    kept = author.post(screens(price)["keep"], {"seen": hidden(led, "seen")}, follow=True).content.decode()
    assert "charged now." in kept
    assert [one.amount_to for one in Price.objects.on(TODAY + DAY)] == [price.amount_to]
    assert "Charged</dt><dd>never: it was taken back" in author.get(screens(new)["change"]).content.decode()
