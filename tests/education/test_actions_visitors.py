"""How much visitors may send in an hour: counted in the database, without a trace of their addresses."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from education.actions import visitors
from education.actions.visitors import MOST_FROM_ONE, MOST_IN_ALL, TooMany, count_sending, forget_counts
from education.models import VisitorCount
from tests.education.test_concurrency import together

HERE, THERE = "203.0.113.7", "198.51.100.9"
NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def often(times: int, address: str = HERE, form: str = "mistake") -> None:
    for _ in range(times):
        count_sending(form, address)


def test_one_address_may_send_a_few_and_is_then_told_what_to_do(db, caplog):
    often(MOST_FROM_ONE)
    with pytest.raises(TooMany, match="What you typed is still here: try again later, or call us"):
        often(1)
    with caplog.at_level(logging.WARNING):
        often(1, THERE)
        with pytest.raises(TooMany):
            often(1)
    assert HERE not in caplog.text
    assert "too many sendings of mistake" in caplog.text


def test_all_together_may_send_only_so_much(db):
    for number in range(MOST_IN_ALL):
        often(1, f"203.0.{number}.1")
    with pytest.raises(TooMany):
        often(1, THERE)


def test_without_an_address_all_count_as_all_together(db):
    often(MOST_IN_ALL, "")
    with pytest.raises(TooMany):
        often(1, "")


def test_each_form_has_a_count_of_its_own(db):
    often(MOST_FROM_ONE)
    often(MOST_FROM_ONE, form="consultation")


def test_what_was_refused_counts_too_and_the_next_hour_begins_anew(db):
    often(MOST_FROM_ONE)
    for _ in range(3):
        with pytest.raises(TooMany):
            often(1)
    assert VisitorCount.objects.get(sender="").count == MOST_FROM_ONE + 3
    with time_machine.travel(NOON + timedelta(minutes=59, seconds=59), tick=False), pytest.raises(TooMany):
        often(1)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        often(MOST_FROM_ONE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("no address", "no address", True),
    ],
)
def test_the_addresses_of_one_subscriber_count_together(db, one, other, same):
    often(MOST_FROM_ONE, one)
    if same:
        with pytest.raises(TooMany):
            often(1, other)
    else:
        often(MOST_FROM_ONE, other)


# What is kept


def test_no_address_is_kept_and_nobody_can_tell_whether_it_came_before(db, settings):
    often(1)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        often(1)
    senders = list(VisitorCount.objects.exclude(sender="").values_list("sender", flat=True))
    assert len(set(senders)) == 2
    assert all(len(sender) == 64 and HERE not in sender for sender in senders)
    settings.SECRET_KEY = "another"
    often(1)
    assert VisitorCount.objects.exclude(sender="").count() == 3


def test_counts_go_when_they_limit_nothing_any_more(db):
    often(2)
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        often(1, THERE)
        assert set(VisitorCount.objects.values_list("hour", flat=True)) == {NOON + timedelta(hours=3)}
    with time_machine.travel(NOON + timedelta(hours=6), tick=False):
        forget_counts()
    assert not VisitorCount.objects.exists()


def test_a_count_is_kept_when_what_it_counted_was_refused(db):
    often(MOST_FROM_ONE)
    with pytest.raises(TooMany), transaction.atomic():
        often(1)
    # In a transaction of somebody else's it would be undone: the docstring says so.
    assert VisitorCount.objects.get(sender="").count == MOST_FROM_ONE


# Several workers


@pytest.mark.django_db(transaction=True)
def test_several_workers_count_together(monkeypatch):
    monkeypatch.setattr(visitors, "MOST_FROM_ONE", 7)
    results = together(*(lambda: count_sending("mistake", HERE) for _ in range(12)))
    assert [type(one) for one in results if one is not None] == [TooMany] * 5
    assert VisitorCount.objects.get(sender="").count == 12
    assert VisitorCount.objects.exclude(sender="").get().count == 12


@pytest.mark.django_db(transaction=True)
def test_several_addresses_at_once_do_not_wait_for_each_other_for_ever(monkeypatch):
    monkeypatch.setattr(visitors, "MOST_IN_ALL", 9)
    results = together(
        *(lambda number=number: count_sending("mistake", f"192.0.2.{number % 4}") for number in range(12))
    )
    assert [type(one) for one in results if one is not None] == [TooMany] * 3
