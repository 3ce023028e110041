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
from config.ready.token import Token, token
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
        InformationPage(slug="one", title="One", markdown="Text.").save()
        assert becomes(lambda: elsewhere.read() == token().read())
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
