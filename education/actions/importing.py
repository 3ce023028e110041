"""Importing a guide from a folder of files, over the guide that is there or as a new one: all of it, or nothing."""

from __future__ import annotations

import difflib
import hashlib
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from education.actions.guide_tables import TABLES
from education.actions.import_changes import (
    Change,
    Changes,
    changes_of,
    library_facts,
    matching_pages,
    slug_of,
    with_order,
)
from education.actions.library import add_image, check_source, reencoded, save_source, save_term
from education.actions.refusals import EntryRefused, Refused
from education.actions.signing import log_once_kept
from education.actions.writing import add_page, create_guide, put_back_page, save_guide, save_page
from education.canonical import canonical_text
from education.guide_files import GuideFiles, MalformedFile, PageFile, Row, read_guide
from education.models import Guide, Image, Page, Source, Term
from education.quality import CHECKS
from education.working_copy import assemble, contents

__all__ = ["TABLES", "Change", "Changes", "Imported", "WouldChange", "import_guide"]

logger = logging.getLogger(__name__)


class WouldChange(Exception):
    """The import would change what is here already, and nobody has agreed to it. Carries the changes."""

    def __init__(self, changes: Changes) -> None:
        super().__init__("The folder says something else than what is here already.")
        self.changes = changes


@dataclass(frozen=True)
class Imported:
    """The guide, what the import wrote beside a new guide's own pages, and whether the guide is new."""

    guide: Guide
    changes: Changes
    new: bool


@transaction.atomic
def import_guide(folder: Path, *, by: Any, seen: str = "", instead: Mapping[str, Any] | None = None) -> Imported:
    """Make a guide from the files of a folder, or bring the one with its address to what they say.

    `seen`: the fingerprint of the changes that somebody agreed to. `instead`: facts of the guide that count in place
    of the file's. Pages, sources, terms and images that are not in
    the folder stay. Raises MalformedFile (file, line, what was expected), Refused, NotPermitted, and WouldChange when
    something here would change that was not agreed to; then nothing is imported.
    """
    files = _with(read_guide(folder, TABLES), instead or {})
    pictures = {row.values["key"]: _picture(row, folder) for row in files.images}
    guide = Guide.objects.select_for_update().filter(slug=files.guide.values["slug"]).first()
    facts = _guide_facts(files, guide)
    digests = {key: hashlib.sha256(content).hexdigest() for key, content in pictures.items()}
    changes = changes_of(files, guide, facts, digests)
    order = list(guide.pages.kept()) if guide else []
    for row in files.sources:
        _write_source(row, by)
    for row in files.terms:
        _write_term(row, by)
    for row in files.images:
        _write_image(row, digests, pictures, by)
    with _refusals_of(files.guide):
        made = _write_guide(guide, facts, by)
    pages = _write_pages(made, files.pages, by)
    _keep_order(made, pages)
    if guide:
        changes = with_order(changes, order, made.pages.kept(), {page.pk for page in pages})
    _refuse_problems(made, pages, files.pages)
    if changes.overwrite and seen != changes.fingerprint:
        raise WouldChange(changes)
    if guide is None or changes.rows:
        log_once_kept(logger, "guide %s imported with %s pages by account %s", made.pk, len(pages), by.pk)
    return Imported(made, changes, new=guide is None)


def _with(files: GuideFiles, instead: Mapping[str, Any]) -> GuideFiles:
    """Return the files with other facts of the guide. Links to its own pages follow its address."""
    if not instead:
        return files
    values = {**files.guide.values, **instead}
    here, there = (f"/guides/{facts['slug']}/" for facts in (files.guide.values, values))

    def led(text: Any) -> Any:
        return text.replace(here, there) if isinstance(text, str) else text

    def page(one: PageFile) -> PageFile:
        entries = [replace(row, values={name: led(text) for name, text in row.values.items()}) for row in one.entries]
        return replace(one, markdown=led(one.markdown), entries=tuple(entries))

    return replace(files, guide=replace(files.guide, values=values), pages=tuple(page(one) for one in files.pages))


