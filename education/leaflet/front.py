"""What stands at the front of a leaflet: an edition's cards, lists and tables, out of the pages that they stood on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from education.leaflet.blocks import Block, blocks
from education.models import EditionPage

# The section at the front to which a kind of block moves out of its page.
_FRONT = {
    "card": "help",
    "facts": "facts",
    "benefits": "balance",
    "effects": "balance",
    "reasons": "reasons",
    "steps": "steps",
    "do": "todo",
    "dont": "todo",
    "warning": "warnings",
}
# What makes a leaflet of its own. A guide that has nothing of it is a text, and is printed as one.
_STRUCTURED = ("facts", "benefits", "effects", "reasons", "steps")
_GRAVEST_FIRST = ("emergency", "urgent", "non-urgent")


def arranged(pages: Sequence[EditionPage]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the sections at the front, and the texts of the pages where the front alone would say too little.

    Each of the pages comes with its stored HTML. A text has a pointer where something of it stands at the front.
    """
    found = dict[str, list[tuple[EditionPage, Block]]]()
    texts = []
    for page in pages:
        stays: list[Block] = []
        for block in blocks(page.html or ""):
            kind = block["kind"]
            if kind not in _FRONT:
                stays.append(block)
                continue
            found.setdefault(kind, []).append((page, block))
            pointer = {"kind": "see", "to": _FRONT[kind]}
            if stays[-1:] != [pointer]:
                stays.append(pointer)
        texts.append({"title": page.title, "blocks": _in_order(stays)})
    return _front(found, pages), [] if any(kind in found for kind in _STRUCTURED) else texts


def named_in(data: Any) -> tuple[set[str], set[str]]:
    """Return what some data of a leaflet names: the numbers of sources, and the keys of words that are explained."""
    parts = list(_parts(data))
    numbers = {number for part in parts if part.get("kind") == "reference" for number in part["numbers"]}
    return numbers, {part["key"] for part in parts if part.get("kind") == "term"}


def _parts(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _parts(value)


def _front(found: Mapping[str, list[tuple[EditionPage, Block]]], pages: Sequence[EditionPage]) -> dict[str, Any]:
    cards = _once(block for _, block in found.get("card", ()))
    return {
        "help": sorted(cards, key=lambda card: _GRAVEST_FIRST.index(card["level"])),
        "facts": [block for _, block in found.get("facts", ())],
        "benefits": [block for _, block in found.get("benefits", ())],
        "effects": [block for _, block in found.get("effects", ())],
        "reasons": [block for _, block in found.get("reasons", ())],
        "steps": _timeline(found.get("steps", ())),
        "todo": _todo([*found.get("do", ()), *found.get("dont", ())], pages),
        "warnings": _warnings(found.get("warning", ())),
    }


def _in_order(found: list[Block]) -> list[Block]:
    """Let no heading of a page skip a level: its title is level 2, and the first heading below it 3."""
    # The HTML's h2 came as 1; two more stand above it here.
    before = 0
    for block in found:
        if block["kind"] == "heading":
            before = block["level"] = min(block["level"], before + 1)
    return [{**one, "level": one["level"] + 2} if one["kind"] == "heading" else one for one in found]


def _once(found: Iterable[Block]) -> list[Block]:
    """Return the blocks without those that several pages repeat."""
    kept: list[Block] = []
    for one in found:
        if one not in kept:
            kept.append(one)
    return kept


def _timeline(found: Iterable[tuple[EditionPage, Block]]) -> list[dict[str, Any]]:
    """Return the stretches of all pages by day, those of the same days as one."""
    merged: dict[tuple[int, int], dict[str, Any]] = {}
    for page, block in found:
        for stretch in block["stretches"]:
            days = (0, 0) if stretch["treatment"] else _days(page, stretch["steps"])
            there = merged.setdefault(days, {**stretch, "steps": []})
            there["steps"] += stretch["steps"]
    return [merged[days] for days in sorted(merged)]


def _days(page: EditionPage, steps: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return the days of a stretch: those of its first step, which the anchor counts on its page."""
    entry = page.entries[int(steps[0]["id"].rpartition("--")[2]) - 1]
    return entry["from_day"], entry["to_day"]


def _todo(found: Sequence[tuple[EditionPage, Block]], pages: Sequence[EditionPage]) -> list[dict[str, Any]]:
    """Return what to do and what not, by page, since “before” and “after” are told by the page alone."""
    rows = []
    for page in pages:
        mine = [block for one, block in found if one is page]
        if mine:
            lists = {kind: [block for block in mine if block["kind"] == kind] for kind in ("do", "dont")}
            rows.append({"title": page.title, **lists})
    return rows


def _warnings(found: Sequence[tuple[EditionPage, Block]]) -> list[dict[str, Any]]:
    """Return the warnings of the pages' texts, each with the title of the page that it stands on first."""
    pages = list(found)
    return [
        {**block, "page": next(page.title for page, one in pages if one == block)}
        for block in _once(block for _, block in pages)
    ]
