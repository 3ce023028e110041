"""The record is written once: models and querysets refuse every other way of writing, parents cannot be deleted."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, models, transaction
from django.db.models import ProtectedError

from clinic.models import User
from education.models import Edition, EditionPage, Guide, Image, Page, Publication, WrittenOnce
from education.models.write_once import WriteOnceQuerySet
from education.triggers import record_models

RECORD = pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)


def _values(row: models.Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.local_concrete_fields}


def _stored(model: type[models.Model]) -> list[dict]:
    return list(model._base_manager.order_by("pk").values())


def _anew(row: models.Model) -> models.Model:
    """Return an unsaved row with the same values, its id included."""
    return type(row)(**_values(row))


def _field(row: models.Model) -> str:
    return next(field.attname for field in row._meta.local_concrete_fields if not field.primary_key)


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except WrittenOnce as refusal:
        return "written once and never changed or deleted" in str(refusal)
    return False


WAYS: dict[str, Callable[[models.Model, models.QuerySet], object]] = {
    "save": lambda row, rows: row.save(),
    "save(update_fields)": lambda row, rows: row.save(update_fields=[_field(row)]),
    "save(force_update)": lambda row, rows: _anew(row).save(force_update=True),
    "save(positional)": lambda row, rows: _anew(row).save(False, True),
    "save(force_insert)": lambda row, rows: row.save(force_insert=True),
    "delete": lambda row, rows: row.delete(),
    "rows.update": lambda row, rows: rows.update(**{_field(row): getattr(row, _field(row))}),
    "rows.delete": lambda row, rows: rows.delete(),
    "rows._raw_delete": lambda row, rows: rows._raw_delete("default"),
    "rows.bulk_update": lambda row, rows: rows.bulk_update([row], [_field(row)]),
    "rows.update_or_create": lambda row, rows: rows.update_or_create(pk=row.pk, defaults=_values(row)),
    "rows.bulk_create(ignore_conflicts)": lambda row, rows: rows.bulk_create([_anew(row)], ignore_conflicts=True),
    "rows.bulk_create(positional)": lambda row, rows: rows.bulk_create([_anew(row)], None, True),
    "rows.bulk_create(update_conflicts)": lambda row, rows: rows.bulk_create(
        [_anew(row)], update_conflicts=True, unique_fields=["id"], update_fields=[_field(row)]
    ),
}
ASYNC_WAYS: dict[str, Callable[[models.Model, models.QuerySet], Awaitable[object]]] = {
    "asave": lambda row, rows: row.asave(),
    "adelete": lambda row, rows: row.adelete(),
    "rows.aupdate": lambda row, rows: rows.aupdate(**{_field(row): getattr(row, _field(row))}),
    "rows.adelete": lambda row, rows: rows.adelete(),
    "rows.abulk_update": lambda row, rows: rows.abulk_update([row], [_field(row)]),
    "rows.aupdate_or_create": lambda row, rows: rows.aupdate_or_create(pk=row.pk, defaults=_values(row)),
    "rows.abulk_create(ignore_conflicts)": lambda row, rows: rows.abulk_create([_anew(row)], ignore_conflicts=True),
    "rows.abulk_create(update_conflicts)": lambda row, rows: rows.abulk_create(
        [_anew(row)], update_conflicts=True, unique_fields=["id"], update_fields=[_field(row)]
    ),
}


@RECORD
def test_no_way_of_writing_changes_a_row_of_the_record(record, model):
    row, before = model.objects.first(), _stored(model)
    rows = model.objects.filter(pk=row.pk)
    assert [name for name, way in WAYS.items() if not _refused(partial(way, row, rows))] == []
    assert _stored(model) == before


@RECORD
def test_no_asynchronous_way_does_either(record, model):
    row, before = model.objects.first(), _stored(model)
    rows = model.objects.filter(pk=row.pk)

    async def attempt(way: Callable[[models.Model, models.QuerySet], Awaitable[object]]) -> None:
        await way(row, rows)

    assert [name for name, way in ASYNC_WAYS.items() if not _refused(partial(async_to_sync(attempt), way))] == []
    assert _stored(model) == before


@RECORD
def test_a_second_row_with_the_same_id_is_refused(record, model):
    row, before = model.objects.first(), _stored(model)
    for write in (lambda: _anew(row).save(), lambda: model.objects.bulk_create([_anew(row)])):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert _stored(model) == before


@RECORD
def test_a_copy_of_a_loaded_row_is_refused(record, model):
    twin = copy.copy(model.objects.first())
    with pytest.raises(WrittenOnce):
        twin.save()
    twin.pk = None
    with pytest.raises(WrittenOnce):
        twin.save()


@RECORD
def test_every_manager_of_a_record_model_refuses(model):
    for manager in (*model._meta.managers, model._base_manager, model._default_manager):
        assert isinstance(manager.get_queryset(), WriteOnceQuerySet), manager


@RECORD
def test_a_parents_manager_refuses_too(record, model):
    before = _stored(model)
    for key in model._meta.local_concrete_fields:
        if not key.remote_field or key.remote_field.hidden:
            continue
        row = model.objects.exclude(**{key.name: None}).first()
        related = getattr(getattr(row, key.name), key.remote_field.get_accessor_name())
        if key.one_to_one:
            for way in (related.save, related.delete):
                with pytest.raises(WrittenOnce):
                    way()
            continue
        attempts = [partial(way, row, related.all()) for name, way in WAYS.items() if name.startswith("rows.")]
        attempts += [partial(related.add, row), partial(related.update_or_create, pk=row.pk, defaults={"id": row.pk})]
        if key.null:
            attempts += [related.clear, partial(related.remove, row), partial(related.set, [])]
        for attempt in attempts:
            with pytest.raises(WrittenOnce), transaction.atomic():
                attempt()
    assert _stored(model) == before


@RECORD
def test_every_key_of_the_record_protects_its_parent(model):
    keys = [field for field in model._meta.local_concrete_fields if field.remote_field]
    assert keys
    for key in keys:
        assert key.remote_field.on_delete is models.PROTECT, key


@pytest.mark.parametrize("parent", [Guide, Page, Image, User], ids=lambda model: model.__name__)
def test_what_the_record_refers_to_cannot_be_deleted(record, parent):
    count = parent.objects.count()
    row = {
        Guide: record,
        Page: record.pages.first(),
        Image: Image.objects.first(),
        User: User.objects.get(username="reviewer"),
    }[parent]
    for way in (row.delete, parent.objects.filter(pk=row.pk).delete, parent.objects.all().delete):
        with pytest.raises(ProtectedError):
            way()
    assert parent.objects.count() == count


def test_a_parent_of_the_record_that_is_itself_record_refuses_before_it_asks_for_children(record):
    for row in (Edition.objects.first(), EditionPage.objects.first(), Publication.objects.first()):
        with pytest.raises(WrittenOnce):
            row.delete()


def test_new_rows_can_be_written_singly_and_in_bulk(record):
    page = record.pages.first()
    first = page.former_slugs.create(guide=record, slug="once")
    page.former_slugs.bulk_create([type(first)(guide=record, page=page, slug="twice")])
    found, made = page.former_slugs.get_or_create(guide=record, page=page, slug="once")
    assert (found, made) == (first, False)
    assert {row.slug for row in page.former_slugs.all()} >= {"once", "twice"}
