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


Marked = Mapping[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]]


class Index(Protocol):
    """The index of one kind of database over the rows of SearchRow."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Index rows that are saved."""

    def remove(self, rows: QuerySet[SearchRow]) -> None:
        """Take rows out of the index and delete them."""

    def hits(self, wanted: Sequence[Wanted], editions: QuerySet[Edition], *, every: bool = True) -> list[Hit]:
        """Return places of these editions that say every one of the wanted, or some: at most MOST_HITS, in no order.

        Where every one is asked for, those whose title says it come once more, `in_title`: as many, with no score.
        """

    def marked(self, rows: Sequence[SearchRow], wanted: Sequence[Wanted]) -> Marked:
        """Return, by row, which stretches of its title and of its text say what is wanted."""

    def beginnings(self, words: Sequence[str], most: int) -> dict[str, list[str]]:
        """Return, for each word, the words of the index that begin so, the shortest first and at most so many."""


def live_sql(editions: QuerySet[Edition]) -> tuple[str, tuple[Any, ...]]:
    """Return these editions as a query for their ids, to stand inside another."""
    statement, values = editions.order_by().values("pk").query.sql_with_params()
    return statement, tuple(values)


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
