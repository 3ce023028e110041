"""What a page makes a browser ask for, read from its HTML and its style sheets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

FROM_LINKS = ("stylesheet", "preload", "modulepreload", "manifest")
SOURCED = ("audio", "embed", "iframe", "script", "source", "track", "video")
IN_STYLE = re.compile(rb"""(?:url\(\s*["']?|@import\s+["'])([^"')\s]+)""")
COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)


class Loads(HTMLParser):
    """A page's requests beside its own.

    `icons` are what a browser shows beside the page's name; they count for nothing. `stylesheets` and `others` are
    asked for at once, `later` is loaded lazily. An image of which a browser picks one size is a tuple of all of them.
    """

    def __init__(self, address: str, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.icons: list[tuple[str, ...]] = []
        self.stylesheets: list[str] = []
        self.others: list[tuple[str, ...]] = []
        self.later: list[tuple[str, ...]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "link":
            self._link(attributes)
        elif tag == "img":
            sizes = [part.split()[0] for part in attributes.get("srcset", "").split(",") if part.strip()]
            where = self.later if attributes.get("loading") == "lazy" else self.others
            self._add(where, attributes.get("src", ""), *sizes)
        elif tag in SOURCED:
            self._add(self.others, attributes.get("src", ""))

    def _link(self, attributes: dict[str, str]) -> None:
        kinds = attributes.get("rel", "").split()
        if "icon" in kinds:
            self._add(self.icons, attributes.get("href", ""))
        found: list[tuple[str, ...]] = []
        if set(kinds) & set(FROM_LINKS):
            self._add(found, attributes.get("href", ""))
        if "stylesheet" in kinds:
            self.stylesheets += [name for names in found for name in names if name not in self.stylesheets]
        else:
            self.others += [names for names in found if names not in self.others]

    def _add(self, where: list[tuple[str, ...]], *addresses: str) -> None:
        names = dict.fromkeys(absolute(self.address, one) for one in addresses if one and not one.startswith("data:"))
        if names and tuple(names) not in where:
            where.append(tuple(names))


def absolute(base: str, address: str) -> str:
    return urldefrag(urljoin(base, address)).url


def named_in_style(address: str, style: bytes) -> list[str]:
    """Return the addresses that a style sheet names: pictures, fonts, further sheets."""
    names = [name.decode() for name in IN_STYLE.findall(COMMENT.sub(b"", style))]
    return list(dict.fromkeys(absolute(address, name) for name in names if not name.startswith(("data:", "#"))))
