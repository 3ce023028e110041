"""Texts as the search compares them: small letters and digits, without accents, a space for everything else."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# It draws an Arabic word out and is no letter of it.
TATWEEL = "\u0640"
# The one invisible sign that parts words; the others, such as a soft hyphen, stand within one.
ZERO_WIDTH_SPACE = "\u200b"
# Letters with a stroke or joined ones, which Unicode does not take apart.
APART = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}


@dataclass(frozen=True)
class Folded:
    """A folded text. `places` has, for each of its characters, where that stands in the text as written."""

    text: str
    places: Sequence[int]


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """Return what one character is compared as: letters, digits from 0 to 9, nothing for an accent, or a space."""
    if character == TATWEEL or (unicodedata.category(character) == "Cf" and character != ZERO_WIDTH_SPACE):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    plain = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    small = "".join(APART.get(one, one) for one in plain.casefold())
    if not plain and unicodedata.combining(character):
        return ""
    # Once more: the small form of a letter can bring an accent of its own.
    small = "".join(one for one in unicodedata.normalize("NFKD", small) if not unicodedata.combining(one))
    return small if small and all(one.isalnum() for one in small) else " "


def folded(text: str) -> str:
    """Return a text as it is compared, one space between two words and none around them."""
    return " ".join(text.translate(_table(text)).split())


def folded_in_place(text: str) -> Folded:
    """Return a text as it is compared, with the way back: spaces stay as they are."""
    table = _table(text)
    if all(len(one) == 1 for one in table.values()):
        # As in most texts.
        return Folded(text.translate(table), range(len(text)))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in table[ord(character)]:
            characters.append(one)
            places.append(place)
    return Folded("".join(characters), places)


def _table(text: str) -> dict[int, str]:
    """Return what each character of a text is compared as, for `str.translate`."""
    return {ord(one): _folded(one) for one in set(text)}


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded."""
    return folded(text).split()


def without_plural(word: str) -> str:
    """Return a folded word without the ending of an English plural: for words that people wrote into a table."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
