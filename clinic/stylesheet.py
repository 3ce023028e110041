"""The site's one style sheet: `site.css` with the clinic's colour in it, under an address that names its bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from clinic.brand import DARK, LIGHT, tokens
from clinic.encodings import IDENTITY, compressed
from education.canonical import sha256

SITE_CSS = Path(__file__).resolve().parent.parent / "static" / "css" / "site.css"
HASH_LENGTH = 12

_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/", re.DOTALL)
# Not around a colon: `a :is(b)` and `a:is(b)` are two selectors. Nor around + and -, which calc() wants apart.
_SPACE = re.compile(rf"({_STRING})|\s*([{{}};,>])\s*|\s+", re.DOTALL)
# Behind the colon of a declaration, which is where a name stands alone between the last sign and it.
_DECLARED = re.compile(rf"({_STRING})|(?<=[{{;])([\w-]+:) ")


@dataclass(frozen=True)
class Stylesheet:
    """One style sheet: the first digits of its SHA-256, and its bytes by coding."""

    digest: str
    bodies: Mapping[str, bytes]

    @property
    def text(self) -> str:
        return self.bodies[IDENTITY].decode()


def stylesheet(colour: str) -> Stylesheet:
    """Return the style sheet for a brand colour, `#rrggbb`. Made once in a process; every process makes the same."""
    # While somebody works on the file, each save counts.
    return _made(colour, SITE_CSS.stat().st_mtime_ns if settings.DEBUG else 0)


@lru_cache(maxsize=8)
def _made(colour: str, saved: int) -> Stylesheet:
    content = (smaller(SITE_CSS.read_text(encoding="utf-8")) + brand_layer(colour)).encode()
    return Stylesheet(sha256(content)[:HASH_LENGTH], compressed(content))


def brand_layer(colour: str) -> str:
    """Return the shades of a colour as CSS. They stand last in the layer of tokens, so they win over the others."""
    light, dark = tokens(colour, LIGHT).css(), tokens(colour, DARK).css()
    return f"@layer tokens{{:root{{{light}}}@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}}}"


def smaller(css: str) -> str:
    """Return CSS without comments and without spaces that mean nothing."""
    bare = _COMMENT.sub(lambda found: found[1] or " ", css)
    tight = _SPACE.sub(lambda found: found[1] or found[2] or " ", bare).strip()
    return _DECLARED.sub(lambda found: found[1] or found[2], tight)
