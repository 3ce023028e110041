"""Beginning a guide that is not empty: from a skeleton, or from a copy of another clinic's, or of one of our own."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from education.actions.guide_tables import TABLES
from education.actions.importing import WouldChange, import_guide
from education.actions.refusals import Refused
from education.actions.signing import locked_guide, log_once_kept
from education.actions.writing import add_page, check_guide_slug, create_guide, save_page
from education.gaps import gaps
from education.guide_files import MalformedFile, PageFile, read_guide, read_page
from education.models import RESERVED_PAGE_SLUGS, FormerSlug, Guide, Page, Source
from education.rules import require_permission
from education.working_copy import contents

logger = logging.getLogger(__name__)

# A page a file, in the order of their names. What stands in it as `[write …]` the report refuses.
SKELETON = Path(__file__).resolve().parent / "skeleton"
SKELETONS: Mapping[str, Path] = {Guide.Kind.PROCEDURE: SKELETON, Guide.Kind.ADVICE: SKELETON / "advice"}
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
def begin_guide(*, by: Any, title: str, slug: str, kind: str = Guide.Kind.PROCEDURE) -> Guide:
    """Make a guide with the usual pages of its kind, on each of which is said what to write.

    Raises NotPermitted, Refused.
    """
    guide = create_guide(by=by, title=title, slug=slug, kind=kind, summary=SUMMARY, **UNKNOWN)
    for file in _skeleton(kind).values():
        add_page(guide, by=by, markdown=file.markdown, **file.front.values)
    log_once_kept(logger, "guide %s begun with a skeleton by account %s", guide.pk, by.pk)
    return guide


def begin_page(guide: Guide, *, by: Any, kind: str, title: str = "", slug: str = "") -> Page:
    """Add a page on which is said what to write; one of a kind without a skeleton is empty. Raises as `add_page`."""
    file = _skeleton(guide.kind).get(kind) or _skeleton(Guide.Kind.PROCEDURE).get(kind)
    return add_page(guide, by=by, kind=kind, title=title, slug=slug, markdown=file.markdown if file else "")


@cache
def _skeleton(kind: str) -> dict[str, PageFile]:
    """Return the pages of a skeleton by their kind, in reading order."""
    files = [read_page(path, TABLES.page) for path in sorted(SKELETONS[kind].glob("*.md"))]
    return {file.front.values["kind"]: file for file in files}


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


# A copy of one of our own


@transaction.atomic
def copy_own_guide(original: Guide, *, by: Any, title: str, slug: str) -> Guide:
    """Make a guide from one of this clinic's, as it is being written: its kept pages, texts and entries.

    Nothing of its record is copied, nor what was typed under its report. Links to its own pages lead to the new
    guide's. Raises NotPermitted, Refused.
    """
    require_permission(by, "add_guide", "make a guide")
    original = locked_guide(original.pk)
    kept = ("kind", "language", "review_interval_months", "written_by", "funding")
    facts = {name: getattr(original, name) for name in kept}
    guide = create_guide(by=by, title=title, slug=slug, summary=_to_check(original.summary), **facts)
    pages = list(original.pages.kept())
    led = _Leading(original, pages, slug)
    made = []
    for page, content in zip(pages, contents(pages), strict=True):
        entries = [{name: led(value) for name, value in entry.items()} for entry in content.entries]
        named = {"kind": page.kind, "title": page.title, "slug": page.slug}
        made.append(add_page(guide, by=by, markdown=led(page.markdown), entries=entries, **named))
    # Somebody may have put them in another order than a new page gets by its kind.
    for position, copied in enumerate(made):
        Page.objects.filter(pk=copied.pk).update(position=position)
    log_once_kept(logger, "guide %s begun as a copy of guide %s by account %s", guide.pk, original.pk, by.pk)
    return guide


def _to_check(summary: str) -> str:
    """Return a summary as something to check: the report refuses it until somebody has."""
    if not summary or gaps(summary):
        return SUMMARY
    begins = "[write this anew, or check it and take the brackets away: "
    longest = (Guide._meta.get_field("summary").max_length or 0) - len(begins) - 1
    words = summary.replace("[", "(").replace("]", ")")
    return f"{begins}{words if len(words) <= longest else words[: longest - 1] + '…'}]"


class _Leading:
    """Leads links to a guide's own pages to another address of the guide; all other links stay as they are."""

    def __init__(self, guide: Guide, pages: list[Page], slug: str) -> None:
        self.slug = slug
        former = FormerSlug.objects.filter(guide=guide)
        names = [guide.slug, *former.filter(page=None).values_list("slug", flat=True)]
        addresses = dict(former.filter(page__in=pages).order_by("id").values_list("slug", "page__slug"))
        # An edition, and what readers report, stay with the guide whose they are.
        whole = [name for name in RESERVED_PAGE_SLUGS if name not in ("editions", "mistake")]
        own = {name: name for name in ("", *whole, Page.Kind.OVERVIEW.value)}
        self.addresses = {**addresses, **own, **{page.slug: page.slug for page in pages}}
        # A link begins here or at this site’s own name: another site may have a guide at the same address.
        begins = rf"(?:(?<={re.escape(settings.SITE_URL)})|(?<![\w.~%/-]))"
        self.link = re.compile(rf"{begins}/guides/(?:{'|'.join(map(re.escape, names))})/(?P<page>[\w-]*)(?![\w-])")

    def __call__(self, value: Any) -> Any:
        return self.link.sub(self._led, value) if isinstance(value, str) else value

    def _led(self, found: re.Match[str]) -> str:
        page = self.addresses.get(found["page"])
        return found[0] if page is None else f"/guides/{self.slug}/{page}"
