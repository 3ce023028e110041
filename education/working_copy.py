"""What a guide's working copy would give as an edition, and how it differs from the live one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from education.canonical import canonical_json, sha256
from education.models import Edition, EditionPage, Guide, Image, Page, Source, Term
from education.rendering import keys
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm

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
    page: Page
    change: Change
    live: EditionPage | None


@dataclass(frozen=True)
class PlannedPage:
    """A page as the next edition would have it. `carried_over`: it stands as in the live edition."""

    page: Page
    content: SnapshotPage
    carried_over: bool


def library(texts: Iterable[str]) -> dict[str, tuple]:
    """Return the sources, terms and images that the texts name, as they are today; unknown keys are left out."""
    found = [keys(text) for text in texts]
    wanted = {name: set().union(*(getattr(one, name) for one in found)) for name in ("sources", "terms", "images")}
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


def assemble(guide: Guide, pages: Sequence[SnapshotPage]) -> Snapshot:
    """Return the snapshot that these pages and today's guide facts and library give."""
    return Snapshot(
        title=guide.title,
        summary=guide.summary,
        language=guide.language,
        written_by=guide.written_by,
        funding=guide.funding,
        pages=tuple(pages),
        **library(page.markdown for page in pages),
    )


def live_edition(guide: Guide) -> Edition | None:
    """Return the edition that patients read now, if any."""
    return Edition.objects.live().filter(guide=guide).first()


def page_states(guide: Guide, live: Edition | None) -> list[PageState]:
    """Return the guide's pages in order; a removed page is listed while the live edition still has it."""
    before = {page.page_id: page for page in live.pages.all()} if live else {}
    states = []
    for page in guide.pages.order_by("position", "id"):
        was = before.get(page.pk)
        if page.removed_at and was:
            states.append(PageState(page, Change.REMOVED, was))
        elif not page.removed_at:
            states.append(PageState(page, _change(page, was), was))
    return states


def _change(page: Page, was: EditionPage | None) -> Change:
    if was is None:
        return Change.NEW
    same = (page.title, page.slug, page.markdown) == (was.title, was.slug, was.markdown)
    return Change.SAME if same else Change.CHANGED


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
                page = state.page
                content = SnapshotPage(page.kind, page.slug, page.title, page.markdown)
                planned.append(PlannedPage(page, content, carried_over=False))
            continue
        was = state.live
        content = SnapshotPage(was.kind, was.slug, was.title, was.markdown, tuple(was.entries))
        planned.append(PlannedPage(state.page, content, carried_over=True))
    return planned


def fingerprint(guide: Guide) -> str:
    """Return a hash over everything a submission could take, so that a later save by someone else shows.

    The live edition is part of it: pages that are not ticked come from there.
    """
    live = live_edition(guide)
    pages = list(guide.pages.order_by("position", "id"))
    snapshot = assemble(guide, [SnapshotPage(page.kind, page.slug, page.title, page.markdown) for page in pages])
    kept = [page.removed_at is None for page in pages]
    return sha256(canonical_json([snapshot.content(), kept, live.content_hash if live else ""]))
