"""What a guide's working copy would give as an edition, and how it differs from the live one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Max

from education.canonical import canonical_json, sha256
from education.entries import KIND_OF_PAGE
from education.models import ENTRY_MODELS, Edition, EditionPage, Guide, Image, Page, Source, SourceCheck, Term
from education.rendering import Keys, keys
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm, shown_entries

SOURCE_FIELDS = ("key", "title", "authors", "publisher", "year", "url", "doi", "pmid", "note", "strength")
TERM_FIELDS = ("key", "term", "plain_meaning")
IMAGE_FIELDS = ("key", "sha256", "alternative_text", "decorative", "credit", "licence", "width", "height")


class Change(StrEnum):
    """How a page of the working copy stands to the live edition."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"


@dataclass(frozen=True)
class PageState:
    """A page of the working copy, what it would be in an edition, and what the live edition has in its place."""

    page: Page
    content: SnapshotPage
    change: Change
    live: EditionPage | None


@dataclass(frozen=True)
class PlannedPage:
    """A page as the next edition would have it. `carried_over`: patients read it as in the live edition.

    `text_of_live`: its text is that of the live edition, which may show other key facts from the overview now.
    """

    page: Page
    content: SnapshotPage
    carried_over: bool
    text_of_live: bool = False


def entries_of(pages: Iterable[Page]) -> dict[int, tuple[dict[str, Any], ...]]:
    """Return the entries of each page, by its id, as an edition would keep them: two queries for each kind met."""
    found: dict[int, list[dict[str, Any]]] = {page.pk: [] for page in pages}
    for kind in {KIND_OF_PAGE[page.kind].name for page in pages if page.kind in KIND_OF_PAGE}:
        for entry in ENTRY_MODELS[kind].objects.filter(page__in=found).in_order():
            found[entry.page_id].append(entry.as_data())
    return {pk: tuple(entries) for pk, entries in found.items()}


def contents(pages: Iterable[Page]) -> list[SnapshotPage]:
    """Return pages of the working copy as an edition would have them."""
    rows = list(pages)
    entries = entries_of(rows)
    return [SnapshotPage(page.kind, page.slug, page.title, page.markdown, entries[page.pk]) for page in rows]


def library(pages: Sequence[SnapshotPage]) -> dict[str, tuple]:
    """Return the sources, terms and images that the pages name, as they are today; unknown keys are left out."""
    found = [keys(page.markdown) for page in pages]
    wanted = {name: set().union(*(getattr(one, name) for one in found)) for name in ("sources", "terms", "images")}
    wanted["sources"].update(key for page in pages for entry in page.entries for key in entry["sources"])
    return {
        "sources": tuple(
            SnapshotSource(**row)
            for row in _rows(Source.objects.values(*SOURCE_FIELDS).order_by("key"), wanted["sources"])
        ),
        "terms": tuple(
            SnapshotTerm(**row) for row in _rows(Term.objects.values(*TERM_FIELDS).order_by("key"), wanted["terms"])
        ),
        "images": tuple(
            SnapshotImage(**row) for row in _rows(Image.objects.values(*IMAGE_FIELDS).order_by("key"), wanted["images"])
        ),
    }


def _rows(values, wanted: Collection[str]):
    return values.filter(key__in=wanted) if wanted else ()


def known_keys() -> Keys:
    """Return every key of the library: three queries."""
    rows = (Source.objects, Term.objects, Image.objects)
    return Keys(*(frozenset(row.values_list("key", flat=True)) for row in rows))


def assemble(guide: Guide, pages: Sequence[SnapshotPage]) -> Snapshot:
    """Return the snapshot that these pages and today's guide facts and library give."""
    return Snapshot(
        title=guide.title,
        summary=guide.summary,
        language=guide.language,
        written_by=guide.written_by,
        funding=guide.funding,
        pages=tuple(pages),
        **library(pages),
    )


def live_edition(guide: Guide) -> Edition | None:
    """Return the edition that patients read now, if any."""
    return Edition.objects.live().filter(guide=guide).first()


def last_read(guide: Guide) -> Edition | None:
    """Return the edition that patients read now, or read last before the guide went into the archive."""
    return Edition.objects.latest_published().filter(guide=guide, withdrawal=None).first()


def page_states(guide: Guide, live: Edition | None) -> list[PageState]:
    """Return the guide's pages in order; a removed page is listed while the live edition still has it."""
    before = {page.page_id: page for page in live.pages.all()} if live else {}
    states = []
    pages = list(guide.pages.order_by("position", "id"))
    for page, content in zip(pages, contents(pages), strict=True):
        was = before.get(page.pk)
        if page.removed_at and was:
            states.append(PageState(page, content, Change.REMOVED, was))
        elif not page.removed_at:
            states.append(PageState(page, content, _change(content, was), was))
    return states


def _change(page: SnapshotPage, was: EditionPage | None) -> Change:
    if was is None:
        return Change.NEW
    return Change.SAME if page == content_of(was) else Change.CHANGED


def content_of(page: EditionPage) -> SnapshotPage:
    """Return a page of an edition as plain data."""
    return SnapshotPage(page.kind, page.slug, page.title, page.markdown, tuple(page.entries))


def plan(states: Sequence[PageState], ticked: Collection[int], live: Edition | None) -> list[PlannedPage]:
    """Return the pages of the next edition.

    `ticked` are ids of pages whose new text (or removal) is meant; every other page stands as in the live
    edition, whole: title, address, text, entries. Without a live edition all pages are meant.
    """
    planned = []
    for state in states:
        meant = live is None or state.page.pk in ticked
        if state.change is Change.REMOVED and meant:
            continue
        if meant or state.live is None:
            if meant:
                planned.append(PlannedPage(state.page, state.content, carried_over=False))
            continue
        planned.append(PlannedPage(state.page, content_of(state.live), carried_over=True, text_of_live=True))
    before, after = [content_of(state.live) for state in states if state.live], [one.content for one in planned]
    return [
        replace(one, carried_over=one.carried_over and _reads_as_before(one.content, before, after)) for one in planned
    ]


def _reads_as_before(page: SnapshotPage, before: Sequence[SnapshotPage], after: Sequence[SnapshotPage]) -> bool:
    """Return whether a page that is in both shows the same entries: overview and evidence share the key facts."""
    return shown_entries(before, page) == shown_entries(after, page)


def fingerprint(guide: Guide) -> str:
    """Return a hash over everything a submission could take, so that a later save by someone else shows.

    The live edition is part of it: pages that are not ticked come from there. So are the checks of the sources.
    """
    live = live_edition(guide)
    pages = list(guide.pages.order_by("position", "id"))
    snapshot = assemble(guide, contents(pages))
    kept = [page.removed_at is None for page in pages]
    # A check of a source changes the report that was looked at.
    cited = [source.key for source in snapshot.sources]
    checked = SourceCheck.objects.filter(source__key__in=cited).aggregate(latest=Max("id"))["latest"]
    return sha256(canonical_json([snapshot.content(), kept, live.content_hash if live else "", checked]))
