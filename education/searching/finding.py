"""From what somebody typed to the places that say it: the best first, a few of each guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from education.models import Edition
from education.searching.asking import Asked, Wanted, asked, wanted_of, with_beginnings
from education.searching.choosing import index
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

    At most so many queries, however much is found: five for what is found at once, eleven for a word that nobody
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
    hits = _hits(wanted, editions)
    if hits:
        return _found(found, wanted, hits)
    other = corrected(question.words)
    if other is not None:
        instead = " ".join(other)
        right = _wanted(asked(instead))
        hits = _hits(right, editions)
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


def _hits(wanted: Sequence[Wanted], editions: Iterable[Edition]) -> list[Hit]:
    """Return the places that say everything: first those that say it in their title, a guide's own before others'."""
    titled = index().hits(wanted, editions, titles=True)  # type: ignore[arg-type]  # a queryset
    others = index().hits(wanted, editions)  # type: ignore[arg-type]
    first = {hit.id for hit in titled}
    titled.sort(key=lambda hit: (hit.kind != GUIDE, hit.title_length, hit.id))
    return [*titled, *sorted((hit for hit in others if hit.id not in first), key=lambda hit: (-hit.score, hit.id))]


def _found(found: Found, wanted: Sequence[Wanted], hits: Sequence[Hit]) -> Found:
    in_order = sorted(hits, key=lambda hit: (-hit.score, hit.id)) if found.some else hits
    by_guide: dict[int, list[Hit]] = {}
    for hit in in_order:
        by_guide.setdefault(hit.edition_id, []).append(hit)
    together = tuple(hit for of_guide in by_guide.values() for hit in of_guide)
    return replace(found, wanted=tuple(wanted), hits=together, is_cut=len(together) >= MOST_HITS)
