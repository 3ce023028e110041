"""The rows: which tables are kept, and each row as a line that is the same from either database.

A line is a JSON list of the row's columns. Moments and amounts are texts, and what stands in a JSON column is written
canonically, so that the hash of a table's lines is a hash of what the table says.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import StateApps
from django.db.models.expressions import Col

from clinic.backup.manifest import Table
from config.refusal import Refusal
from education.canonical import canonical_json, canonical_moment

ROWS_AT_A_TIME = 100

# Every other table is kept, those of a later version too.
LEFT_OUT = {
    "sessions.session": "whoever was signed in signs in again",
    "education.visitorcount": "counts of one hour, by the address of visitors",
    "clinic.ownerlink": "works once and for a day: it must not come back to life",
}
DERIVED = {
    "education.searchrow": "made anew from the editions, with the database's own index",
    "education.searchword": "the same",
}
# What a migrate makes by itself, in an empty database too.
MADE_BY_MIGRATE = ("contenttypes.contenttype", "auth.permission", "auth.group", "auth.group_permissions")

AS_THEY_ARE = {
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
    "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "BooleanField", "FloatField",
    "CharField", "TextField", "SlugField", "FileField", "FilePathField",
}  # fmt: skip
WRITTEN: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": canonical_moment,
    "DateField": date.isoformat,
    "TimeField": time.isoformat,
    # SQLite has the microseconds.
    "DurationField": lambda value: value if isinstance(value, int) else value // timedelta(microseconds=1),
    "UUIDField": str,
    "GenericIPAddressField": str,
    "BinaryField": lambda value: base64.b64encode(bytes(value)).decode(),
    # A list of one: the JSON value null is not the same as nothing.
    "JSONField": lambda value: [json.loads(value)],
}
READ: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": lambda value: datetime.fromisoformat(value).astimezone(UTC),
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DurationField": lambda value: timedelta(microseconds=value),
    "DecimalField": Decimal,
    "GenericIPAddressField": str,
    "BinaryField": base64.b64decode,
}


def kept(apps: StateApps) -> dict[str, type[models.Model]]:
    """Return the models whose rows a backup keeps, by label, sorted."""
    found = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return {
        label: model
        for label, model in sorted(found.items())
        if model._meta.managed and not model._meta.proxy and label not in {*LEFT_OUT, *DERIVED}
    }


def fields_of(model: type[models.Model]) -> list[Any]:
    """Return the fields that are columns, in the order in which a line has them."""
    return list(model._meta.local_concrete_fields)


def kind_of(field: Any) -> str:
    """Return what a column holds; of a reference, what it refers to."""
    while field.is_relation:
        field = field.target_field
    return str(field.get_internal_type())


# Out of a database


def about(connection: BaseDatabaseWrapper, model: type[models.Model]) -> Table:
    """Return the columns of a table, how many rows it has and the greatest id that it ever gave."""
    quoted = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {quoted}")  # noqa: S608  # names of our own models
        (rows,) = cursor.fetchone()
    columns = tuple(str(field.column) for field in fields_of(model))
    return Table(columns, rows, _last_id(connection, model))


def _counts_ids(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def _last_id(connection: BaseDatabaseWrapper, model: type[models.Model]) -> int:
    if not _counts_ids(model):
        return 0
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), column])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608  # names of our own models
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def lines(connection: BaseDatabaseWrapper, model: type[models.Model]) -> Iterator[bytes]:
    """Yield each row as a line, by the primary key. A few rows in memory at a time."""
    quote, fields = connection.ops.quote_name, fields_of(model)
    columns, table = ", ".join(quote(field.column) for field in fields), quote(model._meta.db_table)
    writers = [_writer(connection, model, field) for field in fields]
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {quote(str(model._meta.pk.column))}")  # noqa: S608  # names of our own models
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            for row in rows:
                yield canonical_json([write(value) for write, value in zip(writers, row, strict=True)]) + b"\n"


def _writer(connection: BaseDatabaseWrapper, model: type[models.Model], field: Any) -> Callable[[Any], Any]:
    kind, column = kind_of(field), Col(model._meta.db_table, field)
    # The database's own converters alone: those of a field would parse JSON, or change a text.
    converters = connection.ops.get_db_converters(column)
    if kind == "DecimalField":
        written: Callable[[Any], Any] = f"{{:.{field.decimal_places}f}}".format
    elif kind in AS_THEY_ARE:
        written = _same
    else:
        written = WRITTEN[kind]

    def write(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return None if value is None else written(value)

    return write


def _same(value: Any) -> Any:
    return value


# Into a database


def empty(connection: BaseDatabaseWrapper, found: Iterable[type[models.Model]]) -> None:
    """Remove what a migrate makes by itself. For a database that is being built, in a transaction."""
    with connection.cursor() as cursor:
        for model in found:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  # names of our own models


def load(
    connection: BaseDatabaseWrapper, model: type[models.Model], given: Iterable[bytes], at: Callable[[int], None]
) -> None:
    """Write the rows of these lines into an empty table; `at` hears how many. Raises Refusal for what is no row."""
    quote, fields = connection.ops.quote_name, fields_of(model)
    columns = ", ".join(quote(field.column) for field in fields)
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608  # names of our own models
    readers = [_reader(connection, field) for field in fields]
    written, rows = 0, iter(given)
    with connection.cursor() as cursor:
        while some := [_row(model, readers, line) for line in islice(rows, ROWS_AT_A_TIME)]:
            cursor.executemany(insert, some)
            written += len(some)
            at(written)


def _row(model: type[models.Model], readers: Sequence[Callable[[Any], Any]], line: bytes) -> list[Any]:
    try:
        return [read(value) for read, value in zip(readers, json.loads(line), strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise Refusal(f"a row of {model._meta.label_lower} in it cannot be read. Take another backup.") from None


def _reader(connection: BaseDatabaseWrapper, field: Any) -> Callable[[Any], Any]:
    kind = kind_of(field)

    def read(value: Any) -> Any:
        if value is None:
            return None
        if kind == "JSONField":
            (inside,) = value
            return json.dumps(inside)
        if kind in AS_THEY_ARE:
            if not isinstance(value, str | int | float):
                raise TypeError(value)
            return value
        return field.get_db_prep_value(READ.get(kind, _same)(value), connection, prepared=True)

    return read


def set_last_ids(connection: BaseDatabaseWrapper, found: dict[str, type[models.Model]], last: dict[str, int]) -> None:
    """Have each table go on counting where it was: no id is given a second time. `last` are ids by label."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for label, model in found.items():
            if not _counts_ids(model):
                continue
            table, column = model._meta.db_table, str(model._meta.pk.column)
            cursor.execute(f"SELECT max({quote(column)}) FROM {quote(table)}")  # noqa: S608  # names of our own models
            number = max(last[label], cursor.fetchone()[0] or 0)
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, number])
            elif number:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quote(table), column, number])
