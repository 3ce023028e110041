"""Each row of the record is sealed: whatever is changed behind the models is named by verification."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, models

from clinic.models import Price, PriceEnd
from education.models import (
    Cancellation,
    Edition,
    PageVersion,
    Publication,
    Rendering,
    Review,
    SourceCheck,
    Withdrawal,
    seal_of,
)
from education.triggers import record_models
from education.verification import verify_seals
from tests.education.whole_record import erase, tamper


def _found() -> list[tuple[str, int | str]]:
    return [(one.model, one.row) for one in verify_seals(set())]


def _columns() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in record_models()
        for field in model._meta.local_concrete_fields
        if not field.primary_key and not isinstance(field, models.ForeignKey)
    ]


def _other(name: str, value: object) -> object:
    """Return another value that the same column takes."""
    if name in ("decision", "outcome", "unit"):
        return {"decision": "confirmed", "outcome": "withdrawn", "unit": "session"}[name]
    if isinstance(value, Decimal) or name.startswith(("sessions_", "upkeep_")):
        return value + 1  # type: ignore[operator]  # a number
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 if name == "live_from" else -1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1000
    return json.dumps(["x"]) if isinstance(value, list | dict) else "x"


@pytest.mark.parametrize(("model", "field"), _columns(), ids=lambda one: getattr(one, "__name__", "") or one.name)
def test_a_value_that_was_changed_is_named(record, model, field):
    # A price of one unit has columns that are empty in those of another.
    unit = {"unit": "consultation", "sessions_in_course": "course"}.get(field.name)
    rows = model.objects.filter(unit=unit) if unit else model.objects.all()
    row = rows.order_by("-pk" if model is SourceCheck else "pk").first()
    tamper(row, **{field.name: _other(field.name, getattr(row, field.attname))})
    assert _found() == [(model.__name__, row.pk)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL leaves gaps between ids by itself")
@pytest.mark.parametrize("model", [Withdrawal, Cancellation])
def test_a_decision_that_was_deleted_is_missed(record, model):
    row = model.objects.get()
    erase(row)
    (found,) = verify_seals(set())
    assert str(found) == f"{model.__name__} {row.pk}: is not there any more: it was deleted"


def test_a_record_in_order_has_nothing_to_tell(record):
    assert _found() == []
    for model in (Edition, PageVersion, Publication, Rendering, Review, Price, PriceEnd):
        assert all(row.seal == seal_of(row) for row in model.objects.all())


def test_rows_that_were_named_already_are_not_named_again(record):
    row = Withdrawal.objects.get()
    tamper(row, reason="Another reason.")
    assert list(verify_seals({("Withdrawal", row.pk)})) == []


def test_a_price_that_was_changed_is_named(record):
    row = Price.objects.get(what="Face")
    tamper(row, amount_to=Decimal(5000))
    (found,) = verify_seals(set())
    assert str(found) == f"Price {row.pk}: was changed: its values do not give its seal"
