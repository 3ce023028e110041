"""The site's style sheet: `site.css` with the clinic's colour in it, under an address that names its bytes.

The self-check and the plan have one of their own, with all of the site's in it: a page asks for one style sheet, and
no other page pays for theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from clinic.brand import DARK, LIGHT, tokens
from education.canonical import sha256

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
SITE_CSS, TOOLS_CSS = FOLDER / "site.css", FOLDER / "tools.css"
HASH_LENGTH = 12

_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/", re.DOTALL)
# Not around a colon: `a :is(b)` and `a:is(b)` are two selectors. Nor around + and -, which calc() wants apart.
_SPACE = re.compile(rf"({_STRING})|\s*([{{}};,>])\s*|\s+", re.DOTALL)
# Behind the colon of a declaration, which is where a name stands alone between the last sign and it.
_DECLARED = re.compile(rf"({_STRING})|(?<=[{{;])([\w-]+:) ")


@dataclass(frozen=True)
class Stylesheet:
    """One style sheet, and the first digits of its SHA-256."""

    digest: str
    text: str


def stylesheet(colour: str, *, with_tools: bool = False) -> Stylesheet:
    """Return the style sheet for a brand colour, `#rrggbb`. Made once in a process; every process makes the same.

    `with_tools`: that of the self-check and the plan.
    """
    files = (SITE_CSS, TOOLS_CSS) if with_tools else (SITE_CSS,)
    # While somebody works on a file, each save counts.
    return _made(colour, files, max(file.stat().st_mtime_ns for file in files) if settings.DEBUG else 0)


@lru_cache(maxsize=8)
def _made(colour: str, files: tuple[Path, ...], saved: int) -> Stylesheet:
    text = "".join(smaller(file.read_text(encoding="utf-8")) for file in files)
    text += brand_layer(colour)
    return Stylesheet(sha256(text.encode())[:HASH_LENGTH], text)


def brand_layer(colour: str) -> str:
    """Return the shades of a colour as CSS. They stand last in the layer of tokens, so they win over the others."""
    light, dark = tokens(colour, LIGHT).css(), tokens(colour, DARK).css()
    return f"@layer tokens{{:root{{{light}}}@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}}}"


def smaller(css: str) -> str:
    """Return CSS without comments and without spaces that mean nothing."""
    bare = _COMMENT.sub(lambda found: found[1] or " ", css)
    tight = _SPACE.sub(lambda found: found[1] or found[2] or " ", bare).strip()
    return _DECLARED.sub(lambda found: found[1] or found[2], tight)
