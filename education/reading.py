"""What a reader's page shows, made from an edition of the record or from the working copy: the preview is the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.ready.until_changed import until_changed
from education.models import Edition, Guide, Page, Publication, Review, Source, has_check
from education.readability import sentence_spans
from education.rendering import Rendered
from education.snapshot import Snapshot, SnapshotPage
from education.sources import UNCHECKED, SourceStanding, standings
from education.working_copy import assemble

# What a reader finds a guide under, in this order.
GROUPS = {Guide.Kind.PROCEDURE: _("Treatments"), Guide.Kind.ADVICE: _("Before you decide")}

_LINK = re.compile(r"<a\s[^>]*>")
_REFERENCE = re.compile(r'\shref="#(source|term)-([a-z0-9-]+)"')
# A source that is named on every line would have a list longer than itself.
MOST_WAYS_BACK = 4
_ANCHOR = re.compile(r'\sid="([^"]+)"')


@dataclass(frozen=True)
class ReadingPage:
    """One page as it is read. `html` is empty where only its place in the contents is needed.

    `has_entries`: whether an edition's page has any; of a preview it is not asked.
    """

    kind: str
    slug: str
    title: str
    url: str
    html: str = ""
    has_entries: bool = False

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

    def page(self, slug: str) -> ReadingPage | None:
        return next((page for page in self.pages if page.slug == slug), None)

    def sources_of(self, pages: Iterable[ReadingPage]) -> list[Mapping[str, Any]]:
        """Return the sources that these pages cite, in texts and entries, by number.

        `back`: the anchors of the references to it, the first ones where there are many.
        """
        back: dict[str, list[str]] = {}
        for page in pages:
            for one in references(page.html):
                if one.kind == "source":
                    back.setdefault(one.key, []).append(one.anchor)
        return [
            {**source, "back": [anchor for anchor in back[source["key"]] if anchor][:MOST_WAYS_BACK]}
            for source in self.sources
            if source["key"] in back
        ]

    def terms_of(self, pages: Iterable[ReadingPage]) -> list[Mapping[str, Any]]:
        """Return the terms that these pages explain, by the alphabet."""
        used = {one.key for page in pages for one in references(page.html) if one.kind == "term"}
        return [term for term in self.terms if term["key"] in used]

    def key(
        self, sources: Iterable[Mapping[str, Any]], terms: Iterable[Mapping[str, Any]], *rest: str
    ) -> tuple[object, ...] | None:
        """Return what a part of a page is kept by that shows nothing but the edition, these of its sources and terms.

        None for what is not on record. How a source stands can change, and so can the slug of a guide.
        """
        if self.edition is None:
            return None
        shown = tuple((source["key"], source["standing"], *source.get("back", ())) for source in sources)
        return (self.edition.chain_hash, self.guide_slug, shown, tuple(term["key"] for term in terms), *rest)

    def context(self, page: ReadingPage) -> dict[str, Any]:
        """Return what the template of one page takes."""
        index = self.pages.index(page)
        sources, terms = self.sources_of([page]), self.terms_of([page])
        return {
            "reading": self,
            "page": page,
            "number": index + 1,
            "previous": self.pages[index - 1] if index else None,
            "next": self.pages[index + 1] if index + 1 < len(self.pages) else None,
            "sources": sources,
            "doubtful": doubtful(sources),
            "terms": terms,
            "language": self.language,
            "key": self.key(sources, terms, page.slug),
        }

    def whole_context(self) -> dict[str, Any]:
        """Return what the template of the whole guide takes."""
        return {
            "reading": self,
            "sources": self.sources,
            "doubtful": doubtful(self.sources),
            "terms": self.terms,
            "language": self.language,
            "key": self.key(self.sources, self.terms),
        }


# Asked for each page of each guide that is shown, and it follows from the two alone.
@lru_cache(maxsize=2000)
def page_url(guide_slug: str, slug: str) -> str:
    """Return the address of a page; the overview's is the guide's own."""
    if slug == Page.Kind.OVERVIEW:
        return reverse("education:guide", args=[guide_slug])
    return reverse("education:page", args=[guide_slug, slug])


@dataclass(frozen=True)
class Reference:
    """A link of a page to a source or term below it. `anchor` is its own id, which terms have not."""

    kind: str
    key: str
    anchor: str


def references(html: str) -> Iterator[Reference]:
    """Yield the references of a page, in reading order, as its stored HTML has them: entries included."""
    for link in _LINK.findall(html):
        if to := _REFERENCE.search(link):
            anchor = _ANCHOR.search(link)
            yield Reference(to[1], to[2], anchor[1] if anchor else "")


def shown_sources(sources: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return sources with the words for their strength and with how they stand today: one query."""
    rows = list(sources)
    today: Mapping[str, SourceStanding] = standings([source["key"] for source in rows])
    return tuple(
        {
            **source,
            "strength_label": Source.Strength(source["strength"]).label,
            "standing": today.get(source["key"], UNCHECKED),
        }
        for source in rows
    )


