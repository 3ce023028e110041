"""Prices are added, changed, ended and kept by those who may; what was charged on a day that is over never changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from clinic import actions
from clinic.models import Location, Price, PriceEnd
from education.actions import Refused
from education.models import Guide
from education.rules import NotPermitted
from tests import builders, public

D = Decimal
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(time_machine) -> None:
    time_machine.move_to("2026-03-03 17:00:00+00:00", tick=False)


@pytest.fixture
def today() -> date:
    return date(2026, 3, 3)


def now(price: Price) -> Price:
    return Price.objects.with_last_day().get(pk=price.pk)


def on(day: date) -> list[tuple[str, D]]:
    return [(price.what, price.amount_from) for price in Price.objects.on(day)]


def refused(field: str, call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    assert refusal.value.field == field, refusal.value
    return str(refusal.value)


# Who may


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_who_may_write_prices_does(who, cast, guide, today):
    price = builders.price(guide, cast["author"])
    attempts = (
        lambda by: actions.add_price(builders.unsaved_price(guide, "Scalp"), by=by),
        lambda by: actions.change_price(price, builders.unsaved_price(guide, amount_to=D(600)), by=by),
        lambda by: actions.end_price(price, by=by, last_day=today),
        lambda by: actions.keep_price(price, by=by),
    )
    for attempt in attempts:
        with pytest.raises(NotPermitted, match="Ask the owner"):
            attempt(cast[who])
    assert (Price.objects.count(), PriceEnd.objects.count()) == (1, 0)


# Adding


def test_a_price_is_signed_and_begins_today_in_the_clinics_currency(cast, guide, today):
    public.clinic(cast["owner"], currency="KWD")
    price = builders.price(guide, cast["author"], currency="", amount_from=D("12.345"), amount_to=None)
    price.refresh_from_db()
    assert (price.currency, price.valid_from, price.amount_to) == ("KWD", today, D("12.345"))
    assert (price.made_by_name, price.made_by_role) == ("Ada Author", "editor")


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"what": " \u200b – "}, "what", "Say what the price is for"),
        ({"what": "x" * 121}, "what", "121 characters"),
        ({"note": "x" * 401}, "note", "401 characters"),
        ({"amount_from": None, "amount_to": None}, "amount_from", "Write an amount"),
        ({"amount_from": D(-1)}, "amount_from", "Write an amount"),
        ({"amount_from": D("NaN")}, "amount_from", "Write an amount"),
        ({"amount_to": D("Infinity")}, "amount_to", "Write an amount"),
        ({"amount_to": D(10**10)}, "amount_to", "more than Plainleaf can add up"),
        ({"amount_from": D(501)}, "amount_to", "less than the lowest"),
        ({"amount_from": D("300.505")}, "amount_from", "at most 2 digits after the point"),
        ({"currency": "JPY", "amount_from": D("300.5")}, "amount_from", "no digits after the point"),
        ({"currency": "KWD", "amount_from": D("300.5055")}, "amount_from", "at most 3 digits"),
        ({"currency": "XXX"}, "currency", "Choose a currency"),
        ({"unit": "hour"}, "unit", "Choose what the price is for"),
        ({"unit": "course"}, "sessions_in_course", "how many sessions the course has"),
        ({"sessions_in_course": 6}, "sessions_in_course", "Leave this empty"),
        ({"unit": "course", "sessions_in_course": 201}, "sessions_in_course", "from 1 to 200"),
        ({"sessions_from": 0}, "sessions_from", "from 1 to 200"),
        ({"sessions_from": None}, "sessions_from", "lowest number too"),
        ({"sessions_from": 11}, "sessions_to", "from 11 to 200"),
        ({"upkeep_to": 201}, "upkeep_to", "from 2 to 200"),
        ({"unit": "consultation", "upkeep_from": 2}, "upkeep_from", "Leave them empty"),
        ({"valid_from": date(2026, 3, 2)}, "valid_from", "That day is over"),
        ({"valid_from": date(2036, 3, 3)}, "valid_from", "more than two years away"),
    ],
)
def test_a_price_that_contradicts_itself_is_refused_with_a_sentence(facts, field, said, cast, guide):
    assert said in refused(field, builders.price, guide, cast["author"], **facts)
    assert not Price.objects.exists()


def test_a_source_needs_numbers_that_come_from_it(cast, guide):
    facts = {"source": builders.source(), "unit": "consultation"}
    assert "no numbers" in refused("source", builders.price, guide, cast["author"], **facts)


def test_the_same_thing_has_one_price_at_a_time(cast, guide, today):
    author = cast["author"]
    first = builders.price(guide, author)
    assert "“Face” already" in refused("what", builders.price, guide, author, " face ")
    place = Location.objects.create(slug="harbor", name="Harbor", postal_address="1 Quay")
    builders.price(guide, author, location=place)
    builders.price(guide, author, unit="course", sessions_in_course=6)
    builders.price(guide, author, unit="course", sessions_in_course=10)
    actions.end_price(first, by=author, last_day=today + 9 * DAY)
    refused("what", builders.price, guide, author, valid_from=today + 9 * DAY)
    builders.price(guide, author, valid_from=today + 10 * DAY)
    assert "Change that one" in refused("what", actions.keep_price, first, by=author)
    refused("last_day", actions.end_price, first, by=author, last_day=today + 10 * DAY)


# Changing


def test_a_change_ends_the_old_price_the_day_before_and_the_past_stays(cast, guide, today, time_machine):
    old = builders.price(guide, cast["author"])
    time_machine.move_to("2026-04-01 17:00:00+00:00", tick=False)
    dearer = builders.unsaved_price(guide, amount_from=D(350))
    new = actions.change_price(old, dearer, by=cast["colleague"], from_day=date(2026, 5, 1))
    assert new.replaces == old
    assert now(old).last_day == date(2026, 4, 30)
    assert on(today - DAY) == []
    assert on(today) == on(date(2026, 4, 30)) == [("Face", D(300))]
    assert on(date(2026, 5, 1)) == on(date(2040, 1, 1)) == [("Face", D(350))]


def test_prices_that_change_twice_on_one_day_show_the_last_of_them(cast, guide, today):
    price = builders.price(guide, cast["author"])
    for amount in (310, 320):
        price = actions.change_price(
            price, builders.unsaved_price(guide, amount_from=D(amount)), by=cast["author"], from_day=today
        )
    assert on(today) == [("Face", D(320))]
    assert on(today - DAY) == []
    states = [one.state_on(today) for one in Price.objects.with_last_day().order_by("pk")]
    assert states == ["taken-back", "taken-back", "charged"]


def test_a_change_may_rename_and_stays_with_its_guide(cast, guide):
    old = builders.price(guide, cast["author"])
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    new = actions.change_price(old, builders.unsaved_price(other, "The whole face"), by=cast["author"])
    assert (new.guide, new.what) == (guide, "The whole face")


def test_a_change_is_refused_where_it_would_falsify_the_record(cast, guide, today, time_machine):
    author, old = cast["author"], builders.price(guide, cast["author"])
    dearer = lambda: builders.unsaved_price(guide, amount_from=D(350))  # noqa: E731  # a fresh one each time
    refused("valid_from", actions.change_price, old, dearer(), by=author, from_day=today - DAY)
    assert "Nothing is different" in refused(
        "", actions.change_price, old, builders.unsaved_price(guide), by=author, from_day=today
    )
    bad = builders.unsaved_price(guide, amount_from=D("1.005"))
    refused("amount_from", actions.change_price, old, bad, by=author)
    actions.end_price(old, by=author, last_day=today + 5 * DAY)
    assert "March 9" in refused("valid_from", actions.change_price, old, dearer(), by=author, from_day=today + 7 * DAY)
    time_machine.move_to("2026-03-10 17:00:00+00:00", tick=False)
    assert "ended on March 8, 2026" in refused("", actions.change_price, old, dearer(), by=author)
    assert Price.objects.count() == 1
    assert now(old).last_day == date(2026, 3, 8)


def test_a_price_that_was_changed_already_is_not_changed_again_under_another_name(cast, guide, today):
    old = builders.price(guide, cast["author"])
    actions.change_price(
        old, builders.unsaved_price(guide, "Face and neck"), by=cast["author"], from_day=today + 9 * DAY
    )
    said = refused("", actions.change_price, old, builders.unsaved_price(guide, "Neck"), by=cast["colleague"])
    assert "Ada Author changed this price already" in said


def test_whoever_looked_before_somebody_else_changed_is_told_who(cast, guide, today):
    price = builders.price(guide, cast["author"])
    actions.end_price(price, by=cast["author"], last_day=today + 9 * DAY, seen=0)
    for call in (
        lambda: actions.end_price(price, by=cast["colleague"], last_day=today + 5 * DAY, seen=0),
        lambda: actions.keep_price(price, by=cast["colleague"], seen=0),
        lambda: actions.change_price(
            price, builders.unsaved_price(guide, amount_to=D(900)), by=cast["colleague"], seen=0
        ),
    ):
        assert "Ada Author changed this price" in refused("", call)
    assert now(price).last_day == today + 9 * DAY


# Ending and keeping


def test_an_end_can_be_planned_moved_and_taken_back_until_it_has_passed(cast, guide, today, time_machine):
    author, price = cast["author"], builders.price(guide, cast["author"])
    assert "no end" in refused("", actions.keep_price, price, by=author)
    actions.end_price(price, by=author, last_day=today + 9 * DAY)
    assert "already" in refused("last_day", actions.end_price, price, by=author, last_day=today + 9 * DAY)
    actions.end_price(price, by=author, last_day=today + 5 * DAY)
    assert on(today + 5 * DAY)
    assert not on(today + 6 * DAY)
    actions.keep_price(price, by=author)
    assert on(today + 60 * DAY)
    actions.end_price(price, by=author, last_day=today)
    assert on(today)
    time_machine.move_to("2026-03-04 17:00:00+00:00", tick=False)
    for call in (
        lambda: actions.keep_price(price, by=author),
        lambda: actions.end_price(price, by=author, last_day=today + 30 * DAY),
    ):
        assert "Add one like it" in refused("", call)
    assert on(today) == [("Face", D(300))]
    assert on(today + DAY) == []


def test_an_end_before_yesterday_would_take_back_what_was_charged(cast, guide, today):
    price = builders.price(guide, cast["author"])
    assert "stays on record" in refused(
        "last_day", actions.end_price, price, by=cast["author"], last_day=today - 2 * DAY
    )
    refused("last_day", actions.end_price, price, by=cast["author"], last_day=date(2099, 1, 1))
    actions.end_price(price, by=cast["author"], last_day=today - DAY)
    assert on(today) == []


def test_a_price_that_has_not_begun_can_be_taken_back_for_good(cast, guide, today):
    price = builders.price(guide, cast["author"], valid_from=today + 30 * DAY)
    assert now(price).state_on(today) == Price.State.PLANNED
    actions.end_price(price, by=cast["author"], last_day=today - DAY)
    assert now(price).state_on(today) == Price.State.TAKEN_BACK
    assert on(today + 40 * DAY) == []
    assert "taken back" in refused("", actions.keep_price, price, by=cast["author"])
    assert list(Price.objects.open(today)) == []
    assert list(Price.objects.ended(today)) == [price]


# Days are the clinic's


def test_a_day_begins_and_ends_by_the_clinics_clock(cast, guide, settings, time_machine):
    settings.TIME_ZONE = "America/New_York"
    # Late in the evening in New York it is the next day in UTC.
    time_machine.move_to("2026-03-04 03:30:00+00:00", tick=False)
    price = builders.price(guide, cast["author"])
    assert timezone.localdate() == price.valid_from == date(2026, 3, 3)
    refused("valid_from", builders.price, guide, cast["author"], "Neck", valid_from=date(2026, 3, 2))
    actions.end_price(price, by=cast["author"], last_day=date(2026, 3, 3))
    assert list(Price.objects.open()) == [price]
    time_machine.move_to("2026-03-04 05:00:00+00:00", tick=False)
    assert list(Price.objects.open()) == []


def test_late_in_the_evening_a_price_still_ends_and_goes_on_by_the_clinics_day(cast, guide, today, time_machine):
    price = builders.price(guide, cast["author"])
    # A quarter to midnight in New York, where UTC has tomorrow.
    time_machine.move_to("2026-03-05 04:45:00+00:00", tick=False)
    actions.end_price(price, by=cast["author"], last_day=today + DAY)
    actions.keep_price(price, by=cast["author"])
    actions.end_price(price, by=cast["author"], last_day=today)
    assert on(today) == [("Face", D(300))]
    assert on(today + DAY) == []


def test_what_is_logged_has_no_content(cast, guide, today, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("INFO", logger="clinic"), django_capture_on_commit_callbacks(execute=True):
        price = builders.price(guide, cast["author"], "A secret area")
        actions.end_price(price, by=cast["author"], last_day=today)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("clinic")]
    assert len(lines) == 2
    assert "secret" not in "".join(lines)


def test_a_guide_that_is_not_there_is_asked_for(cast):
    price = Price(what="Face", amount_from=D(1), currency="USD")
    assert "Choose the guide" in refused("guide", actions.add_price, price, by=cast["author"])
    assert Guide.objects.count() == 0
