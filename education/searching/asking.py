"""From what somebody typed to what is looked up: words, each with what may stand in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from education.models.searching import LONGEST_WORD
from education.searching.folding import without_plural, words_of
from education.searching.stop_words import STOP_WORDS

MOST_CHARACTERS = 200
MOST_WORDS = 10
# The most words that an everyday expression in the table can have.
LONGEST_EXPRESSION = 5

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Something that a place must say: all of `words`, as they were typed, or any of `others`, each as it stands."""

    words: Phrase
    others: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What was typed, and the words of it that are looked for. `shortened`: that is not all of them."""

    typed: str
    words: tuple[str, ...]
    shortened: bool = False


def asked(typed: str) -> Asked:
    """Return the words that somebody looks for.

    Signs mean nothing, so nobody's quotation marks or hyphens are an error. Words such as “the” are left out: no
    index of PostgreSQL has them.
    """
    # A space at the ends is no loss worth telling of.
    typed = " ".join(typed.replace("\0", " ").split())
    cut = typed
    if len(typed) > MOST_CHARACTERS:
        # Between two words, or through the one that is longer than that.
        cut = typed[:MOST_CHARACTERS].rpartition(" ")[0] or typed[:MOST_CHARACTERS]
    said = list(dict.fromkeys(word for word in words_of(cut) if len(word) <= LONGEST_WORD))
    meant = [word for word in said if word not in STOP_WORDS]
    words = tuple(meant[:MOST_WORDS])
    too_long = len(typed) > MOST_CHARACTERS or len(said) < len(set(words_of(cut)))
    return Asked(cut, words, shortened=too_long or len(meant) > MOST_WORDS)


def expression(text: str) -> str:
    """Return an everyday expression as the table is searched for it."""
    return " ".join(without_plural(word) for word in words_of(text))


def wanted_of(question: Asked, synonyms: Mapping[str, Sequence[Phrase]]) -> list[Wanted]:
    """Return what a place must say, with the words that guides use for everyday expressions, by folded expression.

    An expression of several words is looked for in all that was typed, also in “black and blue”.
    """
    said = words_of(question.typed)
    spans = [
        said[start : start + length]
        for length in range(LONGEST_EXPRESSION, 0, -1)
        for start in range(len(said) - length + 1)
    ]
    found: list[Wanted] = []
    taken: set[str] = set()
    for span in spans:
        others = synonyms.get(expression(" ".join(span)))
        if others and not taken.intersection(span):
            meant = tuple(word for word in span if word not in STOP_WORDS) or tuple(span)
            found.append(Wanted(meant, tuple(others)))
            taken.update(span)
    return [*found, *(Wanted((word,)) for word in question.words if word not in taken)]


def with_beginnings(wanted: Iterable[Wanted], words: Mapping[str, Sequence[str]]) -> tuple[Wanted, ...]:
    """Return the same with the words that begin as typed ones do, given by word."""
    return tuple(
        Wanted(one.words, (*one.others, *((word,) for word in words.get(one.words[0], ()))))
        if len(one.words) == 1
        else one
        for one in wanted
    )
