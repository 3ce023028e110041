"""What a reader's page shows, made from an edition of the record or from the working copy: the preview is the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf.locale import LANG_INFO
from django.urls import reverse

from education.models import Edition, EditionPage, Guide, Page, Review, Source
from education.rendering import Rendered, keys
from education.snapshot import Snapshot, SnapshotPage
from education.working_copy import assemble


@dataclass(frozen=True)
class ReadingPage:
    """One page as it is read. `html` is empty where only its place in the contents is needed."""

    kind: str
    slug: str
    title: str
    url: str
    html: str = ""
    markdown: str = ""

    @property
    def is_overview(self) -> bool:
        return self.kind == Page.Kind.OVERVIEW


@dataclass(frozen=True)
class Reading:
    """A guide as it is read: the whole, and where a reader stands in it."""

    guide_slug: str
    title: str
    summary: str
    language: str
    written_by: str
    funding: str
    pages: tuple[ReadingPage, ...]
    sources: tuple[Mapping[str, Any], ...]
    terms: tuple[Mapping[str, Any], ...]
    edition: Edition | None = None
    review: Review | None = None

    @property
    def url(self) -> str:
        return reverse("education:guide", args=[self.guide_slug])

    @property
    def direction(self) -> str:
        return "rtl" if LANG_INFO.get(self.language, {}).get("bidi") else "ltr"

    def page(self, slug: str) -> ReadingPage | None:
        return next((page for page in self.pages if page.slug == slug), None)

    def sources_of(self, pages: Iterable[ReadingPage]) -> list[Mapping[str, Any]]:
        """Return the sources that these pages cite, by number."""
        cited = set().union(*(keys(page.markdown).sources for page in pages))
        return [source for source in self.sources if source["key"] in cited]

    def terms_of(self, pages: Iterable[ReadingPage]) -> list[Mapping[str, Any]]:
        """Return the terms that these pages explain, by the alphabet."""
        used = set().union(*(keys(page.markdown).terms for page in pages))
        return [term for term in self.terms if term["key"] in used]

    def context(self, page: ReadingPage) -> dict[str, Any]:
        """Return what the template of one page takes."""
        index = self.pages.index(page)
        return {
            "reading": self,
            "page": page,
            "previous": self.pages[index - 1] if index else None,
            "next": self.pages[index + 1] if index + 1 < len(self.pages) else None,
            "sources": self.sources_of([page]),
            "terms": self.terms_of([page]),
            "language": self.language,
            "direction": self.direction,
        }

    def whole_context(self) -> dict[str, Any]:
        """Return what the template of the whole guide takes."""
        return {
            "reading": self,
            "sources": [shown_source(source) for source in self.sources],
            "terms": self.terms,
            "language": self.language,
            "direction": self.direction,
        }


def page_url(guide_slug: str, slug: str) -> str:
    """Return the address of a page; the overview's is the guide's own."""
    if slug == Page.Kind.OVERVIEW:
        return reverse("education:guide", args=[guide_slug])
    return reverse("education:page", args=[guide_slug, slug])


def shown_source(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source with the words for its strength."""
    return {**source, "strength_label": Source.Strength(source["strength"]).label}


def reading_of_edition(edition: Edition, *, only: str | None = None) -> Reading:
    """Return an edition as it is read: two queries. With `only`, that page alone brings its text.

    `edition` comes with its guide.
    """
    pages = edition.pages.order_by("position")
    rows: Sequence[EditionPage]
    if only is None:
        rows = list(pages.with_html())
    else:
        # The contents list needs titles alone; the texts of a dozen other pages stay in the database.
        rows = [*pages.exclude(slug=only).defer("markdown", "entries"), *pages.filter(slug=only).with_html()]
        rows.sort(key=lambda row: row.position)
    return Reading(
        guide_slug=edition.guide.slug,
        title=edition.title,
        summary=edition.summary,
        language=edition.language,
        written_by=edition.written_by,
        funding=edition.funding,
        pages=tuple(_read_page(edition.guide.slug, row, full=only in (None, row.slug)) for row in rows),
        sources=tuple(shown_source(source) for source in edition.sources),
        terms=tuple(edition.terms),
        edition=edition,
        review=latest_review(edition),
    )


def _read_page(guide_slug: str, row: EditionPage, *, full: bool) -> ReadingPage:
    url = page_url(guide_slug, row.slug)
    if not full:
        return ReadingPage(row.kind, row.slug, row.title, url)
    return ReadingPage(row.kind, row.slug, row.title, url, row.html or "", row.markdown)


def latest_review(edition: Edition) -> Review | None:
    """Return the approval or the last confirmation: whose name and dates the pages carry."""
    standing = (Review.Decision.APPROVED, Review.Decision.CONFIRMED)
    # From all of an edition's few reviews, so that a page which lists them too asks once.
    return next((review for review in reversed(edition.reviews.all()) if review.decision in standing), None)


def reading_of_working_copy(guide: Guide, contents: Sequence[SnapshotPage]) -> tuple[Reading, tuple[Rendered, ...]]:
    """Return the working copy as it would be read, and what the renderer met on each page."""
    snapshot = assemble(guide, contents)
    rendered, numbers = snapshot.rendered()
    return reading_of_snapshot(guide.slug, snapshot, rendered, numbers), rendered


def reading_of_snapshot(
    guide_slug: str, snapshot: Snapshot, rendered: Sequence[Rendered], numbers: Mapping[str, int]
) -> Reading:
    """Return a snapshot that is not on record as it would be read."""
    sources = sorted(snapshot.sources, key=lambda source: numbers.get(source.key, 0))
    return Reading(
        guide_slug=guide_slug,
        title=snapshot.title,
        summary=snapshot.summary,
        language=snapshot.language,
        written_by=snapshot.written_by,
        funding=snapshot.funding,
        pages=tuple(
            ReadingPage(page.kind, page.slug, page.title, page_url(guide_slug, page.slug), html.html, page.markdown)
            for page, html in zip(snapshot.pages, rendered, strict=True)
        ),
        sources=tuple(
            shown_source({**vars(source), "number": numbers[source.key]}) for source in sources if source.key in numbers
        ),
        terms=tuple(vars(term) for term in snapshot.terms),
    )
