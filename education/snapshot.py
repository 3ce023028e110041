"""What an edition consists of, as plain data: made from a working copy or from the record, hashed, rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import translation

from education.canonical import canonical_json, sha256
from education.rendering import NO_KEYS, Entries, ImageFacts, Keys, Library, Rendered, render, smaller_widths
from education.wording import language_of_words

# The two kinds of page that share entries: the facts are the overview's, and the evidence page shows them too.
OVERVIEW, EVIDENCE = "overview", "evidence"


@dataclass(frozen=True)
class SnapshotPage:
    kind: str
    slug: str
    title: str
    markdown: str
    entries: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class SnapshotSource:
    key: str
    title: str
    authors: str
    publisher: str
    year: int | None
    url: str
    doi: str
    pmid: str
    note: str
    strength: str


@dataclass(frozen=True)
class SnapshotTerm:
    key: str
    term: str
    plain_meaning: str


@dataclass(frozen=True)
class SnapshotImage:
    key: str
    sha256: str
    alternative_text: str
    decorative: bool
    credit: str
    licence: str
    width: int
    height: int


@dataclass(frozen=True)
class Snapshot:
    """A whole guide at one moment. Sources, terms and images are those that the pages use."""

    title: str
    summary: str
    language: str
    written_by: str
    funding: str
    pages: tuple[SnapshotPage, ...]
    sources: tuple[SnapshotSource, ...] = field(default=())
    terms: tuple[SnapshotTerm, ...] = field(default=())
    images: tuple[SnapshotImage, ...] = field(default=())

    def content(self) -> dict[str, Any]:
        """Return what the content hash covers: no ids, people, numbers or dates of the record."""
        return {
            "guide": {
                "title": self.title,
                "summary": self.summary,
                "language": self.language,
                "written_by": self.written_by,
                "funding": self.funding,
            },
            "pages": [
                {
                    "kind": page.kind,
                    "slug": page.slug,
                    "title": page.title,
                    "markdown": page.markdown,
                    "entries": [dict(entry) for entry in page.entries],
                }
                for page in self.pages
            ],
            "sources": [asdict(source) for source in sorted(self.sources, key=lambda one: one.key)],
            "terms": [asdict(term) for term in sorted(self.terms, key=lambda one: one.key)],
            "images": [
                {"sha256": image.sha256, "alternative_text": image.alternative_text}
                for image in sorted(self.images, key=lambda one: one.key)
            ],
        }

    def content_hash(self) -> str:
        """Return the SHA-256 of the canonical JSON of `content()`."""
        return sha256(canonical_json(self.content()))

    def library(self, known: Keys = NO_KEYS) -> Library:
        """Return what the renderer may refer to. `known`: keys that exist beside, to be suggested for wrong ones."""
        return Library(
            sources={source.key: source.title for source in self.sources},
            terms={term.key: term.plain_meaning for term in self.terms},
            images={
                image.key: ImageFacts(
                    url=image_url(image.sha256),
                    alternative_text=image.alternative_text,
                    decorative=image.decorative,
                    credit=image.credit,
                    width=image.width,
                    height=image.height,
                    smaller=tuple((width, image_url(image.sha256, width)) for width in smaller_widths(image.width)),
                )
                for image in self.images
            },
            suggest_from=known,
        )

    def rendered(self, upto: int | None = None, known: Keys = NO_KEYS) -> tuple[tuple[Rendered, ...], dict[str, int]]:
        """Render the pages in order (all, or the first `upto`), labelled in the language of the guide's fixed words.

        Returns them and the number of each cited source: sources are numbered through the whole guide, in the
        order in which a reader meets them. `known`: keys to suggest for misspelt ones.
        """
        library, numbers = self.library(known), dict[str, int]()
        with translation.override(language_of_words(self.language)):
            pages = tuple(
                render(
                    page.markdown,
                    library=library,
                    anchor=page.slug,
                    numbers=numbers,
                    entries=self.entries_on(page),
                    language=self.language,
                )
                for page in self.pages[:upto]
            )
        return pages, numbers

    def entries_on(self, page: SnapshotPage) -> Entries | None:
        """Return what a page shows as its entries; without any, None."""
        rows, box = _rows_on(self.pages, page), page.kind == OVERVIEW
        headlines = box and any(one.kind == EVIDENCE for one in self.pages)
        return Entries(rows, box, headlines=headlines) if rows else None


def _rows_on(pages: Sequence[SnapshotPage], page: SnapshotPage) -> tuple[Mapping[str, Any], ...]:
    overview = next((one for one in pages if one.kind == OVERVIEW), None)
    return overview.entries if page.kind == EVIDENCE and overview else page.entries


def shown_entries(pages: Sequence[SnapshotPage], page: SnapshotPage) -> tuple[Mapping[str, Any], ...]:
    """Return the entries that a reader sees on one of the pages of a guide.

    The overview has the key facts and shows the headline ones in a box; the evidence page shows them all. A guide
    without an evidence page shows them all on the overview.
    """
    rows = _rows_on(pages, page)
    if page.kind == OVERVIEW and any(one.kind == EVIDENCE for one in pages):
        return tuple(row for row in rows if row["headline"])
    return rows


def image_url(digest: str, width: int | None = None) -> str:
    """Return where the site serves the image file with this SHA-256, or a smaller one made of it."""
    return f"/images/{digest}.webp" if width is None else f"/images/{digest}-{width}.webp"
