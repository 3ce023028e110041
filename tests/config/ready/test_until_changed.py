"""What several pages show alike is read once in a state of the site, and never given out in another one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest
import time_machine
from django.db import OperationalError, transaction

from config.ready import layer, until_changed
from config.ready.token import token
from tests.config.ready.in_front import NOON, Hearing, Site


def scheduled(now: datetime) -> datetime | None:
    at = NOON.replace(second=20)
    return at if at > now else None


@pytest.fixture
def read():
    """A function that says how often it was called, and for what."""
    numbers = count(1)

    @until_changed.until_changed
    def reading(*names: str) -> tuple[int, ...]:
        return (next(numbers), *map(len, names))

    return reading


# What is read each time


def test_before_the_process_has_begun(read):
    Site()
    assert [read(), read()] == [(1,), (2,)]


def test_without_a_data_folder(read, settings):
    settings.DATA_DIR = settings.DATA_DIR / "missing"
    Site().layer.begin()
    assert [read(), read()] == [(1,), (2,)]


@pytest.mark.django_db
def test_inside_a_transaction_which_may_have_written(site, read):
    with transaction.atomic():
        assert [read(), read()] == [(1,), (2,)]


def test_while_a_change_might_be_missed(site, read):
    site.layer.listener = Hearing(token())
    assert [read(), read()] == [(1,), (1,)]
    site.layer.listener.hears = False
    assert [read(), read()] == [(2,), (3,)]


def test_while_nobody_knows_when_the_next_edition_goes_live(site, read, monkeypatch):
    def broken(now: float) -> float:
        raise OperationalError

    monkeypatch.setattr(layer, "next_change", broken)
    assert [read(), read()] == [(1,), (2,)]


def test_what_is_not_there_since_an_address_can_ask_for_anything(site):
    numbers = count(1)
    missing = until_changed.until_changed(lambda slug: next(numbers) and None)
    assert [missing("a"), missing("a"), next(numbers)] == [None, None, 3]


def test_what_comes_after_so_many_others(site, read, monkeypatch):
    monkeypatch.setattr(until_changed, "MOST_KEPT", 2)
    assert [read(name) for name in ("a", "bb", "ccc", "ccc", "a")] == [(1, 1), (2, 2), (3, 3), (4, 3), (1, 1)]


# What is read once


def test_once_for_each_of_its_arguments_until_a_change(site, read):
    assert [read("a"), read("a"), read("bb"), read("bb")] == [(1, 1), (1, 1), (2, 2), (2, 2)]
    token().change()
    assert [read("a"), read("a"), read("bb")] == [(3, 1), (3, 1), (4, 2)]


def test_two_functions_have_nothing_in_common(site):
    first, second = (until_changed.until_changed(lambda word=word: word) for word in ("a", "b"))
    assert [first(), second(), first()] == ["a", "b", "a"]


def test_what_changes_while_it_is_read_makes_it_old(site):
    numbers = count(1)

    @until_changed.until_changed
    def reading() -> int:
        number = next(numbers)
        if number == 1:
            token().change()
        return number

    assert [reading(), reading(), reading()] == [1, 2, 2]


def test_what_another_thread_reads_a_state_behind_is_not_given_out(site):
    numbers = count(1)

    @until_changed.until_changed
    def reading(*, again: bool = True) -> int:
        number = next(numbers)
        if number == 1:
            # As if another thread came meanwhile, after a change.
            token().change()
            assert reading() == 2
        return number

    assert [reading(), reading()] == [1, 2]


@pytest.mark.parametrize(("publication", "seconds"), [("never", 55), ("scheduled", 15)])
def test_the_clock_ends_it_when_it_ends_pages(site, read, settings, publication, seconds):
    if publication == "scheduled":
        settings.NEXT_PUBLICATION = f"{__name__}.scheduled"
    assert [read(), read()] == [(1,), (1,)]
    with time_machine.travel(NOON + timedelta(seconds=seconds - 1), tick=False):
        assert read() == (1,)
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        assert read() == (2,)


def test_a_mistake_is_not_kept(site):
    results = iter([OperationalError("away"), 7])

    @until_changed.until_changed
    def reading() -> int:
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    with pytest.raises(OperationalError):
        reading()
    assert [reading(), reading()] == [7, 7]
