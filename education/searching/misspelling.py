"""Words with one letter wrong, from the words of our own texts: no dictionary, and no extension of a database."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Length

from education.models import SearchWord

# Of shorter words nearly every one is one letter from another.
SHORTEST = 4
# What an English word can end in and mean the same.
ENDINGS = ("ings", "ing", "ers", "er", "ed", "es", "s", "e")
LONGEST_ENDING = 4


def corrected(words: Sequence[str]) -> list[str] | None:
    """Return the words with each unknown one replaced by a known one that is a letter away; None where none is.

    Two queries. A letter is wrong, missing, too many, or has changed places with the next.
    """
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    unknown = [word for word in words if word not in known and len(word) >= SHORTEST]
    if not unknown:
        return None
    near = _near(unknown)
    right = [_closest(word, near) if word in unknown else word for word in words]
    return right if right != list(words) else None


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
        one for one in known if any(one_letter_apart(word, form) for form in _forms(one))
    ]
    return min(away, key=lambda one: (one[0] != word[0], -len(one), one), default=word)


def _forms(word: str) -> list[str]:
    """Return what English could make of a word: our texts may have “bruises” for somebody's “bruisng”."""
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= SHORTEST), "")
    return [word.removesuffix(ending) + one for one in (*ENDINGS, "")]


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
