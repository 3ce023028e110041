"""The references of a page: numbered through the whole guide, counted on the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from education.rendering.facts import Citation


class References:
    """Gives each reference its number and its id. Sources that are met for the first time are added to `numbers`."""

    def __init__(self, anchor: str, sources: Collection[str], numbers: dict[str, int]) -> None:
        self.numbers = numbers
        self.citations: list[Citation] = []
        self.anchor = anchor
        self._sources = sources
        self._counts: dict[str, int] = {}

    def cite(self, key: str) -> Citation:
        """Return the next reference to a source of the library."""
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self._counts[key] = self._counts.get(key, 0) + 1
        citation = Citation(key, number, f"ref-{self.anchor}-{key}-{self._counts[key]}")
        self.citations.append(citation)
        return citation

    def refer(self, keys: Sequence[str]) -> list[Citation]:
        """Return the references of an entry, by number. A key that the library has not is left out."""
        return sorted((self.cite(key) for key in keys if key in self._sources), key=lambda citation: citation.number)
