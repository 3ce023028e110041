"""Beginning a guide that is not empty: from a skeleton, or from a copy of another clinic's."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from django.db import transaction

from education.actions.guide_tables import TABLES
from education.actions.importing import WouldChange, import_guide
from education.actions.refusals import Refused
from education.actions.signing import log_once_kept
from education.actions.writing import add_page, check_guide_slug, create_guide, save_page
from education.guide_files import MalformedFile, read_guide, read_page
from education.models import Guide, Page, Source
from education.rules import require_permission

logger = logging.getLogger(__name__)

# A page a file, in the order of their names. What stands in it as `[write …]` the report refuses.
SKELETON = Path(__file__).resolve().parent / "skeleton"
SUMMARY = "[write in a paragraph what it is, and what a reader will find here]"
# Whoever begins a guide has said neither.
UNKNOWN = {
    "written_by": "[write who wrote this guide, as patients will read it]",
    "funding": "[write who pays for this guide and what they gain, such as: written by the clinic that offers it]",
}
COPIED = (
    "[write nothing here, but take this paragraph out once it is done: this guide is a copy of one that a made-up "
    "clinic wrote. Read each page and change what is otherwise at your clinic. {instructions}]"
)
INSTRUCTIONS = (
    "What rests on {titles} is that clinic's way of doing it: write your own instruction as a source, "
    "and cite it in its place."
)
LIBRARY_DIFFERS = (
    "Your library says something else than this guide about: {rows}. Nothing was copied. Begin with a skeleton, or use "
    "the command import_guide, which shows each change before it makes it."
)
NOT_READ = "The sample guide cannot be read here. Begin with a skeleton. ({reason})"


@transaction.atomic
def begin_guide(*, by: Any, title: str, slug: str) -> Guide:
    """Make a guide to a procedure with its usual pages, on each of which is said what to write.

    Raises NotPermitted, Refused.
    """
    guide = create_guide(by=by, title=title, slug=slug, kind=Guide.Kind.PROCEDURE, summary=SUMMARY, **UNKNOWN)
    for path in sorted(SKELETON.glob("*.md")):
        file = read_page(path, TABLES.page)
        add_page(guide, by=by, markdown=file.markdown, **file.front.values)
    log_once_kept(logger, "guide %s begun with a skeleton by account %s", guide.pk, by.pk)
    return guide


def copy_guide(folder: Path, *, by: Any, title: str, slug: str) -> Guide:
    """Make a guide from another clinic's files, with a first paragraph that says what to change.

    All of it or nothing. Raises NotPermitted, and Refused also where the library says something else.
    """
    try:
        return _copied(folder, by, title, slug)
    except WouldChange as refusal:
        raise Refused(LIBRARY_DIFFERS.format(rows="; ".join(refusal.changes.lines()))) from refusal
    except MalformedFile as refusal:
        raise Refused(NOT_READ.format(reason=refusal.expected)) from refusal


@transaction.atomic
def _copied(folder: Path, by: Any, title: str, slug: str) -> Guide:
    require_permission(by, "add_guide", "make a guide")
    # An import over a guide that is there would change it.
    check_guide_slug(slug, None)
    guide = import_guide(folder, by=by, instead={"title": title, "slug": slug, **UNKNOWN}).guide
    own = Source.Strength.CLINIC_INSTRUCTION
    rows = [one.values for one in read_guide(folder, TABLES).sources if one.values["strength"] == own]
    titles = ", ".join(f"“{one['title']}” ({one['key']})" for one in rows)
    said = COPIED.format(instructions=INSTRUCTIONS.format(titles=titles) if titles else "").replace(" ]", "]")
    first: Page | None = guide.pages.kept().first()
    if first:
        text = f"{said}\n\n{first.markdown}"
        save_page(first, by=by, base=None, title=first.title, slug=first.slug, markdown=text)
    log_once_kept(logger, "guide %s begun as a copy by account %s", guide.pk, by.pk)
    return guide
