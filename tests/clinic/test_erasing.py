"""What is erased leaves the files: the ledger, the database's bytes, PostgreSQL's samples."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from clinic import actions, erasing
from clinic.models import ConsultationRequest, ErasedRequest, InformationPage, RequestStep
from education.models import PendingMail
from tests import builders
from tests.clinic import asking

SECRET = "Zuzana-whom-nobody-may-find"


@pytest.fixture
def cast(transactional_db):
    return builders.cast()


def in_files(text: str) -> bool:
    """Whether this text is in the bytes of the database or of what lies beside it."""
    # The connection stays open: the last one to close would empty the journal by itself.
    path = Path(connection.settings_dict["NAME"])
    return any(text.encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


only_on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the bytes of a SQLite file")
only_on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own tables")


def a_lot_happens(seed: int) -> list[str]:
    """Move many rows about, as years of use do; return the marks of those that were deleted."""
    dice = random.Random(seed)
    alive: list[str] = []
    gone = []
    rows = ConsultationRequest.objects
    with transaction.atomic():
        for number in range(1500):
            if dice.random() < 0.5 or not alive:
                mark = f"mark{number:06d}x"
                facts = {"message": "w" * dice.choice([0, 10, 200, 900]), "made_at": timezone.now()}
                key = f"{dice.getrandbits(128):032x}"
                rows.create(key=key, name=mark, email="a@b.example", consent="Yes.", **facts)
                alive.append(mark)
            elif dice.random() < 0.5:
                rows.filter(name=dice.choice(alive)).update(consent="Yes. " * dice.randint(1, 30))
            else:
                mark = alive.pop(dice.randrange(len(alive)))
                rows.filter(name=mark).delete()
                gone.append(mark)
    return gone


# The files of SQLite


@only_on_sqlite
def test_what_is_erased_is_in_no_byte_of_the_database_or_its_journal(cast):
    row = asking.request(name=SECRET, message=f"{SECRET} " * 40)
    actions.contact(row, by=cast["front_desk"], how="phone", note=f"Spoke to {SECRET}")
    assert in_files(SECRET)
    actions.erase(row, by=cast["front_desk"])
    assert not in_files(SECRET)
    assert not erasing.is_unclean()


@only_on_sqlite
def test_what_is_purged_is_in_no_byte_either_and_what_stays_does(cast):
    kept = asking.request(name="Somebody else entirely")
    row = asking.request(name=SECRET)
    actions.close(row, by=cast["front_desk"], outcome="came", note=SECRET)
    done = actions.purge(now=timezone.now() + timedelta(days=91))
    assert (done.erased.total(), done.clean) == (1, True)
    assert not in_files(SECRET)
    assert in_files(kept.name)


@only_on_sqlite
@pytest.mark.parametrize("seed", [2, 3, 5])
def test_copies_that_the_database_made_while_it_moved_rows_go_too(cast, seed):
    gone = a_lot_happens(seed)
    assert erasing.scrub()
    assert [mark for mark in gone if in_files(mark)] == []


@only_on_sqlite
def test_cleaning_writes_the_tables_of_visitors_and_not_what_else_the_clinic_has(cast, monkeypatch):
    written = []

    def journal_emptied(cursor) -> bool:
        written.append(Path(f"{connection.settings_dict['NAME']}-wal").stat().st_size)
        return empty(cursor)

    asking.request()
    pages = (InformationPage(slug=f"p{one}", title="One", markdown="b" * 9000) for one in range(300))
    InformationPage.objects.bulk_create(pages)
    empty = erasing._journal_emptied
    with connection.cursor() as cursor:
        assert empty(cursor)
    monkeypatch.setattr(erasing, "_journal_emptied", journal_emptied)
    assert erasing.scrub()
    assert 0 < written[0] < 300_000, "bytes: the pages alone have ten times as many"


@only_on_sqlite
def test_what_stays_is_the_same_to_the_last_value_and_no_number_is_given_twice(cast):
    actions.add_note(asking.request(), by=cast["front_desk"], note="Waits for the summer.")
    last = asking.request()
    actions.erase(last, by=cast["front_desk"])
    PendingMail.objects.create(to="a@b.example", subject="One", body="Text.", made_at=timezone.now())
    tables = (ConsultationRequest, RequestStep, PendingMail)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    assert all(before)
    assert erasing.scrub()
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    assert asking.request().pk > last.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestStep.objects.create(request_id=0, made_by=cast["author"], made_at=timezone.now())


@only_on_sqlite
def test_a_failure_while_the_tables_are_filled_anew_loses_nothing(cast):
    row = asking.request()

    def failing(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO"):
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(failing):
        assert not erasing.scrub()
    assert list(ConsultationRequest.objects.all()) == [row]
    assert erasing.scrub()


@only_on_sqlite
def test_the_triggers_and_the_rows_of_the_record_outlive_it(django_db_reset_sequences, cast):
    edition = builders.published(builders.guide(cast["author"]), cast)
    assert erasing.scrub()
    call_command("verify_editions", verbosity=0)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE education_edition SET title = 'x' WHERE id = %s", [edition.pk])


@only_on_sqlite
def test_a_database_that_is_in_use_is_cleaned_the_next_time(cast, settings):
    row = asking.request(name=SECRET)
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM clinic_consultationrequest").fetchall()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        actions.erase(row, by=cast["front_desk"])
        assert not ConsultationRequest.objects.exists()
        assert erasing.is_unclean()
        with pytest.raises(CommandError, match="was in use"):
            call_command("purge_requests")
        # A start goes on.
        call_command("purge_requests", verbosity=0)
    finally:
        reader.close()
    call_command("purge_requests", verbosity=0)
    assert not erasing.is_unclean()
    assert not in_files(SECRET)


@only_on_sqlite
def test_nobody_waits_long_for_the_files_to_be_cleaned_while_somebody_reads(cast, monkeypatch):
    monkeypatch.setattr(erasing, "PATIENCE_SECONDS", 0.05)
    asking.request()
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with contextlib.closing(reader), connection.cursor() as cursor:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM clinic_consultationrequest").fetchall()
        assert cursor.execute("PRAGMA busy_timeout = 20000").fetchone() == (20000,)
        begun = time.monotonic()
        assert not erasing.scrub()
        assert time.monotonic() - begun < 5
        # Whatever comes next waits as long as before.
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)


def test_what_is_erased_while_the_files_are_being_cleaned_keeps_its_mark(cast, monkeypatch):
    erasing.write_in_ledger(["a" * 32])
    written_anew = erasing._written_anew

    def and_meanwhile_another() -> bool:
        done = written_anew()
        erasing.write_in_ledger(["b" * 32])
        return done

    monkeypatch.setattr(erasing, "_written_anew", and_meanwhile_another)
    assert erasing.scrub()
    assert erasing.is_unclean()
    monkeypatch.undo()
    assert erasing.scrub()
    assert not erasing.is_unclean()


def test_what_a_purge_erased_is_cleaned_though_another_process_took_its_mark_away(cast, monkeypatch):
    row = asking.request()
    actions.close(row, by=cast["front_desk"], outcome="came")
    cleaned = []

    def marked_and_unmarked(keys) -> None:
        erasing.write_in_ledger(keys)
        erasing.ledger().with_suffix(".unclean").unlink()

    monkeypatch.setattr("clinic.actions.retention.write_in_ledger", marked_and_unmarked)
    monkeypatch.setattr("clinic.actions.retention.scrub", lambda: bool(cleaned.append(1)) or True)
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        call_command("purge_requests", verbosity=0)
    assert cleaned == [1]


# PostgreSQL


@only_on_postgresql
def test_the_tables_are_written_anew_and_no_value_was_sampled(cast):
    for number in range(50):
        asking.request(name=f"{SECRET}{number % 2}", message=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clinic_consultationrequest")
        cursor.execute("SELECT pg_relation_filepath('clinic_consultationrequest')")
        before = cursor.fetchone()
    done = actions.purge(now=timezone.now() + timedelta(days=181))
    assert (done.erased.total(), done.clean) == (50, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath('clinic_consultationrequest')")
        assert cursor.fetchone() != before
        cursor.execute("SELECT pg_relation_size('clinic_consultationrequest')")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT string_agg(s::text, '') FROM pg_stats s WHERE tablename = 'clinic_consultationrequest'")
        assert SECRET not in str(cursor.fetchone())
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",), "as for every other statement of the connection"


@only_on_postgresql
def test_what_an_open_transaction_still_sees_is_cleaned_the_next_time(cast, monkeypatch):
    monkeypatch.setattr(erasing, "PATIENCE_SECONDS", 1)
    row = asking.request(name=SECRET)
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")
            actions.erase(row, by=cast["front_desk"])
            assert erasing.is_unclean()
            cursor.execute("ROLLBACK")
    finally:
        reader.close()
    call_command("purge_requests", verbosity=0)
    assert not erasing.is_unclean()


# The ledger, and what it is for


@only_on_sqlite
def test_what_was_erased_is_erased_again_when_an_older_database_is_put_back(cast, tmp_path, capsys):
    row = asking.request(name=SECRET)
    other = asking.request(name="Somebody else entirely")
    path = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "copy.sqlite3")])
    actions.erase(row, by=cast["front_desk"])
    connection.close()
    for beside in ("-wal", "-shm"):
        Path(f"{path}{beside}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy.sqlite3", path)
    assert ConsultationRequest.objects.count() == 2
    assert not ErasedRequest.objects.exists()
    assert in_files(SECRET)
    call_command("purge_requests", verbosity=0)
    assert list(ConsultationRequest.objects.all()) == [other]
    assert ErasedRequest.objects.get().reason == "again"
    assert not in_files(SECRET)
    assert "1: erased before, and back with an old copy" in capsys.readouterr().out


def test_the_ledger_has_keys_alone_and_nobody_else_may_read_it(cast):
    row = asking.request(name=SECRET)
    actions.erase(row, by=cast["front_desk"])
    assert erasing.ledger().read_text() == f"{row.key}\n"
    assert erasing.ledger().stat().st_mode & 0o777 == 0o600
    assert erasing.ledger().name == "erased-requests.txt"


def test_a_line_of_the_ledger_that_a_full_disk_cut_off_spoils_no_other(settings):
    one, other = "a" * 32, "b" * 32
    erasing.write_in_ledger([one])
    with erasing.ledger().open("a") as file:
        file.write("abc")
    erasing.write_in_ledger([other])
    assert erasing.keys_in_ledger() == {one, other}


def test_nothing_is_erased_that_the_ledger_cannot_keep(cast, monkeypatch):
    row = asking.request()
    actions.close(row, by=cast["front_desk"], outcome="came")

    def full(keys) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("clinic.actions.retention.write_in_ledger", full)
    later = timezone.now() + timedelta(days=91)
    with time_machine.travel(later, tick=False), pytest.raises(CommandError, match="No space left"):
        call_command("purge_requests")
    assert ConsultationRequest.objects.count() == 1
    assert not ErasedRequest.objects.exists()
    monkeypatch.undo()
    with time_machine.travel(later, tick=False):
        call_command("purge_requests", verbosity=0)
    assert not ConsultationRequest.objects.exists()
