"""What changed between two texts or two sets of pages, word by word; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

Kind = Literal["same", "added", "removed"]
BlockKind = Literal["same", "changed", "added", "removed"]

_WORDS = re.compile(r"\s+|\S+")
# difflib looks at every pair of equal items, once for each match that it finds. Beyond this product lines are
# paired as they come, and a changed line is shown as taken out and put in whole.
MOST_WORK = 10_000_000
# So many pairs of lines are compared at most to find those that became each other.
MOST_PAIRS = 250_000
# Two lines that share fewer of their words than this are told apart as wholes: a mixture could not be read.
LEAST_LIKENESS = 0.3


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Block:
    """One line: as it was, changed word by word, added, or removed."""

    kind: BlockKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Gap:
    """A run of unchanged lines that is left out."""

    count: int


@dataclass(frozen=True)
class PageText:
    """A page by an identity that a change of title or address does not touch."""

    key: str
    title: str
    slug: str
    markdown: str
    entries: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class PageDifference:
    kind: BlockKind
    old: PageText | None
    new: PageText | None
    blocks: tuple[Block, ...]

    @property
    def title_changed(self) -> bool:
        return bool(self.old and self.new and self.old.title != self.new.title)

    @property
    def slug_changed(self) -> bool:
        return bool(self.old and self.new and self.old.slug != self.new.slug)


def text_differences(old: str, new: str) -> tuple[Block, ...]:
    """Return the lines of both texts in order; a changed line is told word by word.

    The "same" and "removed" pieces of every block but the "added" ones, a line feed between blocks, give
    `old`; the "same" and "added" pieces of every block but the "removed" ones give `new`.
    """
    before, after = old.split("\n"), new.split("\n")
    start, end = _common_ends(before, after)
    blocks = [_whole("same", line) for line in before[:start]]
    allowance = _Allowance(MOST_WORK)
    for one, other in _paired(before[start : len(before) - end], after[start : len(after) - end]):
        if one is None or other is None:
            blocks.append(_whole("added", other or "") if one is None else _whole("removed", one))
        elif one == other:
            blocks.append(_whole("same", one))
        else:
            blocks.append(_changed(one, other, allowance))
    blocks += [_whole("same", line) for line in before[len(before) - end :]]
    return tuple(blocks)


@dataclass
class _Allowance:
    """How much work may still be done for one answer."""

    left: int

    def spend(self, amount: int) -> bool:
        """Take the amount away; return whether there was enough."""
        self.left -= amount
        return self.left >= 0


@dataclass(frozen=True)
class Change:
    """The rows `start` to `end` (without it) of an old sequence became `rows`; nothing where they were put in."""

    start: int
    end: int
    rows: tuple[str, ...]


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[Change, ...]:
    """Return what has to be done to `old`, in its order and without a row that stays, to get `new`."""
    start, end = _common_ends(old, new)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if not before and not after:
        return ()
    if _work(before, after) > MOST_WORK:
        return (Change(start, start + len(before), tuple(after)),)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(Change(start + i1, start + i2, tuple(after[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal")


def _whole(kind: Kind, line: str) -> Block:
    return Block(kind, (Piece(kind, line),))


def _common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines are the same at the beginning, and how many of the others at the end."""
    shorter = min(len(before), len(after))
    start = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    rest = shorter - start
    end = next((index for index in range(rest) if before[-1 - index] != after[-1 - index]), rest)
    return start, end


