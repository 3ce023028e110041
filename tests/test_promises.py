"""Promises of docs/trust.md that no other test shows: production's cookies, a kill while publishing, the database."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from config.check import CHECKOUT, clean_environment
from education import actions
from education.models import Edition, Publication, Review, State
from education.verification import verify_database
from tests import builders, fuzzing
from tests.clinic.test_backup_hard import at_call, killed
from tests.config.test_serve import started

YEAR = 365 * 24 * 60 * 60


# In production, from the real server


def attributes(answer: HTTPResponse) -> dict[str, set[str]]:
    """Return for each cookie that an answer sets what it says besides its value, without an end."""
    found = {}
    for line in answer.headers.get_all("Set-Cookie") or ():
        first, *rest = line.split("; ")
        found[first.partition("=")[0]] = {one for one in rest if not one.startswith(("expires", "Max-Age"))}
    return found


def test_in_production_cookies_are_of_this_host_alone_and_every_answer_keeps_browsers_on_https(tmp_path):
    site = clean_environment(os.environ, tmp_path) | {
        **{"PLAINLEAF_MODE": "production", "ALLOWED_HOSTS": "localhost", "SITE_URL": "https://localhost"},
        **{"WORKERS": "1", "STAFF_MFA_REQUIRED": "off"},
    }
    https = {"X-Forwarded-Proto": "https", "Host": "localhost", "Referer": "https://localhost/accounts/login/"}
    owner = ["createsuperuser", "--noinput", "--username=ada", "--email=ada@clinic.example"]
    with started(site) as (_, _, port), closing(HTTPConnection("localhost", port, timeout=30)) as asking:
        subprocess.run(
            [sys.executable, "manage.py", *owner],
            **{"cwd": CHECKOUT, "env": site | {"DJANGO_SUPERUSER_PASSWORD": builders.PASSWORD}, "check": True},
        )
        for path in ("/", "/nothing/", "/static/admin/css/base.css"):
            asking.request("GET", path, headers=https)
            answer = asking.getresponse()
            answer.read()
            assert answer.headers["Strict-Transport-Security"] == f"max-age={YEAR}", path
            assert attributes(answer) == {}
        asking.request("GET", "/accounts/login/", headers=https)
        answer = asking.getresponse()
        fields = next(fields for _, fields in fuzzing.forms_of(answer.read().decode()) if "password" in fields)
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        assert attributes(answer) == {"__Host-csrf": {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}}
        typed = urlencode({**fields, "login": "ada", "password": builders.PASSWORD})
        form = {"Content-Type": fuzzing.FORM, "Cookie": cookie}
        asking.request("POST", "/accounts/login/", typed, {**https, **form})
        answer = asking.getresponse()
        assert answer.status == 302
        assert attributes(answer)["__Host-session"] == {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}


# Killed in the middle


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [2, -7, 12, -17])
def test_whoever_is_killed_while_approving_and_publishing_leaves_whole_steps_and_the_next_goes_on(number):
    cast = builders.cast()
    edition = builders.submitted(builders.guide(cast["author"]), cast["author"])

    def go_on() -> None:
        if Edition.objects.with_state().get(pk=edition.pk).state is State.IN_REVIEW:
            actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
        actions.publish(edition, by=cast["author"])

    def do() -> None:
        at_call(CursorWrapper, "execute", number)
        go_on()

    assert killed(do)
    assert list(verify_database()) == []
    state = Edition.objects.with_state().get(pk=edition.pk).state
    whole = {State.IN_REVIEW: (0, 0), State.APPROVED: (1, 0), State.LIVE: (1, 1)}
    assert (Review.objects.count(), Publication.objects.count()) == whole[state]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
    if state is not State.LIVE:
        go_on()
    assert Edition.objects.with_state().get(pk=edition.pk).state is State.LIVE


# The database


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="settings of SQLite")
def test_each_connection_to_sqlite_keeps_what_was_written_and_runs_nothing_of_a_doctored_file(db):
    wanted = {
        **{"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 1},
        **{"busy_timeout": 20_000, "journal_size_limit": 27_103_364},
    }
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted
    assert connection.transaction_mode == "IMMEDIATE"
    assert not connection.settings_dict["ATOMIC_REQUESTS"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="settings of PostgreSQL")
def test_nobody_waits_for_ever_for_a_lock_on_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",)
