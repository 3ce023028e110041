"""Rows that are written once: the first of four guards; the others are PROTECT, triggers and verification."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models

from education.canonical import canonical_json, canonical_moment, sha256


class WrittenOnce(Exception):
    """Somebody tried to change or remove a row of the record."""


def refuse(model: type[models.Model]) -> NoReturn:
    raise WrittenOnce(
        f"A {model._meta.verbose_name} is part of the record: it is written once and never changed or deleted."
    )


Row = TypeVar("Row", bound=models.Model, covariant=True)


class WriteOnceQuerySet(models.QuerySet[Row]):
    def update(self, **kwargs: Any) -> NoReturn:
        refuse(self.model)

    def delete(self) -> NoReturn:
        refuse(self.model)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> NoReturn:
        refuse(self.model)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(self.model)

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(self.model)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if args or kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            refuse(self.model)
        return super().bulk_create(objs, **kwargs)


def seal_of(row: models.Model) -> str:
    """Return the SHA-256 over a record row's table and values, without its id, which the database gives later."""
    later = getattr(row, "added_later", ())
    values = {
        field.attname: _plain(field.get_prep_value(getattr(row, field.attname)), field)
        for field in row._meta.local_concrete_fields
        if not field.primary_key
        and not isinstance(field, SealField)
        # A column that was added later is empty in older rows, and their seals know nothing of it.
        and (field.name not in later or getattr(row, field.attname))
    }
    return sha256(canonical_json([row._meta.label_lower, values]))


def _plain(value: Any, field: Any) -> Any:
    if isinstance(value, datetime):
        return canonical_moment(value)
    if isinstance(value, Decimal):
        # 300 as it was given and 300.000 as a database gives it back are one amount.
        return f"{value:.{field.decimal_places}f}"
    return value.isoformat() if isinstance(value, date) else value


class SealField(models.CharField):
    """Holds `seal_of()` its row, set as the row is written: a value that was changed behind the models shows."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = seal_of(model_instance)
        setattr(model_instance, self.attname, value)
        return value


class WriteOnceModel(models.Model):
    """Base of every record model. `education.triggers` guards the tables of all its subclasses."""

    objects: ClassVar[models.Manager[Self]] = WriteOnceQuerySet.as_manager()

    # Columns that a later version added: sealed in the rows that fill them.
    added_later: ClassVar[tuple[str, ...]] = ()

    seal = SealField(max_length=64, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or args or kwargs.get("force_update") or kwargs.get("update_fields"):
            refuse(type(self))
        kwargs["force_insert"] = True
        super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(type(self))


class SignedModel(models.Model):
    """Who did it and when: the account, and the name and role as they were that day."""

    made_at = models.DateTimeField("when")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="account")
    made_by_name = models.CharField("name", max_length=200)
    made_by_role = models.CharField("role", max_length=200, blank=True)

    class Meta:
        abstract = True
