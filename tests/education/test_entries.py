"""Entries as data: one definition that models, pages and hashes follow."""

from __future__ import annotations

import pytest
from django.db import models

from education.entries import KIND_NAMED, KIND_OF_PAGE, KINDS, EntryField, EntryKind, canonical_entry
from education.models import ENTRY_MODELS, Page
from education.snapshot import Snapshot, SnapshotPage
from tests.education.example_entries import ON_PAGE

FIELDS = [(kind, field) for kind in KINDS for field in kind.fields]
NAMES = [f"{kind.name}-{field.name}" for kind, field in FIELDS]


def _data(page: str) -> dict:
    return canonical_entry(KIND_OF_PAGE[page], ON_PAGE[page], ON_PAGE[page]["sources"])


def _hash(entry: dict) -> str:
    return Snapshot("T", "S", "en", "W", "F", (SnapshotPage("other", "x", "X", "", (entry,)),)).content_hash()


def test_every_kind_stands_on_pages_that_exist_and_a_page_has_one_kind():
    assert set(KIND_OF_PAGE) <= set(Page.Kind.values)
    assert sum(len(kind.pages) for kind in KINDS) == len(KIND_OF_PAGE)


def test_every_kind_has_its_model():
    assert set(ENTRY_MODELS) == set(KIND_NAMED)


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=NAMES)
def test_the_model_holds_what_the_definition_says(kind: EntryKind, field: EntryField):
    column = ENTRY_MODELS[kind.name]._meta.get_field(field.name)
    shapes = {str: (models.CharField, models.TextField), int: (models.SmallIntegerField,), bool: (models.BooleanField,)}
    assert isinstance(column, shapes[field.kind])
    if field.kind is str:
        assert column.max_length == field.longest
        assert column.blank is not field.required
        assert list(column.choices or []) == list(field.choices.choices if field.choices else [])
        assert field.several_lines is isinstance(column, models.TextField)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_model_has_no_field_that_the_definition_has_not(kind: EntryKind):
    columns = {field.name for field in ENTRY_MODELS[kind.name]._meta.local_fields}
    assert columns == {field.name for field in kind.fields} | {"id", "page", "position"}


@pytest.mark.parametrize("page", ON_PAGE)
def test_another_value_in_any_field_gives_another_hash(page):
    entry = _data(page)
    hashes = {_hash(entry)}
    for name, value in entry.items():
        other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value * 2 or "x"
        hashes.add(_hash({**entry, name: other}))
    assert len(hashes) == 1 + len(entry)


def test_texts_are_canonical_and_sources_stand_once_by_the_alphabet():
    entry = canonical_entry(KIND_NAMED["question"], {"question": " e\u0301\r\n", "answer": None}, ["b", "a", "b"])
    assert entry == {"kind": "question", "question": "\u00e9", "answer": "", "sources": ["a", "b"]}


def test_a_step_without_a_last_day_ends_on_its_first():
    entry = canonical_entry(KIND_NAMED["care-step"], {"from_day": -7, "text": "Ask."}, [])
    assert (entry["to_day"], entry["ask_prescriber"]) == (-7, False)


def test_the_hash_of_a_known_entry_stays_as_it_is():
    # Whoever changes this line breaks the content hash of every edition that has entries.
    assert _hash(_data("side-effects")) == "e0548eec0cc77f3c81996ba0fdcac890d05c17bd3c397f428a8bbb51aab3efde"
