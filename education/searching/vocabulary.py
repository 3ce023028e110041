"""What there is of words for what somebody typed, ours and those of patients: one query for all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from education.models import Edition
from education.searching.asking import Asked, Phrase
from education.searching.choosing import index
from education.searching.folding import words_of
from education.searching.index import Piece, live_sql, run
from education.searching.misspelling import LONGEST_ENDING, SHORTEST, other_spellings

# A beginning of fewer letters would be that of half the dictionary.
SHORTEST_BEGINNING = 3
MOST_BEGINNINGS = 20
PATIENTS = "SELECT 'patients', everyday, everyday_folded, medical_folded FROM education_synonym ORDER BY id"
LANGUAGES = "SELECT 'language', language, '', '' FROM education_guide GROUP BY language"
UNKNOWN = "NOT EXISTS (SELECT 1 FROM education_searchword WHERE word = %s)"


@dataclass(frozen=True)
class Within:
    """The one guide that is searched: what its live edition says it is called."""

    slug: str
    title: str
    language: str


@dataclass(frozen=True)
class Vocabulary:
    """What there is of words.

    `everyday` are all words that patients use, and `synonyms` what guides say instead, by the folded expression.
    `stored` are those of the typed words and of their other spellings that our texts have. For typed words that they
    have not: `begun`, the words that begin so, the shortest first; `near`, those of about the same length that share a
    half. `languages` are those of the guides; `within` is the asked guide while it is live.
    """

    everyday: set[str]
    synonyms: Mapping[str, Sequence[Phrase]]
    stored: set[str]
    begun: Mapping[str, Sequence[str]]
    near: Mapping[str, Sequence[str]]
    languages: Sequence[str]
    within: Within | None


def vocabulary(question: Asked, *, guide: str = "", now: datetime | None = None) -> Vocabulary:
    """Return the words for a question, and the guide with that slug while one of it is live: one query."""
    typed = list(dict.fromkeys(words_of(question.typed)))
    pieces = [
        (PATIENTS, []),
        (LANGUAGES, []),
        *([_stored({*typed, *other_spellings(question.words)})] if typed else []),
        *(_begun(word) for word in typed if len(word) >= SHORTEST_BEGINNING),
        *(_near(word) for word in question.words if len(word) >= SHORTEST),
        *([_live(guide, now)] if guide else []),
    ]
    # In brackets of its own each can have an order, on either database. The pieces are our own words alone.
    parts = (f"SELECT * FROM ({piece}) AS piece{at}" for at, (piece, _) in enumerate(pieces))  # noqa: S608
    statement = " UNION ALL ".join(parts)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, *row in run(statement, [value for _, values in pieces for value in values]):
        found.setdefault(kind, []).append((row[0], row[1], row[2]))
    patients = found.get("patients", [])
    return Vocabulary(
        everyday={word for everyday, _, _ in patients for word in words_of(everyday)},
        synonyms=_by_first((folded, tuple(medical.split())) for _, folded, medical in patients),
        stored={word for word, _, _ in found.get("stored", [])},
        begun=_by_first((word, longer) for word, longer, _ in found.get("begun", [])),
        near=_by_first((word, other) for word, other, _ in found.get("near", [])),
        languages=[language for language, _, _ in found.get("language", [])],
        within=next((Within(guide, title, language) for title, language, _ in found.get("live", [])), None),
    )


def _by_first(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for first, other in pairs:
        found.setdefault(first, []).append(other)
    return found


def _stored(words: Iterable[str]) -> Piece:
    values = sorted(words)
    # As many places as values, and nothing of theirs.
    places = ", ".join(["%s"] * len(values))
    return f"SELECT 'stored', word, '', '' FROM education_searchword WHERE word IN ({places})", values  # noqa: S608


def _begun(word: str) -> Piece:
    begins, values = index().beginning("word", word)
    statement = f"""
        SELECT 'begun', %s, word, '' FROM education_searchword WHERE {begins} AND {UNKNOWN}
        ORDER BY length(word), word LIMIT {MOST_BEGINNINGS}
    """  # noqa: S608  # our own names alone; every value is a parameter
    return statement, [word, *values, word]


def _near(word: str) -> Piece:
    """One wrong letter leaves the beginning or the end as it is."""
    part = (len(word) - 1) // 2
    begins, first = index().beginning("word", word[:part])
    ends, last = index().beginning("backwards", word[::-1][:part])
    statement = f"""
        SELECT 'near', %s, word, '' FROM education_searchword
        WHERE ({begins} OR {ends}) AND length(word) BETWEEN %s AND %s AND {UNKNOWN}
    """  # noqa: S608  # our own names alone; every value is a parameter
    return statement, [word, *first, *last, len(word) - LONGEST_ENDING, len(word) + LONGEST_ENDING, word]


def _live(guide: str, now: datetime | None) -> Piece:
    live, values = live_sql(Edition.objects.live(now).filter(guide__slug=guide), "title", "language")
    # Django's own statement, its values apart.
    return f"SELECT 'live', live.title, live.language, '' FROM ({live}) AS live", values  # noqa: S608
