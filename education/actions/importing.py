"""Importing a guide from a folder of files: all of it, or nothing."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from education.actions.library import add_image, save_source, save_term
from education.actions.refusals import Refused
from education.actions.signing import log_once_kept
from education.actions.writing import add_page, create_guide
from education.canonical import canonical_text
from education.guide_files import GuideFiles, Key, MalformedFile, Row, Tables, read_guide
from education.models import Guide, Image, Page, Source, Term
from education.models.guides import languages
from education.snapshot import SnapshotPage
from education.working_copy import assemble

logger = logging.getLogger(__name__)


def _text(required: bool = False, longest: int = 600, choices: tuple[str, ...] = ()) -> Key:
    return Key(str, required, choices, longest)


TABLES = Tables(
    guide={
        "slug": _text(True, 80),
        "title": _text(True, 120),
        "kind": _text(True, 20, tuple(Guide.Kind.values)),
        "language": _text(False, 12, tuple(code for code, _ in languages())),
        "summary": _text(),
        "also_known_as": _text(False, 300),
        "review_interval_months": Key(int),
        "written_by": _text(False, 200),
        "funding": _text(),
        "codes": _text(False, 200),
    },
    page={"kind": _text(True, 30, tuple(Page.Kind.values)), "title": _text(True, 120), "slug": _text(False, 80)},
    source={
        "key": _text(True, 60),
        "title": _text(True, 300),
        "authors": _text(False, 300),
        "publisher": _text(False, 300),
        "year": Key(int),
        "url": _text(False, 500),
        "doi": _text(False, 120),
        "pmid": _text(False, 12),
        "note": _text(),
        "strength": _text(True, 30, tuple(Source.Strength.values)),
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
)


@transaction.atomic
def import_guide(folder: Path, *, by: Any) -> Guide:
    """Make a guide from the files of a folder; sources and terms that are there already must say the same.

    Raises MalformedFile (file, line, what was expected), Refused, NotPermitted; then nothing is imported.
    """
    files = read_guide(folder, TABLES)
    for row in files.sources:
        _keep(row, Source, save_source, by)
    for row in files.terms:
        _keep(row, Term, save_term, by)
    for row in files.images:
        _keep_image(row, folder, by)
    try:
        Guide(**files.guide.values).clean_fields(exclude=["slug_at_creation"])
        guide = create_guide(by=by, **files.guide.values)
    except Refused as refusal:
        raise files.guide.refuse(refusal.field, str(refusal)) from refusal
    except ValidationError as error:
        raise _malformed(files.guide, error) from error
    for page in files.pages:
        facts = {name: value for name, value in page.front.values.items() if name != "kind"}
        try:
            Page(**page.front.values, markdown=page.markdown).clean_fields(exclude=["guide", "slug"])
            add_page(guide, by=by, kind=page.front.values["kind"], markdown=page.markdown, **facts)
        except Refused as refusal:
            raise page.front.refuse(refusal.field, str(refusal)) from refusal
        except ValidationError as error:
            raise _malformed(page.front, error) from error
    _keep_order(guide)
    _refuse_problems(guide, files)
    log_once_kept(logger, "guide %s imported with %s pages by account %s", guide.pk, len(files.pages), by.pk)
    return guide


def _keep(row: Row, model: type[Source] | type[Term], save: Any, by: Any) -> None:
    """Save a library row, or check that the one with its key says the same."""
    there = model.objects.filter(key=row.values["key"]).first()
    if there is None:
        made = model(**row.values)
        try:
            made.full_clean()
        except ValidationError as error:
            raise _malformed(row, error) from error
        save(made, by=by)
        return
    for name, value in row.values.items():
        old = getattr(there, name)
        if old != (canonical_text(value) if isinstance(value, str) else value):
            raise row.refuse(
                name,
                f"the library has “{there.key}” already, with another {name}: “{old}”. Make both the same, "
                "or choose another key.",
            )


def _keep_image(row: Row, folder: Path, by: Any) -> None:
    facts = {name: value for name, value in row.values.items() if name != "file"}
    path = folder / row.values["file"]
    if path.resolve().parent != folder.resolve() or not path.is_file():
        raise row.refuse("file", f"expected a picture file “{row.values['file']}” beside this file.")
    image = Image.objects.filter(key=facts["key"]).first() or Image(**facts)
    try:
        image.clean_fields(exclude=["sha256", "width", "height"])
        image.validate_constraints()
        add_image(image, io.BytesIO(path.read_bytes()), by=by)
    except Refused as refusal:
        raise row.refuse("file", str(refusal)) from refusal
    except ValidationError as error:
        raise _malformed(row, error) from error


def _malformed(row: Row, error: ValidationError) -> MalformedFile:
    name, messages = next(iter(error.message_dict.items()))
    return row.refuse(name, f"{name}: {messages[0]}")


def _keep_order(guide: Guide) -> None:
    """Put the pages in the order of their files, which may differ from the usual reading order."""
    for position, page in enumerate(guide.pages.order_by("id")):
        Page.objects.filter(pk=page.pk).update(position=position)


def _refuse_problems(guide: Guide, files: GuideFiles) -> None:
    """Refuse unknown keys and malformed blocks where they stand in the files."""
    pages = list(guide.pages.order_by("id"))
    contents = [SnapshotPage(page.kind, page.slug, page.title, page.markdown) for page in pages]
    rendered, _ = assemble(guide, contents).rendered()
    for page, file in zip(rendered, files.pages, strict=True):
        for problem in page.problems:
            raise MalformedFile(file.front.path, file.first_line + problem.line - 1, problem.message)
