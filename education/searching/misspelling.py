"""Words with one letter or space wrong, from our own words: no dictionary, and no extension of a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

# Of shorter words nearly every one is one letter from another.
SHORTEST = 4
# What an English word can end in and mean the same. Not “er”: a “shower” would be a misspelt “shoter”, from “shots”.
ENDINGS = ("ings", "ing", "ed", "es", "s", "e")
LONGEST_ENDING = 4
# The end of what was typed tells which form is meant: “filler” is no misspelt “filled”.
SAME_END = 2
# Of a word that is two with the space left out.
SHORTEST_PART = 3


def other_spellings(words: Sequence[str]) -> set[str]:
    """Return what words are with a space taken out or put in."""
    return {*_pairs(words), *(part for word in words for two in _split(word) for part in two)}


def corrected(
    words: Sequence[str],
    *,
    everyday: set[str],
    stored: set[str],
    near: Mapping[str, Sequence[str]],
) -> list[str] | None:
    """Return the words with each unknown one replaced by a known one that is a letter away; None where none is.

    A letter is wrong, missing, too many, or has changed places with the next; or a space is missing, or too many.
    Known are the words that patients use, `everyday`, and those of our texts, of which `stored` has what is typed here
    in any spelling, and `near` what one letter of an unknown word could make of it.
    """
    known = everyday | stored
    pairs = _pairs(words)
    joined = next((at for at, pair in enumerate(pairs) if pair in known), None)
    if joined is not None:
        return [*words[:joined], pairs[joined], *words[joined + 2 :]]
    unknown = [word for word in words if word not in known and len(word) >= SHORTEST]
    if not unknown:
        return None
    others = [*(other for word in unknown for other in near.get(word, ())), *everyday]
    right = [part for word in words for part in (_right(word, others, known) if word in unknown else [word])]
    return right if right != list(words) else None


def _pairs(words: Sequence[str]) -> list[str]:
    return ["".join(pair) for pair in pairwise(words)]


def _split(word: str) -> list[tuple[str, str]]:
    """Return a word as two, in each way."""
    return [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]


def _right(word: str, near: Sequence[str], known: set[str]) -> list[str]:
    closest = _closest(word, near)
    apart = next((two for two in _split(word) if closest == word and known.issuperset(two)), None)
    return list(apart) if apart else [closest]


def _closest(word: str, known: Sequence[str]) -> str:
    """Return the known word that is one letter away; of several the one with the same first letter, the longest."""
    away = [one for one in known if one_letter_apart(word, one)] or [
        one for one in known if any(one_letter_apart(word, form) for form in _forms(one, word[-SAME_END:]))
    ]
    return min(away, key=lambda one: (one[0] != word[0], -len(one), one), default=word)


def _forms(word: str, end: str) -> list[str]:
    """Return what English could make of a word, with that end: our texts may have “bruises” for a “bruisng”."""
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= SHORTEST), "")
    forms = [word.removesuffix(ending) + one for one in (*ENDINGS, "")]
    return [form for form in forms if form.endswith(end)]


def one_letter_apart(one: str, other: str) -> bool:
    """Return whether a letter changed, came, went, or changed places with the next, and nothing else."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or (len(short) > start + 1 and swapped == long[start:])
