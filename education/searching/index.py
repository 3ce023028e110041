"""What both databases do for the search, each in its own way, behind the same few calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet

from education.models import Edition, SearchRow
from education.searching.asking import Wanted
from education.searching.folding import Folded, folded_in_place

# The most places that are compared with each other: nobody reads more, and each costs time.
MOST_HITS = 500
# What stands around a word that was found, in what the database gives back.
BEGIN, END = "\x02", "\x03"


@dataclass(frozen=True)
class Entry:
    """What is looked up of a row. `context` finds a place only together with words of its own."""

    row: SearchRow
    context: str


@dataclass(frozen=True)
class Hit:
    """A place that says what was asked for. `score`: the higher the better, among those that are not `in_title`."""

    id: int
    edition_id: int
    kind: str
    title: str
    score: float
    in_title: bool


@dataclass(frozen=True)
class Try:
    """What places must say: every one of the wanted, or with `every=False` some of them."""

    wanted: Sequence[Wanted]
    every: bool = True


Marked = Mapping[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]]
# A piece of SQL and its values.
Piece = tuple[str, Sequence[Any]]


class Index(Protocol):
    """The index of one kind of database over the rows of SearchRow."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Index rows that are saved."""

    def remove(self, rows: QuerySet[SearchRow]) -> None:
        """Take rows out of the index and delete them."""

    def places(self, sought: Try, languages: Sequence[str], condition: str) -> list[Piece]:
        """Return the queries for places of the editions in `live`, as Hit has them: MOST_HITS each at most, unordered.

        Where every one of the wanted must be said, a second query has those whose title says it once more,
        `in_title`: as many, with no score. `languages` are those of the guides; `condition` stands in each query.
        """

    def marked(self, rows: Sequence[SearchRow], wanted: Sequence[Wanted]) -> Marked:
        """Return, by row, which stretches of its title and of its text say what is wanted."""

    def beginning(self, column: str, letters: str) -> Piece:
        """Return the condition that a column of our words begins with these letters, so that its index serves it."""


def first_hits(
    index: Index, tries: Sequence[Try], editions: QuerySet[Edition], languages: Sequence[str]
) -> tuple[int, list[Hit]]:
    """Return the number of the first of these tries that finds something in these editions, and what: one query.

    The database does not begin with a try where one before it found something. Where none does: the first, and nothing.
    """
    live, values = live_sql(editions)
    # What is put into the statement are numbers and our own names; every value is a parameter.
    tables, values = [f"live AS MATERIALIZED ({live})"], list(values)
    for number, one in enumerate(tries):
        earlier = "".join(f" AND NOT EXISTS (SELECT 1 FROM try{before})" for before in range(number))  # noqa: S608
        pieces = index.places(one, languages, f"TRUE{earlier}")
        tables.append(f"try{number} AS MATERIALIZED ({' UNION ALL '.join(piece for piece, _ in pieces)})")
        values += [value for _, of_piece in pieces for value in of_piece]
    found = " UNION ALL ".join(f"SELECT {number}, one.* FROM try{number} one" for number in range(len(tries)))  # noqa: S608
    rows = run(f"WITH {', '.join(tables)} {found}", values)
    return (rows[0][0] if rows else 0), [Hit(*row) for _, *row in rows]


def live_sql(editions: QuerySet[Edition], *columns: str) -> Piece:
    """Return these editions as a query for their ids, or for these columns, to stand inside another."""
    statement, values = editions.order_by().values(*(columns or ("pk",))).query.sql_with_params()
    return statement, list(values)


def stretches(original: Folded, marked: str) -> list[tuple[int, int]]:
    """Return where in the text as written the words stand that a database put marks around in the folded one."""
    found: list[tuple[int, int]] = []
    before, *pieces = marked.split(BEGIN)
    position = len(before)
    for piece in pieces:
        word = piece.index(END)
        found.append((original.places[position], original.places[position + word - 1] + 1))
        position += len(piece) - len(END)
    return found


def folded_texts(row: SearchRow) -> tuple[Folded, Folded]:
    """Return a row's title and text as the index has them, with the way back."""
    return folded_in_place(row.title), folded_in_place(row.text)


def run(statement: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return what the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall()
