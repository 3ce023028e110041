"""The changed sentences of a draft that cite a source, so that somebody asks whether the source says it too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from education.comments import as_read
from education.comparing import matched_rows
from education.differences import PageText, page_differences
from education.entries import KIND_NAMED
from education.snapshot import SnapshotSource

_KEY = re.compile(r"\[@([a-z0-9-]+)\]")


@dataclass(frozen=True)
class ChangedClaim:
    """A line or an entry that changed and cites sources. `sources`: title and address of each; the address if known."""

    page: str
    words: str
    sources: Sequence[tuple[str, str]]


def changed_claims(
    old: Sequence[PageText], new: Sequence[PageText], sources: Iterable[SnapshotSource]
) -> list[ChangedClaim]:
    """Return the lines and entries of `new` that `old` has not and that cite sources, in reading order."""
    known = {source.key: (source.title, _address(source)) for source in sources}
    found = []
    for difference in page_differences(old, new):
        if difference.new is None or difference.kind == "same":
            continue
        before = difference.old.entries if difference.old else ()
        for words, keys in (*_lines(difference.blocks), *_entries(before, difference.new.entries)):
            cited = [known.get(key, (key, "")) for key in dict.fromkeys(keys)]
            found.append(ChangedClaim(difference.new.title, words, cited))
    return found


def _lines(blocks: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    for block in blocks:
        now = "".join(piece.text for piece in block.pieces if piece.kind != "removed")
        if block.kind in ("changed", "added") and (keys := _KEY.findall(now)):
            yield as_read(now).strip(), keys


def _entries(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    origin = {there: old[here] for here, there in matched_rows(old, new).items()}
    for number, row in enumerate(new):
        if row["sources"] and origin.get(number) != row:
            kind = KIND_NAMED[row["kind"]]
            yield f"{kind.label} “{kind.title_of(row)}”", list(row["sources"])


def _address(source: SnapshotSource) -> str:
    return source.url or (f"https://doi.org/{source.doi}" if source.doi else "")
