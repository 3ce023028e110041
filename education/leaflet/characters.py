"""Texts as the leaflet's fonts can set them: whatever somebody typed, a patient gets a leaflet."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from education.printable import unprintable

# What stands for a sign that no font has: a dark diamond with a question mark, which reads as “something is missing”.
SIGN = "\N{REPLACEMENT CHARACTER}"
# A longer run of signs without a space may be broken anywhere, or it would leave the page.
LONGEST_WORD = 24
_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
_AFTER = re.compile(r"([/.\-_?=&,;:])")
# They set nothing themselves, and direct how their neighbours are set.
_KEPT = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069")

logger = logging.getLogger(__name__)


def settable(data: Any, named: str) -> Any:
    """Return the data with texts that the fonts can set; the log names what they cannot, and the leaflet as `named`."""
    every = set("".join(_texts(data)))
    missing = unprintable("".join(sorted(every)))
    if missing:
        codes = " ".join(f"U+{ord(one):04X}" for one in missing)
        logger.warning("Leaflet of %s: no font has %s; it shows %s instead", named, codes, SIGN)
    signs = {ord(one): SIGN if one in missing else _in_effect(one) for one in every}
    return _mended(data, {code: sign for code, sign in signs.items() if sign != chr(code)})


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)


def _mended(data: Any, signs: Mapping[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(signs) if signs else data
    if isinstance(data, dict):
        return {name: _mended(value, signs) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mended(value, signs) for value in data]
    return data


def _in_effect(character: str) -> str:
    """Return a character, a space for one of the many spaces, or nothing for a sign that would stop the setting."""
    if character.isascii():
        return character if character >= " " or character in "\n\t" else ""
    category = unicodedata.category(character)
    if category == "Zs":
        return character if character == "\N{NO-BREAK SPACE}" else " "
    if category in ("Cc", "Cf", "Zl", "Zp") and character not in _KEPT:
        return ""
    return "" if unicodedata.name(character, "").startswith("VARIATION SELECTOR") else character


def breakable(text: str) -> str:
    """Return the text with places where an endless word may be broken."""
    return _LONG.sub(lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    if any(unicodedata.bidirectional(one) in ("AL", "R") for one in word):
        return word
    parts = _AFTER.sub("\\1\u200b", word).split("\u200b")
    return "\u200b".join(
        "\u200b".join(part[start : start + LONGEST_WORD] for start in range(0, len(part), LONGEST_WORD) or [0])
        for part in parts
    )
