"""From what somebody typed to the places that say it: the best first, a few of each guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from education.models import Edition, KeyFact
from education.searching.asking import Asked, Wanted, asked, wanted_of, with_beginnings
from education.searching.choosing import index
from education.searching.folding import words_of
from education.searching.index import MOST_HITS, Hit
from education.searching.misspelling import corrected
from education.searching.rows import GUIDE

# A beginning of fewer letters would be that of half the dictionary.
SHORTEST_BEGINNING = 3
MOST_BEGINNINGS = 20


@dataclass(frozen=True)
class Found:
    """What a search found. `hits`: the best first, those of one guide together.

    `wanted`: what was looked for. `instead`: the words that were looked for in place of misspelt ones. `some`: no
    place says all of it, and these say some.
    """

    asked: Asked
    wanted: tuple[Wanted, ...] = ()
    hits: tuple[Hit, ...] = ()
    instead: str = ""
    some: bool = False
    # So many that the rest was not compared.
    is_cut: bool = field(default=False)


def find(typed: str, *, guide: str = "", now: datetime | None = None) -> Found:
    """Return what the live editions say about it, or the one of the guide with that slug.

    At most so many queries, however much is found: five for what is found at once, twelve for a word that nobody
    wrote.
    """
    question = asked(typed)
    if not question.words:
        return Found(question)
    editions = Edition.objects.live(now)
    if guide:
        editions = editions.filter(guide__slug=guide)
    found = Found(question)
    wanted = _wanted(question)
    hits = _hits(question, wanted, editions)
    if hits:
        return _found(found, wanted, hits)
    other = corrected(question.words)
    if other is not None:
        instead = " ".join(other)
        better = asked(instead)
        right = _wanted(better)
        # What is put right can be a word that says nothing, such as “the”.
        hits = _hits(better, right, editions) if right else []
        if hits:
            return _found(replace(found, instead=instead), right, hits)
    hits = index().hits(wanted, editions, every=False) if len(wanted) > 1 else []
    return _found(replace(found, some=True), wanted, hits) if hits else replace(found, wanted=tuple(wanted))


def _wanted(question: Asked) -> list[Wanted]:
    """Return what is looked for: the words, what guides say instead, and for beginnings the words that begin so."""
    wanted = wanted_of(question.words, question.typed)
    single = [one.words[0] for one in wanted if len(one.words) == 1]
    begun = index().beginnings([word for word in single if len(word) >= SHORTEST_BEGINNING], MOST_BEGINNINGS)
    # The shortest of them is the word itself, where it is whole: then nothing longer is meant.
    return with_beginnings(wanted, {word: longer for word, longer in begun.items() if longer[0] != word})


def _hits(question: Asked, wanted: Sequence[Wanted], editions: QuerySet[Edition]) -> list[Hit]:
    """Return the places that say everything: first those that say it in their title, a guide's own before others'.

    Of these the one that is asked in the same words, “Does it work?” before “How it works”; then what a guide says
    before what its sources say; then the shortest.
    """
    hits = index().hits(wanted, editions)
    asides = set(words_of(question.typed)).difference(question.words)

    def place(hit: Hit) -> tuple[bool, int, bool, int, int]:
        same = len(asides.intersection(words_of(hit.title))) if asides else 0
        return hit.kind != GUIDE, -same, hit.kind == KeyFact.kind, len(hit.title), hit.id

    titled = sorted((hit for hit in hits if hit.in_title), key=place)
    first = {hit.id for hit in titled}
    others = (hit for hit in hits if hit.id not in first)
    return [*titled, *sorted(others, key=lambda hit: (-hit.score, hit.id))]


def _found(found: Found, wanted: Sequence[Wanted], hits: Sequence[Hit]) -> Found:
    in_order = sorted(hits, key=lambda hit: (-hit.score, hit.id)) if found.some else hits
    by_guide: dict[int, list[Hit]] = {}
    for hit in in_order:
        by_guide.setdefault(hit.edition_id, []).append(hit)
    together = tuple(hit for of_guide in by_guide.values() for hit in of_guide)
    return replace(found, wanted=tuple(wanted), hits=together, is_cut=len(together) >= MOST_HITS)
