"""Exporting a guide to a folder of files that importing reads: its working copy, or an edition as recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction

from education.actions.guide_tables import DOUBTFUL, TABLES
from education.actions.image_files import image_path
from education.actions.proof import record_text
from education.actions.refusals import Refused
from education.actions.signing import locked_guide
from education.entries import KIND_NAMED
from education.guide_files import (
    GUIDE_FILE,
    LIBRARY_FILE,
    REASONS_FILE,
    RECORD_FILE,
    page_text,
    toml_text,
    write_folder,
)
from education.models import Edition, Guide, Source
from education.quality import CHECKS
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage
from education.working_copy import assemble, contents

# The facts of a guide that an edition keeps.
RECORDED = ("title", "summary", "language", "written_by", "funding")


def export_guide(guide: Guide, folder: Path, *, edition: Edition | None = None) -> list[str]:
    """Write the guide's working copy, or an edition of it, to a new or empty folder; return the files' names.

    An edition comes with its record, by which anybody can check it. What it does not keep, such as codes and the
    review interval, is the guide's of today. Raises Refused.
    """
    if folder.resolve() == Path.cwd():
        raise Refused("You stand in this folder. Name another one, or go to the folder above it.")
    files = _files(guide, edition)
    try:
        write_folder(folder, files)
    except FileExistsError as error:
        raise Refused(f"{folder} is there already and not empty. Name a new folder, or an empty one.") from error
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}. Name a folder where you may write.") from error
    return list(files)


@transaction.atomic
def _files(guide: Guide, edition: Edition | None) -> dict[str, str | bytes]:
    guide = locked_guide(guide.pk)
    snapshot = edition.snapshot() if edition else assemble(guide, contents(guide.pages.kept()))
    reasons = edition.reasons if edition else guide.reasons
    if not snapshot.pages:
        raise Refused("The guide has no pages. Add one, then export it.")
    files: dict[str, str | bytes] = {GUIDE_FILE: toml_text("guide", [_guide_row(guide, snapshot)], single=True)}
    if tables := list(_library_tables(snapshot)):
        files[LIBRARY_FILE] = "\n".join(tables)
    if rows := list(_reason_rows(reasons, snapshot)):
        files[REASONS_FILE] = toml_text("reasons", rows)
    digits = max(2, len(str(len(snapshot.pages))))
    for number, page in enumerate(snapshot.pages, start=1):
        files[f"{number:0{digits}}-{page.kind}.md"] = _page_file(page, whole=edition is not None)
    for image in snapshot.images:
        files[_picture_name(image)] = _picture(image)
    if edition:
        files[RECORD_FILE] = record_text(edition, files)
    return files


def _guide_row(guide: Guide, snapshot: Snapshot) -> dict[str, Any]:
    """Return the guide's facts in the order of the file. Empty ones too: the file then says that there is nothing."""
    facts = {name: getattr(snapshot if name in RECORDED else guide, name) for name in TABLES.guide}
    facts["translation_of"] = guide.translation_of.slug if guide.translation_of else ""
    return facts


def _library_tables(snapshot: Snapshot) -> Iterator[str]:
    """Yield the text of each table of the library file that has rows."""
    keys = [source.key for source in snapshot.sources]
    # An edition keeps what a reader sees of a source, not how often the clinic looks at it and what it found.
    today = {source.key: source for source in Source.objects.with_check().filter(key__in=keys)}
    sources: list[Mapping[str, Any]] = [
        {**_in_order(TABLES.source, asdict(source)), **_checked(today.get(source.key))}
        for source in sorted(snapshot.sources, key=lambda one: one.key)
    ]
    # All of them by key, as the content hash takes them.
    terms = [_in_order(TABLES.term, asdict(term)) for term in sorted(snapshot.terms, key=lambda one: one.key)]
    images = [
        _in_order(TABLES.image, {**asdict(image), "file": _picture_name(image)})
        for image in sorted(snapshot.images, key=lambda one: one.key)
    ]
    for name, rows in (("sources", sources), ("terms", terms), ("images", images)):
        if rows:
            yield toml_text(name, rows)


def _checked(source: Source | None) -> dict[str, Any]:
    """Return how often the clinic looks at a source and, when it no longer stands, what was found."""
    if source is None:
        return {}
    found = {"status": source.status, "status_note": source.status_note} if source.status in DOUBTFUL else {}
    return {"check_again_months": source.check_again_months, **found}


def _in_order(keys: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in keys if name in facts}


def _reason_rows(reasons: Mapping[str, str], snapshot: Snapshot) -> Iterator[dict[str, str]]:
    """Yield the reasons, without those about a page or source that is not there or a check that is no longer made."""
    slugs = {"", *(page.slug for page in snapshot.pages)}
    keys = {source.key for source in snapshot.sources}
    for key, reason in sorted(reasons.items()):
        check, _, page = key.partition(" ")
        if reason and check in CHECKS and page in (keys if check == "source.status" else slugs):
            yield {"check": check, **({"page": page} if page else {}), "reason": reason}


def _page_file(page: SnapshotPage, *, whole: bool) -> str:
    """Return a page's file. `whole`: all that the content hash covers stands in it, what says nothing too."""
    front = {"kind": page.kind, "title": page.title}
    if whole or page.slug != page.kind:
        front["slug"] = page.slug
    return page_text(
        front, [_whole_entry(entry) if whole else _entry_row(entry) for entry in page.entries], page.markdown
    )


def _whole_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that an edition keeps of an entry, in the order of its fields: PostgreSQL keeps another one."""
    names = ("kind", *(field.name for field in KIND_NAMED[entry["kind"]].fields), "sources")
    return {**{name: entry[name] for name in names if name in entry}, **entry}


def _entry_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as its table: without its kind, which the page's decides, and without what says nothing."""
    row = {}
    for field in KIND_NAMED[entry["kind"]].fields:
        value = entry[field.name]
        same_day = field.name == "to_day" and value == entry["from_day"]
        if not same_day and (field.kind is int or value):
            row[field.name] = value
    return {**row, "sources": entry["sources"]} if entry["sources"] else row


def _picture_name(image: SnapshotImage) -> str:
    return f"{image.key}.webp"


def _picture(image: SnapshotImage) -> bytes:
    try:
        content = image_path(image.sha256).read_bytes()
    except OSError as error:
        raise Refused(f"The file of the picture “{image.key}” cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != image.sha256:
        raise Refused(f"The file of the picture “{image.key}” is not the one on record. Run verify_editions.")
    return content
