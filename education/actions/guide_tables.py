"""Which tables and keys the files of a guide's folder have, from the fields and choices of the models."""

from __future__ import annotations

from education.entries import KIND_OF_PAGE, EntryField
from education.guide_files import Key, Tables
from education.models import Guide, Page, Source, SourceCheck
from education.models.guides import languages


def _text(required: bool = False, longest: int = 600, choices: tuple[str, ...] = ()) -> Key:
    return Key(str, required, choices, longest)


def _of_entry(field: EntryField) -> Key:
    choices = tuple(field.choices.values) if field.choices else ()
    # A step of one day names the day once.
    return Key(field.kind, field.required and field.name != "to_day", choices, field.longest)


# A source that stands needs no word of it: adding it is its check.
DOUBTFUL = tuple(one for one in SourceCheck.Outcome.values if one != SourceCheck.Outcome.CURRENT)

TABLES = Tables(
    guide={
        "slug": _text(True, 80),
        "title": _text(True, 120),
        "kind": _text(True, 20, tuple(Guide.Kind.values)),
        "language": _text(False, 12, tuple(code for code, _ in languages())),
        "translation_of": _text(False, 80),
        "summary": _text(),
        "also_known_as": _text(False, 300),
        "review_interval_months": Key(int),
        "written_by": _text(False, 200),
        "funding": _text(),
        "codes": _text(False, 200),
    },
    page={"kind": _text(True, 30, tuple(Page.Kind.values)), "title": _text(True, 120), "slug": _text(False, 80)},
    entries={
        page: {
            # The page's kind decides it. An edition's files name it, so that what its hash covers stands in them.
            "kind": _text(False, 20, (kind.name,)),
            **{field.name: _of_entry(field) for field in kind.fields},
            "sources": Key(list),
        }
        for page, kind in KIND_OF_PAGE.items()
    },
    source={
        "key": _text(True, 60),
        "title": _text(True, 300),
        "authors": _text(False, 300),
        "publisher": _text(False, 300),
        "year": Key(int),
        "url": _text(False, 500),
        "doi": _text(False, 120),
        "pmid": _text(False, 12),
        "note": _text(False, 5000),
        "strength": _text(True, 30, tuple(Source.Strength.values)),
        "check_again_months": Key(int),
        "status": _text(False, 20, DOUBTFUL),
        "status_note": _text(),
    },
    term={"key": _text(True, 60), "term": _text(True, 120), "plain_meaning": _text(True)},
    image={
        "key": _text(True, 60),
        "file": _text(True, 200),
        "alternative_text": _text(False, 125),
        "decorative": Key(bool),
        "credit": _text(False, 200),
        "licence": _text(False, 200),
    },
    reason={"check": _text(True, 60), "page": _text(False, 80), "reason": _text(True, 2000)},
)
