"""The search on PostgreSQL: two text vectors on each row, stemmed in the guide's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from education.models import SearchRow
from education.searching.asking import Phrase, Wanted
from education.searching.folding import folded
from education.searching.index import (
    BEGIN,
    END,
    MOST_HITS,
    Entry,
    Marked,
    Piece,
    Try,
    folded_texts,
    run,
    stretches,
)

# What every PostgreSQL since 14 brings along, by the first part of a guide's language.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Titles, texts, the rest, and what only says of which guide a place is: to ts_rank in the order D, C, B, A.
WEIGHTS = "{0, 0, 0.25, 1}"
OWN = ":AB"


def configuration(language: str) -> str:
    """Return the name of PostgreSQL's way with a language; words of one that it has none for stay as they are."""
    return CONFIGURATIONS.get(language.lower().partition("-")[0], "simple")


class PostgresqlIndex:
    """Words reach it in quotation marks and hold letters and digits alone, so none of them is an operator."""

    def add(self, entries: Sequence[Entry]) -> None:
        values = []
        for one in entries:
            language = configuration(one.row.edition.language)
            title, text = (folded.text for folded in folded_texts(one.row))
            values.append((language, title, language, title, language, text, language, folded(one.context), one.row.pk))
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE education_searchrow SET heading = to_tsvector(%s::regconfig, %s), "
                "body = setweight(to_tsvector(%s::regconfig, %s), 'A') || "
                "setweight(to_tsvector(%s::regconfig, %s), 'B') || "
                "setweight(to_tsvector(%s::regconfig, %s), 'D') WHERE id = %s",
                values,
            )

    def remove(self, rows: QuerySet[SearchRow]) -> None:
        rows.delete()

    def places(self, sought: Try, languages: Sequence[str], condition: str) -> list[Piece]:
        configurations = sorted({configuration(language) for language in (settings.LANGUAGE_CODE, *languages)})
        everything, something = _all(sought.wanted), _any(sought.wanted, OWN)
        if not sought.every:
            return [_places("body", [something], configurations, condition)]
        return [
            _places("body", [everything, something], configurations, condition),
            _places("heading", [everything], configurations, condition),
        ]

    def marked(self, rows: Sequence[SearchRow], wanted: Sequence[Wanted]) -> Marked:
        texts = {row.pk: folded_texts(row) for row in rows}
        one = "(%s::bigint, %s::regconfig, %s, %s)"
        sought = _any(wanted)
        options = f"HighlightAll=true, StartSel={BEGIN}, StopSel={END}"
        statement = f"""
            SELECT id, ts_headline(c, title, to_tsquery(c, %s), %s), ts_headline(c, body, to_tsquery(c, %s), %s)
            FROM (VALUES {", ".join([one] * len(rows))}) AS rows (id, c, title, body)
        """  # noqa: S608
        values = [
            value
            for row in rows
            for value in (
                row.pk,
                configuration(row.edition.language),
                texts[row.pk][0].text,
                texts[row.pk][1].text,
            )
        ]
        found = run(statement, (sought, options, sought, options, *values)) if rows else []
        return {
            row_id: (stretches(texts[row_id][0], title), stretches(texts[row_id][1], body))
            for row_id, title, body in found
        }

    def beginning(self, column: str, letters: str) -> Piece:
        # Each index has a twin for patterns, which serves a beginning in any order of letters.
        return f"{column} LIKE %s", [f"{letters}%"]


def _places(column: str, sought: Sequence[str], configurations: Sequence[str], condition: str) -> Piece:
    """Return the query, and its values, for the places whose vector in that column says each of what is sought.

    PostgreSQL must see what is asked as a constant, to know how rare the words are. It guesses that one edition is
    live, and would go through all places of each: a condition that no index serves keeps it from that. In no order,
    for which it would have to fetch all that it finds.
    """
    in_each = " || ".join(["to_tsquery(%s::regconfig, %s)"] * len(configurations))
    asked = ", ".join(f"({in_each}) AS asked{number}" for number in range(len(sought)))
    said = " AND ".join(f"r.{column} @@ asked{number}" for number in range(len(sought)))
    # By the last, any of the words: where all are asked for, one that only the context has would leave nothing.
    score = f"ts_rank('{WEIGHTS}', r.body, asked{len(sought) - 1}, 1)" if column == "body" else "0"
    statement = f"""
        (SELECT r.id, r.edition_id, r.kind, r.title, {score}, {column == "heading"}
        FROM education_searchrow r, (SELECT {asked}) asked
        WHERE {said} AND (r.edition_id IN (SELECT * FROM live)) IS TRUE AND {condition}
        LIMIT {MOST_HITS})
    """  # noqa: S608  # our own names alone; every value is a parameter
    return statement, [value for one in sought for each in configurations for value in (each, one)]


def _phrase(words: Phrase, weight: str = "") -> str:
    return "(" + " <-> ".join(f"'{word}'{weight}" for word in words) + ")"


def _one(wanted: Wanted) -> str:
    typed = " & ".join(_phrase((word,)) for word in wanted.words)
    return "(" + " | ".join([f"({typed})", *map(_phrase, wanted.others)]) + ")"


def _all(wanted: Sequence[Wanted]) -> str:
    return " & ".join(map(_one, wanted))


def _any(wanted: Sequence[Wanted], weight: str = "") -> str:
    phrases = dict.fromkeys(phrase for one in wanted for phrase in (*((word,) for word in one.words), *one.others))
    return " | ".join(_phrase(phrase, weight) for phrase in phrases)
