"""Several people at the same price at once: one succeeds, the others are told, the price list stays unambiguous."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clinic import actions
from clinic.models import Price, PriceEnd
from education.actions import Refused
from education.models import seal_of
from education.verification import verify_database
from tests import builders
from tests.education.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def _one_won(results: list[object]) -> None:
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == len(results) - 1, results
    assert all(str(one).endswith(".") for one in refused)
    assert sum(not isinstance(result, Exception) for result in results) == 1, results


def _one_price(*days: int) -> None:
    for day in days:
        assert Price.objects.on(timezone.localdate() + timedelta(days=day)).count() == 1
    assert list(verify_database()) == []
    assert all(row.seal == seal_of(row) for model in (Price, PriceEnd) for row in model.objects.all())


@pytest.mark.parametrize("day", [0, 7])
def test_two_people_who_change_a_price_at_once_make_one_new_price(guide, cast, day):
    price = builders.price(guide, cast["author"])
    from_day = timezone.localdate() + timedelta(days=day)

    def change(who: str, amount: int, what: str) -> Price:
        new = builders.unsaved_price(guide, what, amount_to=Decimal(amount))
        return actions.change_price(price, new, by=cast[who], from_day=from_day)

    _one_won(
        together(
            lambda: change("author", 600, "Face"),
            lambda: change("colleague", 700, "Face"),
            lambda: change("owner", 800, "Face and neck"),
        )
    )
    assert (Price.objects.count(), PriceEnd.objects.count()) == (2, 1)
    _one_price(0, 7, 30)


def test_two_people_who_add_the_same_price_at_once_add_one(guide, cast):
    _one_won(
        together(
            *(lambda who=who: builders.price(guide, cast[who]) for who in ("author", "colleague", "owner")),
        )
    )
    _one_price(0)


def test_of_two_people_who_end_what_both_saw_open_the_second_is_told(guide, cast):
    price = builders.price(guide, cast["author"])
    day = timezone.localdate()
    _one_won(
        together(
            lambda: actions.end_price(price, by=cast["author"], last_day=day + timedelta(days=3), seen=0),
            lambda: actions.end_price(price, by=cast["colleague"], last_day=day + timedelta(days=5), seen=0),
        )
    )
    assert PriceEnd.objects.count() == 1


def test_a_price_is_changed_or_ended_but_not_both(guide, cast):
    price = builders.price(guide, cast["author"])
    new = builders.unsaved_price(guide, amount_to=Decimal(600))
    yesterday = timezone.localdate() - timedelta(days=1)
    _one_won(
        together(
            lambda: actions.change_price(price, new, by=cast["author"]),
            lambda: actions.end_price(price, by=cast["colleague"], last_day=yesterday),
        )
    )
