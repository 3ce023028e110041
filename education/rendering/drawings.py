"""The figures of a page: a place for each while the page is put together, and the drawing once it is clean."""

import re

from education.figures import FIGURES

# Each is some thousand characters, and a page that has so many explains nothing.
MAX_DRAWINGS = 20

# Where a drawing goes. A cleaned text has no such character, and the sanitiser keeps it.
_PLACE = "\ufdd3"
_PLACES = re.compile(rf"<figure>{_PLACE}([0-9]+)")


class Drawings:
    """Keeps the figures that a page shows, in reading order. All ids begin with the page's own anchor."""

    def __init__(self, page: str, language: str = "") -> None:
        self.page = page
        self.language = language
        self.keys: list[str] = []

    @property
    def full(self) -> bool:
        return len(self.keys) == MAX_DRAWINGS

    def place(self, key: str) -> str:
        """Return what stands in the <figure> for the drawing, until the page is clean."""
        self.keys.append(key)
        return f"{_PLACE}{len(self.keys)}"

    def put_into(self, html: str) -> str:
        """Return the page's sanitised HTML with every drawing in its place."""
        return _PLACES.sub(lambda place: f'<figure class="drawing">{self._svg(int(place[1]))}', html)

    def _svg(self, number: int) -> str:
        # No heading's id has two hyphens side by side, and those of entries have a number there.
        return FIGURES[self.keys[number - 1]].svg(f"{self.page}--figure-{number}", self.language)
