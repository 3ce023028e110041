"""Which characters the fonts of the leaflet can set."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
# Set as nothing, or as a part of the character before: bidi marks, joiners, soft hyphens; variation selectors.
_NOT_SET = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
_VARIATIONS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)


def unprintable(text: str) -> str:
    """Return the characters of a text that no font of the leaflet has, each once, in the order of the text."""
    covered = _covered()
    missing = (one for one in dict.fromkeys(text) if ord(one) not in covered and not _sets_nothing(one))
    return "".join(missing)


def _sets_nothing(character: str) -> bool:
    return unicodedata.category(character) in _NOT_SET or any(ord(character) in few for few in _VARIATIONS)


@cache
def _covered() -> frozenset[int]:
    """Return the code points that a font has in its regular weight. Read once for each process."""
    covered: set[int] = set()
    for path in sorted(FONTS.glob("*-Regular.ttf")):
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)
