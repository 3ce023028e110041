"""Database triggers that keep the record's rows from being changed, on SQLite and on PostgreSQL.

A table that SQLite rebuilds during a migration loses its triggers without a word, so they are made anew after
every migrate. `verify_editions` says which are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from education.models import WriteOnceModel

MESSAGE = "is part of the record: its rows are written once"


def record_models() -> list[type[models.Model]]:
    """Return every write-once model of every app, in a stable order."""
    found = [model for model in apps.get_models() if issubclass(model, WriteOnceModel)]
    return sorted(found, key=lambda model: model._meta.db_table)


def install_triggers(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the triggers of all record tables that exist. Safe to repeat, and while others write."""
    _execute(using, make=True)


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Remove the triggers: only a test's flush and the demonstration of a broken record need it."""
    _execute(using, make=False)


def _execute(using: str, *, make: bool) -> None:
    connection = connections[using]
    for statements in _statements(connection, make=make):
        # One transaction a table: between dropping and making no write may slip in, and no end of the process.
        with transaction.atomic(using=using), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of triggers that ought to be there and are not."""
    connection = connections[using]
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        # Tables that a restore put aside have triggers of the same names.
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' AND pg_table_is_visible(tgrelid)"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    return [
        name for model in record_models() for name in _names(connection, model._meta.db_table) if name not in present
    ]


def _names(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    kinds = ("update", "delete", "insert") if connection.vendor == "sqlite" else ("write", "truncate")
    return [f"{table}_no_{kind}" for kind in kinds]


def _statements(connection: BaseDatabaseWrapper, *, make: bool) -> Iterator[list[str]]:
    """Yield what is to be done for each table, one after the other."""
    tables = set(connection.introspection.table_names())
    if connection.vendor == "postgresql" and make:
        yield [
            "CREATE OR REPLACE FUNCTION plainleaf_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '% {MESSAGE}', TG_TABLE_NAME USING ERRCODE = '23001'; END $$"
        ]
    for model in record_models():
        table = model._meta.db_table
        if table not in tables:
            continue
        on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        statements = [f'DROP TRIGGER IF EXISTS "{name}"{on_table}' for name in _names(connection, table)]
        if make:
            statements += _sqlite(model) if connection.vendor == "sqlite" else _postgresql(table)
        yield statements


def _sqlite(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} {MESSAGE}'); END"
    yield f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {refuse}'
    yield f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}'
    # INSERT OR REPLACE removes the row in its way without firing the delete trigger.
    taken = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
        for columns in _unique_columns(model)
    )
    yield (
        f'CREATE TRIGGER "{table}_no_insert" BEFORE INSERT ON "{table}" '  # noqa: S608  # names of our own models
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {taken}) {refuse}'
    )


def _postgresql(table: str) -> Iterator[str]:
    call = "EXECUTE FUNCTION plainleaf_refuse()"
    yield f'CREATE TRIGGER "{table}_no_write" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {call}'
    yield f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {call}'


def _unique_columns(model: type[models.Model]) -> list[list[str]]:
    fields = {field.name: field for field in model._meta.local_concrete_fields}
    unique = [[name] for name, field in fields.items() if field.unique]
    unique += [list(one.fields) for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return [[str(fields[name].column) for name in names] for names in unique]
