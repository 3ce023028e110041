"""PostgreSQL: the new database is a schema beside the old tables, and one transaction puts its tables in their place.

An account that may not make databases can do this, if it may make schemas in its own one.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction

from clinic.backup.place import IN_USE, Place, elsewhere
from config.refusal import Refusal

BUILT = "plainleaf_restoring"
NOT_ALLOWED = (
    "this account may not make a schema in the database, which a restore needs. Let the owner of the database run: "
    "GRANT CREATE ON DATABASE {database} TO {account}"
)
ANOTHER = "another restore builds in this database now. Wait for it."
# Held by whoever restores, on whichever machine. Any number does that nobody else uses in this database.
BUILDING, BUILT_NO_MORE = (f"SELECT pg_{how}(702605130)" for how in ("try_advisory_lock", "advisory_unlock"))
PATIENCE_SECONDS = 5
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
FUNCTION = "plainleaf_refuse"


class PostgreSQLPlace(Place):
    def __init__(self) -> None:
        (self.schema,) = _row("SELECT current_schema()")

    def refuse_in_use(self) -> None:
        """Connections of other databases on the same server do not count."""
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while _row(others) != (0,):
            # A page that is being answered is over soon.
            if time.monotonic() > until:
                raise Refusal(IN_USE)
            time.sleep(0.1)

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        options = connection.settings_dict["OPTIONS"]
        path = f"{options.get('options', '')} -c search_path={BUILT}".strip()
        try:
            with elsewhere(OPTIONS={**options, "options": path}):
                # Until this connection is closed, nobody else builds one or removes what seems to be left.
                if _row(BUILDING) != (True,):
                    raise Refusal(ANOTHER)
                _create_built()
                yield
        finally:
            # Where the server is gone, the next restore or purge removes it.
            with contextlib.suppress(DatabaseError):
                self.remove_built()

    def remove_built(self) -> None:
        if _row("SELECT to_regnamespace(%s)", BUILT) != (None,) and _row(BUILDING) == (True,):
            try:
                _run(f"DROP SCHEMA IF EXISTS {BUILT} CASCADE")
            finally:
                _row(BUILT_NO_MORE)

    def swap(self, aside: Path) -> str:
        self.refuse_in_use()
        schema = _free_name(aside)
        new = _names(TABLES, BUILT)
        old = [name for name in _names(TABLES, self.schema) if name in new or name.startswith(_prefixes())]
        try:
            with transaction.atomic():
                # Whoever reads a table now must end soon, or everybody after them would wait too.
                _run(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
                if old:
                    _run(f"CREATE SCHEMA {schema}")
                    self._move(old, self.schema, schema)
                self._move(new, BUILT, self.schema)
                _run(f"DROP SCHEMA {BUILT}")
        except OperationalError:
            raise Refusal(IN_USE) from None
        return f"the schema {schema}" if old else ""

    def _move(self, tables: Sequence[str], source: str, target: str) -> None:
        """Move tables with their indexes, sequences and triggers, and the function that the triggers call."""
        for name in tables:
            _run(f"ALTER TABLE {_quoted(source)}.{_quoted(name)} SET SCHEMA {_quoted(target)}")
        if _row("SELECT to_regprocedure(%s)", f"{_quoted(source)}.{FUNCTION}()") != (None,):
            _run(f"ALTER FUNCTION {_quoted(source)}.{FUNCTION}() SET SCHEMA {_quoted(target)}")


def _free_name(aside: Path) -> str:
    """Return a name for a schema that is not there yet, after that of the folder."""
    wish, there = aside.name.replace("-", "_"), _names("SELECT nspname FROM pg_namespace")
    return next(name for name in (wish, *(f"{wish}_{number}" for number in range(2, 1000))) if name not in there)


def _prefixes() -> tuple[str, ...]:
    """Return how the names of our tables begin: those of a version that had more of them too."""
    labels = {model._meta.app_label for model in apps.get_models()}
    return (*sorted(f"{label}_" for label in labels), "django_")


def _create_built() -> None:
    try:
        _run(f"DROP SCHEMA IF EXISTS {BUILT} CASCADE")
        _run(f"CREATE SCHEMA {BUILT}")
    except ProgrammingError:
        (database, account) = _row("SELECT current_database(), current_user")
        raise Refusal(NOT_ALLOWED.format(database=database, account=account)) from None


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _row(question: str, *values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchone()


def _names(question: str, *values: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return [row[0] for row in cursor.fetchall()]
