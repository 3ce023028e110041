"""A disk or a database that takes nothing: staff read a plain sentence and keep their text, and the journal stays."""

from __future__ import annotations

import os
import sqlite3

import pytest
from django.core.cache import cache
from django.db import InternalError, OperationalError, connection
from django.test import Client

from config.sqlite.held import hold_open
from education.admin import pages
from tests import builders
from tests.education.desk import signed_in, url

WORDS = "What I wrote at night."
SAID = "The site could not save this just now. Wait a minute, then try again."
PLAIN = "The site cannot do this just now. Nothing was saved. Please try again in a few minutes."
FAULTS = (OperationalError("database or disk is full"), InternalError("read-only"), OSError(28, "No space left"))


def failing(fault: Exception):
    def fail(*args, **more):
        raise fault

    return fail


def quiet(person=None) -> Client:
    client = signed_in(person) if person else Client()
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_a_screen_that_expects_no_such_fault_shows_what_was_typed(fault, db, monkeypatch):
    cast = builders.cast()
    guide = builders.guide(cast["author"])
    monkeypatch.setattr(pages, "_added", failing(fault))
    address = url("education_page_add_to_guide", guide.pk)
    response = quiet(cast["author"]).post(address, {"kind": "cost", "title": WORDS})
    assert response.status_code == 503
    assert SAID in response.content.decode()
    assert WORDS in response.content.decode()
    assert f'href="{address}"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_a_sign_in_that_cannot_be_kept_says_so_and_shows_no_password(fault, db, monkeypatch):
    builders.cast()
    monkeypatch.setattr(cache, "add", failing(fault))
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", failing(fault))
    response = quiet().post("/accounts/login/", {"login": "author", "password": builders.PASSWORD})
    assert response.status_code == 503
    assert PLAIN in response.content.decode()
    assert builders.PASSWORD not in response.content.decode()


def test_a_fault_of_ours_is_still_called_one(db, monkeypatch):
    cast = builders.cast()
    monkeypatch.setattr("clinic.actions.note_exported", failing(KeyError("x")))
    response = quiet(cast["front_desk"]).get(url("clinic_consultationrequest_export"))
    assert response.status_code == 500
    assert PLAIN not in response.content.decode()
    assert "The fault is ours." in response.content.decode()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="another database keeps its own journal")
def test_the_journal_stays_while_a_server_runs_so_that_a_full_disk_can_be_read(tmp_path, monkeypatch):
    kept = []
    monkeypatch.setattr("config.sqlite.held.util.Finalize", lambda _, close, **more: kept.append(close))
    path = tmp_path / "some.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))

    def one_request() -> bool:
        own = sqlite3.connect(path)
        own.execute("PRAGMA journal_mode=WAL")
        own.execute("CREATE TABLE IF NOT EXISTS one (id)")
        own.commit()
        own.close()
        return os.path.exists(f"{path}-wal")

    assert not one_request()
    hold_open()
    assert one_request()
    kept[0]()
    assert not one_request()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has its own time-out")
def test_whoever_waits_for_a_lock_is_told_in_the_end(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",)
