"""What a check looks at: the snapshot, its rendered pages and the world, and the ways of reading them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from education.quality.finding import World
from education.quality.passages import Passage, of_entry, of_markdown, of_text
from education.rendering import Rendered
from education.snapshot import Snapshot, SnapshotPage, SnapshotSource


@dataclass(frozen=True)
class Entry:
    """One entry of a page, with its number on that page from 1."""

    page: SnapshotPage
    number: int
    values: Mapping[str, Any]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.values["sources"])


class Subject:
    """One report's material. What several checks read is worked out once."""

    def __init__(self, snapshot: Snapshot, rendered: Sequence[Rendered], world: World) -> None:
        self.snapshot = snapshot
        self.world = world
        self.pages: tuple[tuple[SnapshotPage, Rendered], ...] = tuple(zip(snapshot.pages, rendered, strict=True))

    @property
    def is_english(self) -> bool:
        return self.snapshot.language.lower().startswith("en")

    def page_of(self, kind: str) -> tuple[SnapshotPage, Rendered] | None:
        """Return the first page of a kind, or None."""
        return next((pair for pair in self.pages if pair[0].kind == kind), None)

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """Yield the entries of these kinds, or all, in reading order."""
        for page in self.snapshot.pages:
            for number, values in enumerate(page.entries, 1):
                if not kinds or values["kind"] in kinds:
                    yield Entry(page, number, values)

    @cached_property
    def sources(self) -> Mapping[str, SnapshotSource]:
        return {source.key: source for source in self.snapshot.sources}

    @cached_property
    def cited(self) -> Mapping[str, tuple[str, ...]]:
        """The keys that a text or an entry cites, in reading order, each with the slugs of the pages that do."""
        found: dict[str, dict[str, None]] = {}
        for page, html in self.pages:
            in_entries = [key for values in page.entries for key in values["sources"]]
            for key in [*(citation.key for citation in html.citations), *in_entries]:
                found.setdefault(key, {})[page.slug] = None
        return {key: tuple(slugs) for key, slugs in found.items()}

    @cached_property
    def by_page(self) -> tuple[tuple[SnapshotPage, tuple[Passage, ...]], ...]:
        """Each page with its passages: title, Markdown, entries."""
        return tuple(
            (
                page,
                (
                    Passage("title", page.title, page.slug),
                    # A text that the renderer refused for its length or shape has no passages to look at.
                    *(of_markdown(page.markdown, page.slug) if html.html or not html.problems else ()),
                    *(
                        passage
                        for number, values in enumerate(page.entries, 1)
                        for passage in of_entry(values, number, page.slug)
                    ),
                ),
            )
            for page, html in self.pages
        )

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage: of the guide (title, summary, who wrote and paid, terms, images), then page by page."""
        return (
            Passage("title", self.snapshot.title),
            *of_text(self.snapshot.summary),
            *of_text(self.snapshot.written_by),
            *of_text(self.snapshot.funding),
            *(passage for term in self.snapshot.terms for passage in of_text(term.plain_meaning)),
            *(
                passage
                for image in self.snapshot.images
                for words in (image.alternative_text, image.credit)
                for passage in of_text(words)
            ),
            *(passage for _, passages in self.by_page for passage in passages),
        )
