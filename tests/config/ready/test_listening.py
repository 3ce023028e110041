"""A change on another machine reaches this one through PostgreSQL, and while it might be missed no page is kept."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import connection

from clinic.models import InformationPage
from config.ready import listening
from config.ready.changes import CHANNEL
from config.ready.listening import Listener
from config.ready.token import Token
from tests.config.ready.in_front import Hearing, Site

LONGEST_WAIT = 30


def becomes(true: Callable[[], bool]) -> bool:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + LONGEST_WAIT
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_while_nothing_is_heard_every_reader_has_the_page_made_anew(site: Site):
    site.get()
    site.get()
    assert len(site.asked) == 1
    site.layer.listener = listener = Hearing(None)
    listener.hears = False
    site.get()
    site.get()
    assert len(site.asked) == 3
    listener.hears = True
    site.get()
    assert len(site.asked) == 3


def test_what_is_heard_late_brings_back_no_page_that_a_later_change_made_old(tmp_path):
    here = Token(tmp_path / "token")
    listener = Listener(here)
    seen = set()
    for told in (b"change-1", b"change-2"):
        here.change(told)
        seen.add(here.read())
    for told in (b"change-1", b"change-2"):
        listener.pass_on(told.hex())
        assert here.read() not in seen
        seen.add(here.read())


def test_a_change_of_this_machine_is_told_once(tmp_path):
    here = Token(tmp_path / "token")
    here.change(b"change-1")
    Listener(here).pass_on(b"change-1".hex())
    assert here.read() == b"change-1"


@pytest.mark.parametrize("told", ["", "hello", "00", "ü"])
def test_whatever_somebody_tells_by_hand_counts_as_a_change(tmp_path, told):
    here = Token(tmp_path / "token")
    before = here.read()
    Listener(here).pass_on(told)
    assert here.read() != before


def test_an_answer_of_the_database_is_believed_for_a_second(tmp_path, monkeypatch):
    moments = iter((100.0, 100.9, 101.0))
    monkeypatch.setattr(listening, "monotonic", lambda: next(moments))
    listener = Listener(Token(tmp_path / "token"))
    listener._until = next(moments) + listening.SECONDS_OF_TRUST
    assert listener.hears
    assert not listener.hears


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's file is on one machine")
@pytest.mark.django_db(transaction=True)
def test_what_another_machine_keeps_is_heard_and_an_ended_connection_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(listening, "SECONDS_TO_TRY_AGAIN", 0.1)
    monkeypatch.setattr(listening, "SECONDS_OF_SILENCE", 0.2)
    # As on another machine: its token is in another folder than this one's.
    elsewhere = Token(tmp_path / "elsewhere")
    listener = Listener(elsewhere)
    listener.start()
    try:
        assert becomes(lambda: listener.hears)
        before = elsewhere.read()
        InformationPage(slug="one", title="One", markdown="Text.").save()
        assert becomes(lambda: elsewhere.read() != before)
        before = elsewhere.read()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        # What came meanwhile is unknown, so all is made anew.
        assert becomes(lambda: elsewhere.read() != before and listener.hears)
        before = elsewhere.read()
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}, 'typed by hand'")
        assert becomes(lambda: elsewhere.read() != before and listener.hears)
    finally:
        listener.stop()
    assert not listener.hears


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's file is on one machine")
@pytest.mark.django_db(transaction=True)
def test_behind_a_pooler_that_passes_nothing_on_nothing_is_heard_and_the_log_says_so_once(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(listening, "SECONDS_TO_TRY_AGAIN", 0.05)
    monkeypatch.setattr(listening, "SECONDS_OF_ECHO", 0.05)
    # As where each transaction gets another connection: what was listened for is forgotten. A comment hides the rest.
    monkeypatch.setattr(listening, "CHANNEL", "x; UNLISTEN * --")
    tries: list[object] = []
    monkeypatch.setattr(Listener, "_say", lambda self, why, say=Listener._say: (tries.append(why), say(self, why)))
    listener = Listener(Token(tmp_path / "token"))
    listener.start()
    try:
        assert becomes(lambda: len(tries) > 2)
        assert not listener.hears
    finally:
        listener.stop()
    assert [one.getMessage() for one in caplog.records] == [
        "public pages are made anew for each reader until the database answers: "
        "a pooler in front of PostgreSQL must keep sessions, or nobody hears of changes"
    ]
