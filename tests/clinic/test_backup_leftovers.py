"""What a killed restore left may hold requests that were erased since: the next purge removes it, and nothing else."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from clinic.backup.postgresql import BUILDING, BUILT
from clinic.backup.restoring import STAGED
from clinic.backup.sqlite import SQLitePlace
from config import anew
from config.refusal import Refusal
from tests.clinic.backups import here

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


def leave_what_a_killed_restore_leaves() -> None:
    """Leave a database that was being built, and pictures that were being written."""
    place = here()
    if isinstance(place, SQLitePlace):
        for path in (place.built, place.built.with_name(f"{place.built.name}-wal")):
            path.write_text("Kim Kept")
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {BUILT} CREATE TABLE one (name text)")
    staged = Path(settings.MEDIA_ROOT) / STAGED
    staged.mkdir()
    (staged / "x.webp").write_bytes(b"x")


def left() -> list[str]:
    place = here()
    found = [path.name for path in Path(settings.MEDIA_ROOT).glob(STAGED)]
    if isinstance(place, SQLitePlace):
        return found + [path.name for path in place.path.parent.glob(f"{place.built.name}*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname::text FROM pg_namespace WHERE nspname = %s", [BUILT])
        return found + [name for (name,) in cursor.fetchall()]


def test_what_a_killed_restore_left_is_gone_after_the_next_purge_or_start():
    leave_what_a_killed_restore_leaves()
    before = left()
    call_command("purge_requests", "--dry-run", verbosity=0)
    assert left() == before
    call_command("purge_requests", verbosity=0)
    assert (len(before), left()) == (3 if connection.vendor == "sqlite" else 2, [])


def test_what_a_restore_that_goes_on_has_made_is_left_alone():
    leave_what_a_killed_restore_leaves()
    before = left()
    with anew.alone(Path(settings.DATA_DIR)):
        call_command("purge_requests", verbosity=0)
    assert left() == before
    call_command("purge_requests", verbosity=0)
    assert left() == []


def test_on_postgresql_a_restore_on_another_machine_counts_too():
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file is on one machine")
    own = connection.copy()
    with contextlib.closing(own), own.cursor() as cursor:
        cursor.execute(BUILDING)
        leave_what_a_killed_restore_leaves()
        call_command("purge_requests", verbosity=0)
        assert left() == [BUILT]
        with pytest.raises(Refusal, match="another restore"), here().beside():
            pass
    call_command("purge_requests", verbosity=0)
    assert left() == []
