"""A page as a test reads it: its headings, ids and links, and what is wrong with its structure."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

from django.http import HttpResponse
from django.test import Client

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
INLINE = frozenset(("a", "bdi", "code", "del", "em", "ins", "span", "strong", "sup", "time"))
NAMED_BY = ("aria-labelledby", "aria-describedby", "for")
CONTROLS = ("input", "select", "textarea")
# A script element of this type holds facts for machines; no browser runs it.
DATA = "application/ld+json"
# The one script outside the admin: on the pages for signing in, which nobody else has to see.
PASSKEYS = "/static/js/passkeys.js"


class Page(HTMLParser):
    """One HTML page. `faults()` says what is wrong with it; the rest is there to be asserted on."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.title = ""
        self.language: str | None = None
        self.direction: str | None = None
        self.headings: list[tuple[int, str]] = []
        self.links: list[tuple[str, str]] = []
        self.ids: Counter[str] = Counter()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._faults: list[str] = []
        self._open: list[str] = []
        self._collecting: list[tuple[str, list[str], str]] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self.feed(markup)
        self.close()

    @property
    def text(self) -> str:
        """All words, spaces made single."""
        return " ".join("".join(self.words).split())

    def link(self, text: str) -> str:
        """Return where the link with this text leads; fails when there is none."""
        return next(href for href, words in self.links if words == text)

    def with_attribute(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if len(attributes) != len(attrs):
            self._faults.append(f"<{tag}> has an attribute twice")
        if attributes.get("id"):
            self.ids[str(attributes["id"])] += 1
        if tag == "html":
            self.language, self.direction = attributes.get("lang"), attributes.get("dir")
        if (tag in ("style", "script") and attributes.get("type") != DATA and attributes.get("src") != PASSKEYS) or any(
            name == "style" or name.startswith("on") for name in attributes
        ):
            self._faults.append(f"<{tag}> brings its own style or script")
        if tag == "img" and attributes.get("alt") is None:
            self._faults.append("an image has no alternative text")
        if tag == "img" and attributes.get("alt"):
            # Who cannot see a picture reads its text, in a link too.
            self.handle_data(str(attributes["alt"]))
        if tag not in VOID:
            self._open.append(tag)
        if tag not in INLINE:
            self.words.append(" ")
        if tag in ("title", "a", "button", "h1", "h2", "h3", "h4", "h5", "h6"):
            self._collecting.append((tag, [], attributes.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._faults.append(f"</{tag}> closes something else")
        if not self._collecting or self._collecting[-1][0] != tag:
            return
        _, pieces, href = self._collecting.pop()
        words = " ".join("".join(pieces).split())
        if not words:
            self._faults.append(f"<{tag}> has no words")
        if tag == "title":
            self.title = self.title or words  # a drawing has a title too
        elif tag == "a":
            self.links.append((href, words))
        elif tag != "button":
            self.headings.append((int(tag[1]), words))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.data.append(data)
            return
        self.words.append(data)
        for _, pieces, _ in self._collecting:
            pieces.append(data)

    def faults(self) -> list[str]:
        """Return what is wrong, in words; an empty list for a sound page."""
        found = list(self._faults)
        if self._open:
            found.append(f"never closed: {self._open}")
        if not self.language or self.direction not in ("ltr", "rtl"):
            found.append("the language or the direction is missing")
        if not self.title:
            found.append("there is no title")
        levels = [level for level, _ in self.headings]
        if levels.count(1) != 1 or levels[0] not in (1, 2):
            found.append(f"not exactly one h1: {self.headings}")
        found += [f"h{one} is followed by h{two}" for one, two in pairwise(levels) if two > one + 1]
        found += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        found += [
            f"#{href[1:]} leads nowhere" for href, _ in self.links if href.startswith("#") and href[1:] not in self.ids
        ]
        for tag, attributes in self.elements:
            for name in NAMED_BY:
                missing = [one for one in (attributes.get(name) or "").split() if one not in self.ids]
                found += [f"<{tag}> {name} names {one}, which is not there" for one in missing]
        return found + self._unlabelled()

    def _unlabelled(self) -> list[str]:
        labelled = {attributes.get("for") for tag, attributes in self.elements if tag == "label"}
        return [
            f"{attributes.get('name')} has no label"
            for tag, attributes in self.elements
            if tag in CONTROLS and attributes.get("type") != "hidden" and attributes.get("id") not in labelled
        ]


def get(client: Client, path: str, status: int = 200) -> HttpResponse:
    """Ask for an address and make sure of the answer's status."""
    response = client.get(path)
    assert response.status_code == status, path
    return response


def page(response: HttpResponse) -> Page:
    """Return a response's page, having made sure that its structure is sound."""
    read = Page(response.content.decode())
    assert read.faults() == []
    return read
