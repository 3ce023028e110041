"""What changed between two texts or two sets of pages, word by word; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
BlockKind = Literal["same", "changed", "added", "removed"]

WORDS = re.compile(r"\s+|[^\s]+")
# difflib compares each with each: beyond this many words or lines a whole replacement is shown instead.
MOST_WORDS = 1_500
MOST_LINES = 3_000


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

    The pieces "same" and "removed", joined by line feeds, give `old`; "same" and "added" give `new`.
    """
    before, after = old.split("\n"), new.split("\n")
    blocks: list[Block] = []
    for tag, i1, i2, j1, j2 in _opcodes(before, after, MOST_LINES):
        if tag == "equal":
            blocks += [Block("same", (Piece("same", line),)) for line in before[i1:i2]]
            continue
        pairs = min(i2 - i1, j2 - j1)
        blocks += [_line(before[i1 + step], after[j1 + step]) for step in range(pairs)]
        blocks += [Block("removed", (Piece("removed", line),)) for line in before[i1 + pairs : i2]]
        blocks += [Block("added", (Piece("added", line),)) for line in after[j1 + pairs : j2]]
    return tuple(blocks)


def _opcodes(before: list[str], after: list[str], most: int) -> Sequence[tuple[str, int, int, int, int]]:
    if len(before) + len(after) > most and before != after:
        return [("replace", 0, len(before), 0, len(after))]
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _line(old: str, new: str) -> Block:
    before, after = WORDS.findall(old), WORDS.findall(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _opcodes(before, after, MOST_WORDS):
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return Block("changed", tuple(pieces))


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
    blocks = text_differences(old.markdown if old else "", new.markdown if new else "")
    if old is None:
        return PageDifference("added", None, new, _all(new, "added"))
    if new is None:
        return PageDifference("removed", old, None, _all(old, "removed"))
    blocks = text_differences(old.markdown, new.markdown)
    same = (old.title, old.slug) == (new.title, new.slug) and not has_changes(blocks)
    return PageDifference("same" if same else "changed", old, new, blocks)


def _all(page: PageText | None, kind: Kind) -> tuple[Block, ...]:
    return tuple(Block(kind, (Piece(kind, line),)) for line in page.markdown.split("\n")) if page else ()
