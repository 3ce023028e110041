"""The database itself refuses: raw SQL against every table of the record, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, models, transaction

from education.models import Guide, Page
from education.triggers import MESSAGE, drop_triggers, install_triggers, missing_triggers, record_models

RECORD = pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
SQLITE = connection.vendor == "sqlite"
on_sqlite = pytest.mark.skipif(not SQLITE, reason="a statement that only SQLite has")
on_postgresql = pytest.mark.skipif(SQLITE, reason="a statement that only PostgreSQL has")


def _stored(model: type[models.Model]) -> list[dict]:
    return list(model._base_manager.order_by("pk").values())


def _refused(model: type[models.Model], *statements: str) -> None:
    """Run each statement by itself; each must be refused by the trigger and leave the table as it was."""
    before = _stored(model)
    assert before, f"{model.__name__} has no row to try this on"
    connection.check_constraints()  # PostgreSQL truncates no table while checks are waiting
    assert [sql for sql in statements if not _is_refused(sql)] == []
    assert _stored(model) == before


def _is_refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except IntegrityError as refusal:
        return MESSAGE in str(refusal)
    return False


def _columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields]


def _unique_sets(model: type[models.Model]) -> list[set[str]]:
    """Return the primary key and the columns of each unique index, as the database has them."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    unique = [set(one["columns"]) for one in found.values() if one["unique"] and one["columns"]]
    return [{"id"}, *(one for one in unique if one != {"id"})]


def _copies(model: type[models.Model]) -> Iterator[tuple[str, set[str]]]:
    """For each unique set, yield an INSERT of a row that collides with an old one in that set alone."""
    table, columns, sets = model._meta.db_table, _columns(model), _unique_sets(model)
    numbers = {field.column for field in model._meta.local_concrete_fields if not _is_text(field)}
    for unique in sets:
        elsewhere = set().union(*(other for other in sets if other != unique)) - unique
        cells = [
            (f'"{column}" + 1000' if column in numbers else f"substr(\"{column}\", 2) || 'x'")
            if column in elsewhere
            else f'"{column}"'
            for column in columns
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        yield f'INTO "{table}" ({names}) SELECT {", ".join(cells)} FROM "{table}" WHERE id = {_first(model)}', unique


def _is_text(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def _first(model: type[models.Model]) -> int:
    return model._base_manager.order_by("pk").values_list("pk", flat=True)[0]


@RECORD
def test_no_column_can_be_updated_not_even_to_the_value_it_has(record, model):
    table = model._meta.db_table
    _refused(model, *(f'UPDATE "{table}" SET "{one}" = "{one}" WHERE id = {_first(model)}' for one in _columns(model)))
    _refused(model, f'UPDATE "{table}" SET id = id + 1000')


@RECORD
def test_no_row_can_be_deleted(record, model):
    _refused(model, f'DELETE FROM "{model._meta.db_table}" WHERE id = {_first(model)}')
    _refused(model, f'DELETE FROM "{model._meta.db_table}"')


@RECORD
def test_no_row_can_be_overwritten_by_an_upsert(record, model):
    column = _columns(model)[1]
    _refused(
        model,
        *(
            f'INSERT {copy} ON CONFLICT ({", ".join(sorted(unique))}) DO UPDATE SET "{column}" = excluded."{column}"'
            for copy, unique in _copies(model)
        ),
    )


@on_sqlite
@RECORD
def test_no_row_can_be_replaced_over_any_of_its_unique_sets(record, model):
    for copy, _ in _copies(model):
        _refused(model, f"REPLACE {copy}", f"INSERT OR REPLACE {copy}")


@on_sqlite
@RECORD
def test_no_row_can_be_updated_or_replaced(record, model):
    _refused(model, f'UPDATE OR REPLACE "{model._meta.db_table}" SET id = id')


@on_postgresql
@RECORD
def test_no_table_can_be_truncated(record, model):
    _refused(model, f'TRUNCATE "{model._meta.db_table}" CASCADE', f'TRUNCATE ONLY "{model._meta.db_table}" CASCADE')


@on_postgresql
def test_truncating_the_working_copy_does_not_reach_the_record(record):
    before = record.editions.count()
    connection.check_constraints()
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{Guide._meta.db_table}" CASCADE')
    assert record.editions.count() == before


def test_the_working_copy_can_be_changed(record):
    assert Page.objects.filter(guide=record).update(title="Other") == 3


def test_no_trigger_is_missing(db):
    assert missing_triggers() == []
    assert len(record_models()) == 16


@RECORD
def test_a_trigger_that_is_gone_is_named(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        for kind in ("update", "delete", "insert") if SQLITE else ("write", "truncate"):
            name = f"{table}_no_{kind}"
            cursor.execute(f'DROP TRIGGER "{name}"' + ("" if SQLITE else f' ON "{table}"'))
            assert missing_triggers() == [name]
            install_triggers()
    assert missing_triggers() == []


@on_postgresql
def test_a_disabled_trigger_counts_as_missing_and_is_made_again(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE education_review DISABLE TRIGGER education_review_no_write")
    assert missing_triggers() == ["education_review_no_write"]
    install_triggers()
    assert missing_triggers() == []


def test_triggers_can_be_dropped_and_made_again_and_again(db):
    drop_triggers()
    drop_triggers()
    wanted = missing_triggers()
    assert len(wanted) == len(record_models()) * (3 if SQLITE else 2)
    install_triggers()
    install_triggers()
    assert missing_triggers() == []
