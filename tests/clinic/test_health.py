"""`/healthz?full`: who reads it, what it says of each thing that is not well, and that nothing makes it fail."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from clinic import health
from clinic.backups import note_backup
from clinic.desk import desk_of
from education.management.commands import verify_editions
from education.models import PendingMail
from education.rechecked import keep_recheck, last_recheck
from education.triggers import drop_triggers, install_triggers
from tests.clinic.signing import with_app
from tests.education.desk import signed_in
from tests.education.whole_record import tamper

FULL = "/healthz?full"


@pytest.fixture
def well(settings, db) -> None:
    """A backup of this morning, and room on the disk."""
    settings.DATA_DIR = Path(settings.DATA_DIR)
    note_backup(timezone.now() - timedelta(hours=5))


def things(client: Client | None = None) -> dict[str, dict]:
    return (client or Client()).get(FULL).json()["things"]


def not_well() -> list[str]:
    found = Client().get(FULL)
    names = [name for name, one in found.json()["things"].items() if not one["ok"]]
    assert found.status_code == (503 if names else 200)
    assert all(one["todo"] for one in found.json()["things"].values() if not one["ok"])
    return names


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_whoever_comes_through_a_proxy_gets_the_plain_answer_whatever_they_claim(well, header, settings):
    settings.PROXY_COUNT = 1
    answer = Client().get(FULL, headers={header: "127.0.0.1"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::1", "", "not-an-address"])
def test_another_machine_gets_the_plain_answer(well, address):
    answer = Client(REMOTE_ADDR=address).get(FULL)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_staff_read_it_from_anywhere_and_those_who_left_do_not(well, cast):
    client = signed_in(cast["outsider"])
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert things(client)["database"]["ok"]
    cast["outsider"].is_active = False
    cast["outsider"].save()
    assert client.get(FULL).content == b"ok\n"


def test_without_the_second_step_that_is_required_staff_get_the_plain_answer(well, cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    client = signed_in(cast["owner"])
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert client.get(FULL).content == b"ok\n"
    with_app(cast["owner"])
    assert things(client)["database"]["ok"]


def test_a_session_that_cannot_be_read_gets_the_plain_answer(well, cast, monkeypatch):
    client = signed_in(cast["owner"])
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"

    def fail(self: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    assert client.get(FULL).content == b"ok\n"


def test_all_is_well(well):
    assert not_well() == []
    answer = Client().get(FULL)
    assert answer.json()["ok"] is True
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()["things"]) == set(health.LOOKS)


def test_the_plain_answer_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.content, answer["Cache-Control"]) == (b"ok\n", "no-store")


def test_no_fault_of_a_thing_hides_the_others(well, monkeypatch):
    def broken() -> health.Finding:
        raise RuntimeError("with a password in it")

    monkeypatch.setattr(health, "LOOKS", dict.fromkeys(health.LOOKS, broken))
    answer = Client().get(FULL)
    assert answer.status_code == 503
    assert {one["why"] for one in answer.json()["things"].values()} == {"It could not be looked at: RuntimeError."}
    assert "password" not in answer.content.decode()


def test_a_migration_that_is_missing(well):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert not_well() == ["migrations"]


def test_a_cache_that_keeps_nothing(well, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert not_well() == ["cache"]


def test_a_disk_that_is_nearly_full(well, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, found in ((health.LEAST_FREE - 1, ["disk"]), (health.LEAST_FREE, [])):
        monkeypatch.setattr("clinic.health.shutil.disk_usage", lambda at, free=free: usage(0, 0, free))
        assert not_well() == found


def test_guards_that_are_missing(well):
    drop_triggers()
    assert not_well() == ["triggers"]
    install_triggers()


@pytest.mark.parametrize("note", [None, "", "nonsense", "old"])
def test_a_backup_that_is_unknown_unreadable_or_old(well, settings, note):
    file = settings.DATA_DIR / "last-backup.txt"
    if note is None:
        file.unlink()
    elif note == "old":
        note_backup(timezone.now() - timedelta(hours=49))
    else:
        file.write_text(note)
    assert not_well() == ["backup"]


def test_mail_that_waits_too_long(well):
    for age, found in ((timedelta(minutes=59), []), (timedelta(minutes=61), ["mail"])):
        PendingMail.objects.create(to="x@clinic.example", subject="x", body="x", made_at=timezone.now() - age)
        assert not_well() == found
    assert "x@clinic" not in Client().get(FULL).content.decode()


# The re-check of the record


def test_a_break_that_the_re_check_finds_is_on_the_owners_desk_and_here(well, live, cast):
    call_command("verify_editions", verbosity=0)
    found = last_recheck()
    assert found is not None
    assert (found.editions, found.breaks) == (1, 0)
    assert not_well() == []
    owners = [one.key for one in desk_of(cast["owner"]).sections]
    tamper(live, summary="Something else.")
    with pytest.raises(CommandError):
        call_command("verify_editions", verbosity=0)
    assert not_well() == ["record"]
    assert [one.key for one in desk_of(cast["owner"]).sections] == ["record", *owners]
    assert "record" not in [one.key for one in desk_of(cast["reviewer"]).sections]
    page = signed_in(cast["owner"]).get("/admin/").content.decode()
    assert "The record does not hold" in page


def test_a_check_of_one_guide_says_nothing_of_the_record(live):
    call_command("verify_editions", guide="cold-therapy", verbosity=0)
    assert last_recheck() is None


def test_gently_gives_way_to_readers(live, monkeypatch):
    given: list[object] = []
    monkeypatch.setattr(verify_editions.os, "nice", given.append)
    monkeypatch.setattr(verify_editions.time, "sleep", given.append)
    call_command("verify_editions", gently=True, verbosity=0)
    assert given == [verify_editions.LOWEST, verify_editions.PAUSE_SECONDS]


def test_a_result_that_cannot_be_kept_leaves_the_one_before(settings, monkeypatch):
    keep_recheck(3, 0)

    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("education.rechecked.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        keep_recheck(4, 1)
    found = last_recheck()
    assert found is not None
    assert (found.editions, found.breaks) == (3, 0)
    assert [one.name for one in Path(settings.DATA_DIR).iterdir()] == ["last-recheck.json"]
