"""Places to back up and to restore into, and what is in one: the same for both databases."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from clinic.backup import archive, media, restoring, schema, tables
from clinic.backup.place import Place
from clinic.backup.postgresql import PostgreSQLPlace
from clinic.backup.sqlite import SQLitePlace
from clinic.models import User
from tests.clinic import asking
from tests.education.whole_record import whole_record


def here() -> Place:
    return SQLitePlace() if connection.vendor == "sqlite" else PostgreSQLPlace()


@contextlib.contextmanager
def elsewhere(folder: Path, *, migrated: bool = True) -> Iterator[None]:
    """Have everything use another, empty database and another folder for files, and come back."""
    before = settings.MEDIA_ROOT
    with here().beside():
        settings.MEDIA_ROOT = folder
        try:
            ContentType.objects.clear_cache()
            if migrated:
                quick = QuickExecutor(connection)
                quick.migrate(schema.last_steps(quick.every_step()))
                call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            settings.MEDIA_ROOT = before
            ContentType.objects.clear_cache()


def content() -> dict[str, str]:
    """Return a hash of each table and each file that a backup keeps: the same wherever they are."""
    found = {}
    for label, model in tables.kept(schema.models_after(schema.applied_steps(connection))).items():
        found[label] = hashlib.sha256(b"".join(tables.lines(connection, model))).hexdigest()
    for name in media.files():
        found[name] = hashlib.sha256((media.root() / name).read_bytes()).hexdigest()
    return found


class QuickExecutor:
    """Makes the newest tables as they were made before: working out each step takes most of a restore's time.

    On SQLite it copies them from the test's own database. On PostgreSQL it asks again for what the first restore of
    this process asked for, which really migrated.
    """

    own: Mapping[str, Any] = {}
    asked: list[tuple[str, Any, bool]] = []

    def __init__(self, wrapper: object) -> None:
        self.real = MigrationExecutor(connection)

    def every_step(self) -> dict[str, tuple[str, ...]]:
        steps: dict[str, tuple[str, ...]] = {}
        for app, name in self.real.loader.graph.nodes:
            steps[app] = (*steps.get(app, ()), name)
        return steps

    def migrate(self, targets: list[tuple[str, str]]) -> None:
        if set(targets) != set(schema.last_steps(self.every_step())):
            self.real.migrate(targets)
        elif connection.vendor == "sqlite":
            self._copied()
        elif QuickExecutor.asked:
            self._asked_again()
        else:
            with connection.execute_wrapper(self._noted):
                self.real.migrate(targets)

    def _copied(self) -> None:
        with contextlib.closing(sqlite3.connect(QuickExecutor.own["NAME"])) as own, connection.cursor() as cursor:
            # The index of the search makes tables of its own.
            made = "type <> 'trigger' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'education_searchindex_%'"
            for (statement,) in own.execute(f"SELECT sql FROM sqlite_master WHERE {made} AND sql <> '' ORDER BY rowid"):
                cursor.execute(statement)
            rows = own.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
            cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)

    @staticmethod
    def _noted(execute: Callable[..., object], sql: Any, params: Any, many: bool, context: object) -> object:
        if not str(sql).lstrip().startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            QuickExecutor.asked.append((sql, params, many))
        return execute(sql, params, many, context)

    @staticmethod
    def _asked_again() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # No table can be altered while the check of its rows is waiting.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for sql, params, many in QuickExecutor.asked:
                (cursor.executemany if many else cursor.execute)(sql, params)


def quickly_and_cleanly(monkeypatch: Any) -> Iterator[None]:
    """The body of a fixture: quick migrations, and no schema that a restore put aside is left."""
    monkeypatch.setattr(QuickExecutor, "own", dict(connection.settings_dict))
    monkeypatch.setattr(restoring, "MigrationExecutor", QuickExecutor)
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP SCHEMA {name} CASCADE")


def small_clinic(cast: dict[str, User]) -> dict[str, User]:
    """Make a clinic that has a row in every table of the record, a request and a price."""
    whole_record(cast)
    asking.request(name="Kim Kept", message="Ünïcode, \u202eturned, “quoted”, \\ and\nlines")
    return cast


def backed_up(folder: Path, **more: bool) -> Path:
    path = folder / "backup.zip"
    call_command("backup", str(path), verbosity=0, **more)
    return path


def restored(path: Path, *options: str) -> None:
    call_command("restore", str(path), *options, verbosity=0)


def names_in(path: Path) -> list[str]:
    with archive.opened(path) as reading:
        return list(reading.manifest.members)


def folders() -> dict[str, bytes]:
    """Return every file beside the data, but for the mark of who serves and what tells of changes."""
    found = [path for root in (settings.DATA_DIR, settings.MEDIA_ROOT) for path in Path(root).rglob("*")]
    return {
        str(path): path.read_bytes()
        for path in found
        if path.is_file() and path.name not in ("serving.lock", "changes.token")
    }