def doubtful(sources: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return those of the shown sources that were superseded or withdrawn since."""
    return [source for source in sources if source["standing"].is_doubtful]


@dataclass(frozen=True)
class GuideGroup:
    """Guides about things of one kind: what the group is called, and the live edition of each."""

    kind: str
    name: Any
    editions: tuple[Edition, ...]


@until_changed
def live_editions() -> tuple[Edition, ...]:
    """Return the live editions by the alphabet, as lists name them, each with its guide and `has_check`: one query."""
    shown = ("title", "summary", "language", "guide__slug", "guide__kind")
    facts: dict[str, Any] = {"has_check": has_check()}
    live = Edition.objects.live().annotate(**facts).select_related("guide")
    return tuple(live.only(*shown).order_by("title", "pk"))


def live_guides() -> list[GuideGroup]:
    """Return the live editions by the alphabet, in groups; a group without any is left out: the same query."""
    live = live_editions()
    groups = [
        GuideGroup(kind.value, name, tuple(one for one in live if one.guide.kind == kind))
        for kind, name in GROUPS.items()
    ]
    return [group for group in groups if group.editions]


def next_publication(now: datetime) -> datetime | None:
    """Return when the next edition goes live by itself; None while none is scheduled."""
    later = Publication.objects.filter(live_from__gt=now).order_by("live_from")
    return later.values_list("live_from", flat=True).first()


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, or all of it where no sentence ends."""
    spans = list(sentence_spans(text))
    return text[slice(*spans[0])] if spans else text


def reading_of_edition(edition: Edition, *, only: str | None = None) -> Reading:
    """Return an edition as it is read: three queries. With `only`, that page alone brings its text.

    `edition` comes with its guide.
    """
    slug = edition.guide.slug
    pages = edition.pages.as_read(only)
    return Reading(
        guide_slug=slug,
        title=edition.title,
        summary=edition.summary,
        language=edition.language,
        written_by=edition.written_by,
        funding=edition.funding,
        pages=tuple(
            ReadingPage(page.kind, page.slug, page.title, page_url(slug, page.slug), page.html or "", page.has_entries)
            for page in pages
        ),
        sources=shown_sources(edition.sources),
        terms=tuple(edition.terms),
        edition=edition,
        review=latest_review(edition),
    )


@until_changed
def live_edition(slug: str) -> Edition | None:
    """Return the live edition of the guide with this slug, with its guide and `live_since`: one query."""
    return Edition.objects.live_one_of(slug)


@until_changed
def live_reading(edition: Edition) -> Reading:
    """Return the live edition of a guide as it is read, with every text, for each of its pages: three queries."""
    return reading_of_edition(edition)


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
            ReadingPage(page.kind, page.slug, page.title, page_url(guide_slug, page.slug), html.html)
            for page, html in zip(snapshot.pages, rendered, strict=True)
        ),
        sources=shown_sources(
            {**vars(source), "number": numbers[source.key]} for source in sources if source.key in numbers
        ),
        terms=tuple(vars(term) for term in snapshot.terms),
    )
