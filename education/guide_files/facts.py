"""What a guide's folder consists of, and the error that names a place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FENCE = "+++"
GUIDE_FILE, LIBRARY_FILE, REASONS_FILE = "guide.toml", "library.toml", "reasons.toml"
# Beside an edition that was exported: what is on record of it. Reading takes no notice of it.
RECORD_FILE = "record.json"


class MalformedFile(Exception):
    """A file cannot be read. Carries the file, the line (from 1) and what was expected."""

    def __init__(self, path: Path, line: int, expected: str) -> None:
        super().__init__(f"{path}, line {line}: {expected}" if path.is_file() else f"{path}: {expected}")
        self.path = path
        self.line = line
        self.expected = expected


@dataclass(frozen=True)
class Key:
    """A value that a table may or must have. A list is one of texts; `longest` is in characters."""

    kind: type
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 600


@dataclass(frozen=True)
class Row:
    """One table of a TOML file with where it begins, for messages. `lines` are the file's, its texts masked."""

    values: Mapping[str, Any]
    path: Path
    line: int
    lines: Sequence[str] = field(repr=False)

    def line_of(self, key: str) -> int:
        """Return the line on which the table sets `key`, or where the table begins."""
        for number in range(self.line, len(self.lines) + 1):
            text = self.lines[number - 1]
            if number > self.line and text.lstrip().startswith("["):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", text):
                return number
        return self.line

    def refuse(self, key: str, expected: str) -> MalformedFile:
        return MalformedFile(self.path, self.line_of(key), expected)


@dataclass(frozen=True)
class PageFile:
    """A page: its front matter, its text, the line of the file on which the text begins, and its entries."""

    front: Row
    markdown: str
    first_line: int
    entries: tuple[Row, ...] = ()


@dataclass(frozen=True)
class GuideFiles:
    """Everything a guide's folder holds. `reasons` is None when it has no such file."""

    folder: Path
    guide: Row
    pages: tuple[PageFile, ...]
    sources: tuple[Row, ...] = ()
    terms: tuple[Row, ...] = ()
    images: tuple[Row, ...] = ()
    reasons: tuple[Row, ...] | None = None


@dataclass(frozen=True)
class Tables:
    """Which keys each table takes; the caller fills in the choices that its models know.

    `entries` has those of the entries for each kind of page that has any.
    """

    guide: Mapping[str, Key]
    page: Mapping[str, Key]
    entries: Mapping[str, Mapping[str, Key]]
    source: Mapping[str, Key]
    term: Mapping[str, Key]
    image: Mapping[str, Key]
    reason: Mapping[str, Key]