@contextmanager
def _refusals_of(row: Row, entries: Sequence[Row] = (), field: str = "") -> Iterator[None]:
    """Turn what an action refuses into the file and line that it is about."""
    try:
        yield
    except EntryRefused as refusal:
        raise entries[refusal.number - 1].refuse(refusal.field, str(refusal)) from refusal
    except Refused as refusal:
        raise row.refuse(field or refusal.field, str(refusal)) from refusal
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise row.refuse(name, f"{name}: {messages[0]}") from error


# The library


def _picture(row: Row, folder: Path) -> bytes:
    """Return a picture's file as the library would keep it."""
    path = folder / row.values["file"]
    if path.resolve().parent != folder.resolve() or not path.is_file():
        raise row.refuse("file", f"expected a picture file “{row.values['file']}” beside this file.")
    with _refusals_of(row, field="file"), path.open("rb") as file:
        return reencoded(file, keep_webp=True)[0]


def _brought_to(row: Row, model: Any, facts: Mapping[str, Any]) -> Any | None:
    """Return the library's row with these facts, not yet saved; None when it says all of them already."""
    there = model.objects.filter(key=facts["key"]).first()
    if there is not None and all(getattr(there, name) == value for name, value in facts.items()):
        return None
    made = there or model()
    for name, value in facts.items():
        setattr(made, name, value)
    with _refusals_of(row):
        made.clean_fields(exclude=["sha256", "width", "height"])
    return made


def _write_source(row: Row, by: Any) -> None:
    """Write a source. What a new one's status says is its second check: it was added, and found not to stand."""
    status, note = (canonical_text(row.values.get(name, "")) for name in ("status", "status_note"))
    if status and not note:
        raise row.refuse("status", "expected “status_note” too: what happened to it. Patients read this beside it.")
    if note and not status:
        expected = "“status_note” stands beside “status”, which says what happened. Add that, or leave this line out."
        raise row.refuse("status_note", expected)
    made = _brought_to(row, Source, library_facts(row, {}))
    if made is None:
        return
    is_new = made._state.adding
    with _refusals_of(row):
        save_source(made, by=by)
    if is_new and status:
        with _refusals_of(row, field="status_note"):
            check_source(made, by=by, outcome=status, note=note)


def _write_term(row: Row, by: Any) -> None:
    made = _brought_to(row, Term, library_facts(row, {}))
    if made is not None:
        with _refusals_of(row):
            save_term(made, by=by)


def _write_image(row: Row, digests: Mapping[str, str], pictures: Mapping[str, bytes], by: Any) -> None:
    made = _brought_to(row, Image, library_facts(row, digests))
    if made is not None:
        with _refusals_of(row):
            made.validate_constraints()
            add_image(made, io.BytesIO(pictures[made.key]), by=by, keep_webp=True)


# The guide


def _guide_facts(files: GuideFiles, guide: Guide | None) -> dict[str, Any]:
    """Return what the folder says about the guide itself. A key that is left out is not among it."""
    row = files.guide
    facts = {name: canonical_text(one) if isinstance(one, str) else one for name, one in row.values.items()}
    if "translation_of" in facts:
        facts["translation_of"] = _original(row, facts["translation_of"])
    with _refusals_of(row):
        Guide(**facts).clean_fields(exclude=["slug_at_creation"])
    if files.reasons is not None:
        facts["reasons"] = {**(guide.reasons if guide else {}), **_reasons(files, guide)}
    return facts


def _original(row: Row, slug: str) -> Guide | None:
    if not slug:
        return None
    if slug == row.values["slug"]:
        raise row.refuse("translation_of", "a guide is no translation of itself. Name the guide it was made from.")
    guide = Guide.objects.filter(slug=slug).first()
    if guide is None:
        expected = f"there is no guide “{slug}” here. Import that one first, or leave this line out."
        raise row.refuse("translation_of", expected)
    return guide


