"""Words with one letter or space wrong, from our own words: no dictionary, and no extension of a database."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.db.models import Q
from django.db.models.functions import Length

from education.models import SearchWord, Synonym
from education.searching.folding import words_of

# Of shorter words nearly every one is one letter from another.
SHORTEST = 4
# What an English word can end in and mean the same. Not “er”: a “shower” would be a misspelt “shoter”, from “shots”.
ENDINGS = ("ings", "ing", "ed", "es", "s", "e")
LONGEST_ENDING = 4
# The end of what was typed tells which form is meant: “filler” is no misspelt “filled”.
SAME_END = 2
# Of a word that is two with the space left out.
SHORTEST_PART = 3


def corrected(words: Sequence[str]) -> list[str] | None:
    """Return the words with each unknown one replaced by a known one that is a letter away; None where none is.

    Three queries. A letter is wrong, missing, too many, or has changed places with the next; or a space is missing, or
    too many. Known are the words of our texts, and those that patients use.
    """
    everyday = {word for text in Synonym.objects.values_list("everyday", flat=True) for word in words_of(text)}
    pairs = ["".join(pair) for pair in pairwise(words)]
    parts = [part for word in words for two in _split(word) for part in two]
    stored = SearchWord.objects.filter(word__in={*words, *pairs, *parts}).values_list("word", flat=True)
    known = everyday.union(stored)
    joined = next((at for at, pair in enumerate(pairs) if pair in known), None)
    if joined is not None:
        return [*words[:joined], pairs[joined], *words[joined + 2 :]]
    unknown = [word for word in words if word not in known and len(word) >= SHORTEST]
    if not unknown:
        return None
    near = [*_near(unknown), *sorted(everyday)]
    right = [part for word in words for part in (_right(word, near, known) if word in unknown else [word])]
    return right if right != list(words) else None


def _split(word: str) -> list[tuple[str, str]]:
    """Return a word as two, in each way."""
    return [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]


def _right(word: str, near: Sequence[str], known: set[str]) -> list[str]:
    closest = _closest(word, near)
    apart = next((two for two in _split(word) if closest == word and known.issuperset(two)), None)
    return list(apart) if apart else [closest]


def _near(words: Sequence[str]) -> list[str]:
    """Return words of about the same length that share a half with one of these: one query.

    One wrong letter leaves the beginning or the end as it is.
    """
    query = Q()
    for word in words:
        part = (len(word) - 1) // 2
        begin, end = word[:part], word[::-1][:part]
        halves = Q(word__startswith=begin) | Q(backwards__startswith=end)
        query |= Q(length__gte=len(word) - LONGEST_ENDING, length__lte=len(word) + LONGEST_ENDING) & halves
    found = SearchWord.objects.annotate(length=Length("word")).filter(query)
    return list(found.order_by("word").values_list("word", flat=True))


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
