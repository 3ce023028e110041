"""What two people made of the same text, put together where they did not touch the same places; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from education.differences import Change, changes


@dataclass(frozen=True)
class Touch:
    """The rows `start` to `end` (without it) of what both started from, which both changed, each in another way.

    Where both put something in at the same place there is no row: `start` and `end` are the same.
    """

    start: int
    end: int


@dataclass(frozen=True)
class Merged:
    """Both changes together: `rows`; or the places that both touched, and then no rows at all."""

    rows: tuple[str, ...]
    touches: tuple[Touch, ...] = ()


def merge(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Merged:
    """Return what `base` becomes with the changes of both.

    Rows are compared whole. Two changes touch when they share a row, or when both put rows in at one place, since
    nothing then says which come first. The same change by both is one. With any touch nothing is merged. It does
    not matter which of the two is called theirs.
    """
    ours = sorted({*changes(base, theirs), *changes(base, mine)}, key=lambda one: (one.start, one.end, one.rows))
    if touches := _touches(ours):
        return Merged((), touches)
    rows: list[str] = []
    done = 0
    for one in ours:
        rows += [*base[done : one.start], *one.rows]
        done = one.end
    return Merged((*rows, *base[done:]))


def merge_values(base: str, theirs: str, mine: str) -> str | None:
    """Return the value of whoever changed it; None when both did, each in another way."""
    merged = merge([base], [theirs], [mine])
    return None if merged.touches else "".join(merged.rows)


def _touches(ours: Sequence[Change]) -> tuple[Touch, ...]:
    """Return the runs of changes, in the order of their beginnings, that touch each other."""
    found: list[Touch] = []
    start = end = -1
    puts_in = False
    for one in ours:
        if one.start < end or (one.start == end and puts_in and _puts_in(one)):
            end, puts_in = max(end, one.end), puts_in or _puts_in(one)
            if found and found[-1].start == start:
                found.pop()
            found.append(Touch(start, end))
        else:
            start, end, puts_in = one.start, one.end, _puts_in(one)
    return tuple(found)


def _puts_in(one: Change) -> bool:
    """Return whether there are more rows than before."""
    return len(one.rows) > one.end - one.start