def _reasons(files: GuideFiles, guide: Guide | None) -> dict[str, str]:
    """Return the typed reasons by the key of the finding that each answers."""
    slugs = [slug_of(page) for page in files.pages]
    slugs += [page.slug for page in guide.pages.kept() if page.slug not in slugs] if guide else []
    keys = {row.values["key"] for row in files.sources}
    reasons = {}
    for row in files.reasons or ():
        check, page = row.values["check"], row.values.get("page", "")
        if check not in CHECKS:
            near = difflib.get_close_matches(check, CHECKS, 1)
            hint = f"did you mean “{near[0]}”?" if near else f"expected one of: {', '.join(sorted(CHECKS))}."
            raise row.refuse("check", f"there is no check “{check}”; {hint}")
        if check == "source.status":
            # Its reasons are about one source each.
            if page not in keys and not Source.objects.filter(key=page).exists():
                raise row.refuse("page", f"there is no source “{page}”; a reason for {check} is about one source.")
        elif page and page not in slugs:
            raise row.refuse("page", f"no page has the address “{page}”; expected one of: {', '.join(slugs)}.")
        reasons[f"{check} {page}".strip()] = canonical_text(row.values["reason"])
    return reasons


def _write_guide(guide: Guide | None, facts: Mapping[str, Any], by: Any) -> Guide:
    if guide is None:
        return create_guide(by=by, **facts)
    if all(getattr(guide, name) == value for name, value in facts.items()):
        return guide
    return save_guide(guide, by=by, **facts)


# The pages


def _write_pages(guide: Guide, files: Sequence[PageFile], by: Any) -> list[Page]:
    """Write the pages of these files and return them in the same order."""
    matches = matching_pages(guide, files)
    written: dict[int, Page] = {}
    waiting = list(range(len(files)))
    while waiting:
        # An address that one page gives up can be the next one's: first those whose address nobody holds.
        held = {matches[index].slug: index for index in waiting if matches[index]}  # type: ignore[union-attr]
        free = [index for index in waiting if held.get(slug_of(files[index]), index) == index] or waiting
        for index in free:
            written[index] = _write_page(guide, matches[index], files[index], by)
        waiting = [index for index in waiting if index not in written]
    return [written[index] for index in range(len(files))]


def _write_page(guide: Guide, page: Page | None, file: PageFile, by: Any) -> Page:
    facts = {"title": file.front.values["title"], "slug": slug_of(file), "markdown": file.markdown}
    entries = [row.values for row in file.entries]
    with _refusals_of(file.front, file.entries):
        if page is None:
            kind = file.front.values["kind"]
            Page(kind=kind, **facts).clean_fields(exclude=["guide", "slug"])
            return add_page(guide, by=by, kind=kind, entries=entries, **facts)
        save_page(page, by=by, base=None, entries=entries, **facts)
        return put_back_page(page, by=by) if page.removed_at else page


def _keep_order(guide: Guide, named: Sequence[Page]) -> None:
    """Put these pages in this order at the places that they have together; other pages stay where they are."""
    pages = list(guide.pages.order_by("position", "id"))
    keys = {page.pk for page in named}
    places = [index for index, page in enumerate(pages) if page.pk in keys]
    for index, page in zip(places, named, strict=True):
        pages[index] = page
    for position, page in enumerate(pages):
        Page.objects.filter(pk=page.pk).exclude(position=position).update(position=position)


def _refuse_problems(guide: Guide, named: Sequence[Page], files: Sequence[PageFile]) -> None:
    """Refuse unknown keys and malformed blocks where they stand in the files."""
    pages = list(guide.pages.kept())
    rendered, _ = assemble(guide, contents(pages)).rendered()
    by_page = {page.pk: shown.problems for page, shown in zip(pages, rendered, strict=True)}
    for page, file in zip(named, files, strict=True):
        for problem in by_page[page.pk]:
            raise MalformedFile(file.front.path, file.first_line + problem.line - 1, problem.message)
