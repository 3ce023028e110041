"""Which tables a backup keeps, and that every kind of value is the same after it was a line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models

from clinic.backup import archive, tables
from clinic.models import User
from tests import builders
from tests.clinic.backups import (
    quickly_and_cleanly,
    small_clinic,
)

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    yield from quickly_and_cleanly(monkeypatch)


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def clinic(cast) -> dict[str, User]:
    return small_clinic(cast)


def test_every_table_of_the_project_is_kept_derived_or_left_out_for_a_reason():
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    exceptions = {*tables.LEFT_OUT, *tables.DERIVED}
    assert exceptions <= every
    assert exceptions == {
        "sessions.session", "education.visitorcount", "clinic.ownerlink", "education.searchrow", "education.searchword",
    }  # fmt: skip
    assert set(tables.kept(apps)) == every - exceptions


def test_every_column_that_is_kept_can_be_written_and_refers_to_kept_rows_only():
    for label, model in tables.kept(apps).items():
        for field in tables.fields_of(model):
            assert tables.kind_of(field) in {*tables.AS_THEY_ARE, *tables.WRITTEN, "DecimalField"}, f"{label}.{field}"
            if field.is_relation:
                assert field.related_model._meta.label_lower in tables.kept(apps), f"{label}.{field}"


def test_no_table_of_the_database_is_forgotten():
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    there = set(connection.introspection.table_names())
    assert {name for name in there - ours if not name.startswith("education_searchindex")} == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.DateTimeField(), datetime(2026, 11, 28, 9, 30, 0, 1, tzinfo=UTC)),
        (models.DateTimeField(), datetime(2026, 11, 28, 9, 30, tzinfo=UTC)),
        (models.DateField(), date(2026, 2, 28)),
        (models.TimeField(), time(23, 59, 59, 999999)),
        (models.DurationField(), timedelta(days=-1, microseconds=1)),
        (models.DecimalField(max_digits=10, decimal_places=3), Decimal("300.500")),
        (models.UUIDField(), UUID("12345678123456781234567812345678")),
        (models.GenericIPAddressField(), "2001:db8::1"),
        (models.GenericIPAddressField(), "192.0.2.7"),
        (models.BinaryField(), b"\x00\xff\n"),
        (models.JSONField(null=True), None),
        (models.JSONField(), {"b": [1, 2.5, None, "é\u2028"], "a": {}}),
        (models.BooleanField(), True),
        (models.FloatField(), 0.1),
        (models.BigIntegerField(), 2**62),
        (models.TextField(), "e\u0301 \r\n two  spaces \u202e"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_any_kind_is_the_same_after_it_was_a_line(transactional_db, field, value):
    """No table has every kind today; one of tomorrow may."""

    class Odd(models.Model):
        class Meta:
            app_label = "odd"

    field.contribute_to_class(Odd, "value")
    with connection.schema_editor() as editor:
        editor.create_model(Odd)
    try:
        Odd.objects.create(value=value)
        given = list(tables.lines(connection, Odd))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM odd_odd")
        tables.load(connection, Odd, given, lambda done: None)
        assert Odd.objects.get().value == value
        assert list(tables.lines(connection, Odd)) == given
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Odd)
        del apps.all_models["odd"]


@pytest.mark.parametrize("line", [b"[1]", b"{}", b"7", b"[1,2,3,4,5,6,7,8]", b"nonsense", b'[[1],"x"]', b"[" * 100_000])
def test_a_line_that_is_no_row_is_refused(transactional_db, line):
    model = apps.get_model("education.synonym")
    with pytest.raises(archive.Refusal, match=r"row of education\.synonym"):
        tables.load(connection, model, [line], lambda done: None)
