"""The search on SQLite: a table of FTS5 beside the rows, stemmed by Porter's rules for English."""

from __future__ import annotations

from collections.abc import Sequence

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

TABLE = "education_searchindex"
# A word counts for more in a title, and for nothing where it only says of which guide a place is.
WEIGHTS = "4.0, 1.0, 0.0"
# Every character sorts before this one.
LAST = "\U0010ffff"


class SqliteIndex:
    """FTS5. Words reach it in quotation marks and hold letters and digits alone, so none of them is an operator."""

    def add(self, entries: Sequence[Entry]) -> None:
        rows: list[tuple[int | str, ...]] = [
            # Spaces stay as they are written: marks are counted in characters.
            (one.row.pk, *(text.text for text in folded_texts(one.row)), folded(one.context))
            for one in entries
        ]
        with connection.cursor() as cursor:
            # A row of the index whose own row is gone without it, as after the flush of a test, gives way.
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TABLE} (rowid, title, body, context) VALUES (%s, %s, %s, %s)",  # noqa: S608
                rows,
            )

    def remove(self, rows: QuerySet[SearchRow]) -> None:
        ids = list(rows.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in ids])  # noqa: S608
        rows.delete()

    def places(self, sought: Try, languages: Sequence[str], condition: str) -> list[Piece]:
        wanted = sought.wanted
        expressions = [_everything(wanted), _titles(wanted)] if sought.every else [_something(wanted)]
        # Weighing counts each word in the whole index, and titles are put in order without it.
        scores = (f"-bm25({TABLE}, {WEIGHTS}), FALSE", "0, TRUE")
        return [
            (
                f"""
                SELECT * FROM (SELECT r.id, r.edition_id, r.kind, r.title, {score}
                FROM {TABLE} JOIN education_searchrow r ON r.id = {TABLE}.rowid
                WHERE {TABLE} MATCH %s AND r.edition_id IN (SELECT * FROM live) AND {condition}
                LIMIT {MOST_HITS})
                """,  # noqa: S608  # our own names alone; every value is a parameter
                [expression],
            )
            for score, expression in zip(scores, expressions, strict=False)
        ]

    def marked(self, rows: Sequence[SearchRow], wanted: Sequence[Wanted]) -> Marked:
        places = ", ".join(["%s"] * len(rows))
        statement = f"""
            SELECT rowid, highlight({TABLE}, 0, %s, %s), highlight({TABLE}, 1, %s, %s)
            FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid IN ({places})
        """  # noqa: S608
        values = (BEGIN, END, BEGIN, END, _any(wanted), *(row.pk for row in rows))
        found = {row_id: (title, body) for row_id, title, body in run(statement, values)} if rows else {}
        return {
            row.pk: (stretches(title, found[row.pk][0]), stretches(body, found[row.pk][1]))
            for row in rows
            if row.pk in found
            for title, body in [folded_texts(row)]
        }

    def beginning(self, column: str, letters: str) -> Piece:
        return f"{column} >= %s AND {column} < %s", [letters, letters + LAST]


def _phrase(words: Phrase) -> str:
    return f'"{" ".join(words)}"'


def _one(wanted: Wanted) -> str:
    typed = " AND ".join(_phrase((word,)) for word in wanted.words)
    return " OR ".join([f"({typed})", *map(_phrase, wanted.others)])


def _all(wanted: Sequence[Wanted]) -> str:
    return " AND ".join(f"({_one(one)})" for one in wanted)


def _any(wanted: Sequence[Wanted]) -> str:
    phrases = dict.fromkeys(phrase for one in wanted for phrase in (*((word,) for word in one.words), *one.others))
    return " OR ".join(map(_phrase, phrases))


def _titles(wanted: Sequence[Wanted]) -> str:
    return f"{{title}} : ({_all(wanted)})"


def _something(wanted: Sequence[Wanted]) -> str:
    return f"{{title body}} : ({_any(wanted)})"


def _everything(wanted: Sequence[Wanted]) -> str:
    return f"({_all(wanted)}) AND {_something(wanted)}"
