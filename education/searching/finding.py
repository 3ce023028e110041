"""From what somebody typed to the places that say it: the best first, a few of each guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from education.models import Edition, KeyFact, SearchRow
from education.searching.asking import Asked, Wanted, asked, wanted_of, with_beginnings
from education.searching.choosing import index
from education.searching.folding import words_of
from education.searching.index import MOST_HITS, Hit, Try, first_hits
from education.searching.misspelling import corrected
from education.searching.rows import GUIDE
from education.searching.vocabulary import Vocabulary, Within, vocabulary

# One or two words such as “the” stand in many titles; three are a question.
FEWEST_OF_A_TITLE = 3


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
    # The guide that was searched alone.
    within: Within | None = None


def find(typed: str, *, guide: str = "", now: datetime | None = None) -> Found:
    """Return what the live editions say about it; that of the guide with this slug alone, while one of it is live.

    Two queries, however much is found: one for words, one for places. A third where what is put right is a word that
    patients use and our texts do not. Of a question without any word to look for, the titles that say all of it.
    """
    question = asked(typed)
    if not question.typed and not guide:
        return Found(question)
    words = vocabulary(question, guide=guide, now=now)
    found = Found(question, within=words.within)
    editions = Edition.objects.live(now)
    if words.within:
        editions = editions.filter(guide__slug=guide)
    if not question.words:
        return _together(found, _ordered(question, _so_called(question, editions)))
    ways = _ways(question, words)
    number, hits = first_hits(index(), [way.trying for way in ways], editions, words.languages)
    way = ways[number]
    in_order = sorted(hits, key=_by_score) if way.some else _ordered(way.question, hits)
    found = replace(found, wanted=tuple(way.trying.wanted))
    return _together(found, in_order, instead=way.instead, some=way.some)


@dataclass(frozen=True)
class _Way:
    """A way to find something, and what it is to be called. `question` has the words that are looked for."""

    question: Asked
    trying: Try
    instead: str = ""

    @property
    def some(self) -> bool:
        return not self.trying.every


def _ways(question: Asked, words: Vocabulary) -> list[_Way]:
    """Return what may find something, one after the other: all that was typed, what was meant by it, some of it."""
    wanted = _wanted(question, words)
    ways = [_Way(question, Try(wanted))]
    right = corrected(question.words, everyday=words.everyday, stored=words.stored, near=words.near)
    if right:
        better = asked(" ".join(right))
        instead = _wanted(better, _knowing(better, question, words))
        # What is put right can be a word that says nothing, such as “the”.
        ways += [_Way(better, Try(instead), " ".join(right))] if instead else []
    if len(wanted) > 1:
        ways.append(_Way(question, Try(wanted, every=False)))
    return ways


def _wanted(question: Asked, words: Vocabulary) -> tuple[Wanted, ...]:
    """Return what is looked for: the words, what guides say instead, and for beginnings the words that begin so.

    Where a word is whole in our texts, nothing longer is meant.
    """
    return with_beginnings(wanted_of(question, words.synonyms), words.begun)


def _so_called(question: Asked, editions: QuerySet[Edition]) -> list[Hit]:
    """Return the places whose title says all of a question that no index knows a word of, as “Is it for me?”."""
    said = set(words_of(question.typed))
    if len(said) < FEWEST_OF_A_TITLE:
        return []
    titled = SearchRow.objects.filter(*(Q(title__icontains=word) for word in said), edition__in=editions)
    rows = titled.values_list("id", "edition", "kind", "title")[:MOST_HITS]
    return [Hit(*row, score=0, in_title=True) for row in rows if said.issubset(words_of(row[-1]))]


def _knowing(better: Asked, question: Asked, words: Vocabulary) -> Vocabulary:
    """Return the words for a question that was put right: those that are there, or of one more query."""
    are_there = words.stored.union(words_of(question.typed), *words.near.values())
    return words if are_there.issuperset(words_of(better.typed)) else vocabulary(better)


def _ordered(question: Asked, hits: Sequence[Hit]) -> list[Hit]:
    """Return the places that say everything: first those that say it in their title, a guide's own before others'.

    Of these the one that is asked in the same words, “Does it work?” before “How it works”; then what a guide says
    before what its sources say; then the shortest.
    """
    asides = set(words_of(question.typed)).difference(question.words)

    def place(hit: Hit) -> tuple[bool, int, bool, int, int]:
        same = len(asides.intersection(words_of(hit.title))) if asides else 0
        return hit.kind != GUIDE, -same, hit.kind == KeyFact.kind, len(hit.title), hit.id

    titled = sorted((hit for hit in hits if hit.in_title), key=place)
    first = {hit.id for hit in titled}
    others = (hit for hit in hits if hit.id not in first)
    return [*titled, *sorted(others, key=_by_score)]


def _by_score(hit: Hit) -> tuple[float, int]:
    return -hit.score, hit.id


def _together(found: Found, hits: Sequence[Hit], *, instead: str = "", some: bool = False) -> Found:
    by_guide: dict[int, list[Hit]] = {}
    for hit in hits:
        by_guide.setdefault(hit.edition_id, []).append(hit)
    together = tuple(hit for of_guide in by_guide.values() for hit in of_guide)
    return replace(found, hits=together, instead=instead, some=some, is_cut=len(together) >= MOST_HITS)