def _work(before: Sequence[str], after: Sequence[str]) -> int:
    """Return the number of equal pairs, times the number of matches that there can be."""
    times = Counter(after)
    return sum(count * times[item] for item, count in Counter(before).items()) * min(len(before), len(after))


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield the lines in order, each with the line that it became; None stands for no line."""
    if _work([line for line in before if line], [line for line in after if line]) > MOST_WORK:
        yield from _paired_in_turn(before, after)
        return
    allowance = _Allowance(MOST_PAIRS)
    # Empty lines are no landmarks: they are everywhere.
    matcher = SequenceMatcher(lambda line: not line, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[i1:i2], after[j1:j2], strict=True)
            continue
        pair = _paired_alike if allowance.spend((i2 - i1) * (j2 - j1)) else _paired_in_turn
        yield from pair(before[i1:i2], after[j1:j2])


def _paired_in_turn(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    for one, other in zip_longest(before, after):
        if one is None or other is None or likeness(frozenset(one.split()), frozenset(other.split())):
            yield one, other
        else:
            yield one, None
            yield None, other


def _paired_alike(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield the lines in order, paired so that the likeness of all pairs together is the greatest."""
    old_words = [frozenset(line.split()) for line in before]
    new_words = [frozenset(line.split()) for line in after]
    alike = [[likeness(these, those) for those in new_words] for these in old_words]
    # best[i][j]: the greatest sum of likeness for the lines from i of the old and from j of the new text.
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield before[i], after[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield before[i], None
            i += 1
        else:
            yield None, after[j]
            j += 1
    yield from ((line, None) for line in before[i:])
    yield from ((None, line) for line in after[j:])


def likeness(these: Set[str], those: Set[str]) -> float:
    """Return the share of words that two lines have in common, or 0 when it is too small to matter."""
    if not these and not those:
        return LEAST_LIKENESS
    share = 2 * len(these & those) / (len(these) + len(those))
    return share if share >= LEAST_LIKENESS else 0.0


def _changed(old: str, new: str, allowance: _Allowance) -> Block:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start, end = _common_ends(before, after)
    head, tail = before[:start], before[len(before) - end :]
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    pieces = [Piece("same", "".join(head))]
    for tag, i1, i2, j1, j2 in _word_opcodes(before, after, allowance):
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
        else:
            pieces += [Piece("removed", "".join(before[i1:i2])), Piece("added", "".join(after[j1:j2]))]
    pieces.append(Piece("same", "".join(tail)))
    return Block("changed", tuple(piece for piece in pieces if piece.text))


def _word_opcodes(
    before: Sequence[str], after: Sequence[str], allowance: _Allowance
) -> Sequence[tuple[str, int, int, int, int]]:
    words = [word for word in before if not word.isspace()], [word for word in after if not word.isspace()]
    if not allowance.spend(_work(*words)):
        return [("replace", 0, len(before), 0, len(after))]
    # Spaces are no landmarks either.
    return SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes()


def has_changes(blocks: Sequence[Block]) -> bool:
    """Return whether any line differs."""
    return any(block.kind != "same" for block in blocks)


def collapsed(blocks: Sequence[Block], context: int = 1) -> tuple[Block | Gap, ...]:
    """Return the blocks with unchanged runs shortened to `context` lines beside each change."""
    near = {
        index + step
        for index, block in enumerate(blocks)
        if block.kind != "same"
        for step in range(-context, context + 1)
    }
    shown: list[Block | Gap] = []
    left_out = 0
    for index, block in enumerate(blocks):
        if index in near:
            if left_out:
                shown.append(Gap(left_out))
                left_out = 0
            shown.append(block)
        else:
            left_out += 1
    return (*shown, Gap(left_out)) if left_out else tuple(shown)


def page_differences(old: Sequence[PageText], new: Sequence[PageText]) -> tuple[PageDifference, ...]:
    """Return each page's difference in the order of `new`; a removed page stands after the one it followed."""
    before = {page.key: page for page in old}
    after = {page.key for page in new}
    found = [_page(before.get(page.key), page) for page in new]
    for index, page in enumerate(old):
        if page.key not in after:
            place = _place_after(found, old[index - 1].key) if index else 0
            found.insert(place, _page(page, None))
    return tuple(found)


def _place_after(found: Sequence[PageDifference], key: str) -> int:
    for index, difference in enumerate(found):
        page = difference.new or difference.old
        if page and page.key == key:
            return index + 1
    return len(found)


def _page(old: PageText | None, new: PageText | None) -> PageDifference:
    if new is None:
        return PageDifference("removed", old, None, _all(old, "removed"))
    if old is None:
        return PageDifference("added", None, new, _all(new, "added"))
    # A page that says all in its entries has no line of text that could be the same.
    blocks = text_differences(old.markdown, new.markdown) if old.markdown or new.markdown else ()
    same = (old.title, old.slug, old.entries) == (new.title, new.slug, new.entries) and not has_changes(blocks)
    return PageDifference("same" if same else "changed", old, new, blocks)


def _all(page: PageText | None, kind: Kind) -> tuple[Block, ...]:
    return tuple(_whole(kind, line) for line in page.markdown.split("\n")) if page and page.markdown else ()
