"""A page's stored HTML as a tree: small, since the renderer wrote it and closed every tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = ("br", "hr", "img")
# A drawing is kept as it is written: a parser of HTML would change the names in it.
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def every(self, tag: str) -> Iterator[Element]:
        """Yield all elements of a name inside this one, in reading order."""
        for child in self.elements:
            if child.tag == tag:
                yield child
            yield from child.every(tag)

    def first(self, tag: str) -> Element | None:
        return next(self.every(tag), None)

    def words(self) -> str:
        """Return the text of the element on one line, without what only a screen reader says."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif "visually-hidden" not in child.classes:
                yield from child._texts()


class _Reader(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self._drawings = iter(drawings)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag == "svg":
            element.attributes["source"] = next(self._drawings)
        elif tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parsed(html: str) -> Element:
    """Return the tree of sanitised HTML. A drawing is an element without children, with its source as an attribute."""
    reader = _Reader(_DRAWING.findall(html))
    reader.feed(_DRAWING.sub("<svg>", html))
    reader.close()
    return reader.root
