"""A guide as a folder of files: read and checked whole, so that an error names file, line and what was expected.

The folder holds `guide.toml` (table `guide`), `library.toml` (tables `sources`, `terms`, `images`), one Markdown
file a page in the order of their names, each with front matter in TOML between two lines `+++`, and the picture
files that `images` names. Standard library and pure modules only; nothing is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FENCE = "+++"
GUIDE_FILE, LIBRARY_FILE = "guide.toml", "library.toml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class MalformedFile(Exception):
    """A file cannot be read. Carries the file, the line (from 1) and what was expected."""

    def __init__(self, path: Path, line: int, expected: str) -> None:
        super().__init__(f"{path}, line {line}: {expected}" if path.is_file() else f"{path}: {expected}")
        self.path = path
        self.line = line
        self.expected = expected


@dataclass(frozen=True)
class Key:
    """A value that a table may or must have."""

    kind: type
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 600


@dataclass(frozen=True)
class Row:
    """One table of a TOML file with where it begins, for messages."""

    values: Mapping[str, Any]
    path: Path
    line: int
    lines: Sequence[str] = field(repr=False)

    def line_of(self, key: str) -> int:
        """Return the line on which the table sets `key`, or where the table begins."""
        for number in range(self.line, len(self.lines) + 1):
            text = self.lines[number - 1]
            if number > self.line and text.startswith("["):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", text):
                return number
        return self.line

    def refuse(self, key: str, expected: str) -> MalformedFile:
        return MalformedFile(self.path, self.line_of(key), expected)


@dataclass(frozen=True)
class PageFile:
    """A page: its front matter, its text, and the line of the file on which the text begins."""

    front: Row
    markdown: str
    first_line: int


@dataclass(frozen=True)
class GuideFiles:
    """Everything a guide's folder holds."""

    folder: Path
    guide: Row
    pages: tuple[PageFile, ...]
    sources: tuple[Row, ...]
    terms: tuple[Row, ...]
    images: tuple[Row, ...]


@dataclass(frozen=True)
class Tables:
    """Which keys each table takes; the caller fills in the choices that its models know."""

    guide: Mapping[str, Key]
    page: Mapping[str, Key]
    source: Mapping[str, Key]
    term: Mapping[str, Key]
    image: Mapping[str, Key]


def read_guide(folder: Path, tables: Tables) -> GuideFiles:
    """Read a guide's folder. Raises MalformedFile at the first thing that is not as it should be."""
    if not folder.is_dir():
        raise MalformedFile(folder, 1, "there is no such folder. Name the folder that holds guide.toml.")
    guide = _tables(folder / GUIDE_FILE, {"guide": tables.guide}, single=True)["guide"]
    if not guide:
        raise MalformedFile(folder / GUIDE_FILE, 1, "expected a table that begins with the line [guide].")
    library: dict[str, tuple[Row, ...]] = {"sources": (), "terms": (), "images": ()}
    if (folder / LIBRARY_FILE).exists():
        kinds = {"sources": tables.source, "terms": tables.term, "images": tables.image}
        library = _tables(folder / LIBRARY_FILE, kinds)
    for rows in library.values():
        _refuse_twice(rows, "key")
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise MalformedFile(folder, 1, "expected at least one page, a file that ends in .md.")
    pages = tuple(read_page(path, tables.page) for path in paths)
    _refuse_twice([page.front for page in pages if page.front.values["kind"] != "other"], "kind")
    return GuideFiles(folder, guide[0], pages, library["sources"], library["terms"], library["images"])


def read_page(path: Path, keys: Mapping[str, Key]) -> PageFile:
    """Read one Markdown file with front matter. Raises MalformedFile."""
    lines = _text(path).split("\n")
    if lines[0].strip() != FENCE:
        raise MalformedFile(path, 1, f"expected {FENCE}, the line that opens the front matter.")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)
    if end is None:
        raise MalformedFile(path, len(lines), f"expected {FENCE}, the line that closes the front matter.")
    values = _toml(path, "\n".join(lines[1:end]), before=1)
    front = Row(values, path, 2, lines[:end])
    _check(front, keys)
    return PageFile(front, "\n".join(lines[end + 1 :]).strip("\n"), end + 2 + _blank(lines[end + 1 :]))


def _blank(lines: Sequence[str]) -> int:
    return next((index for index, line in enumerate(lines) if line), 0)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise MalformedFile(path, 1, "this file is missing.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise MalformedFile(path, line, "expected text in UTF-8; save the file in that encoding.") from error
    except OSError as error:
        raise MalformedFile(path, 1, f"the file cannot be read ({error.strerror}).") from error


def _toml(path: Path, text: str, *, before: int = 0) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) + before if place else text.count("\n") + 1 + before
        reason = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        raise MalformedFile(path, line, f'expected TOML, such as  title = "Mesotherapy"  ({reason}).') from error


def _tables(path: Path, kinds: Mapping[str, Mapping[str, Key]], *, single: bool = False) -> dict[str, tuple[Row, ...]]:
    text = _text(path)
    lines = text.split("\n")
    content = _toml(path, text)
    known = ", ".join(f"[{name}]" if single else f"[[{name}]]" for name in kinds)
    for name in content:
        if name not in kinds:
            raise MalformedFile(path, _first(lines, name), f"“{name}” is not known here; expected {known}.")
    found: dict[str, tuple[Row, ...]] = {}
    for name, keys in kinds.items():
        value = content.get(name, {} if single else [])
        tables = ([value] if value else []) if single else value
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise MalformedFile(path, _first(lines, name), f"expected tables that begin with the line {known}.")
        begins = [number for number, line in enumerate(lines, start=1) if re.match(rf"\s*\[+{name}\]+", line)]
        begins += [1] * (len(tables) - len(begins))
        found[name] = tuple(Row(table, path, begins[index], lines) for index, table in enumerate(tables))
        for row in found[name]:
            _check(row, keys)
    return found


def _first(lines: Sequence[str], name: str) -> int:
    return next((number for number, line in enumerate(lines, start=1) if name in line), 1)


def _check(row: Row, keys: Mapping[str, Key]) -> None:
    for name, value in row.values.items():
        if name not in keys:
            raise row.refuse(name, f"“{name}” is not known here; expected one of: {', '.join(keys)}.")
        _check_value(row, name, value, keys[name])
    for name, key in keys.items():
        if key.required and row.values.get(name) in (None, ""):
            raise row.refuse(name, f"expected “{name}”, which must not be missing or empty.")


def _check_value(row: Row, name: str, value: Any, key: Key) -> None:
    words = {str: "a text in quotation marks", int: "a whole number", bool: "true or false"}
    if type(value) is not key.kind:
        raise row.refuse(name, f"expected “{name}” to be {words[key.kind]}.")
    if key.choices and value and value not in key.choices:
        raise row.refuse(name, f"“{value}” is not a {name}; expected one of: {', '.join(key.choices)}.")
    if not isinstance(value, str):
        return
    if len(value) > key.longest:
        raise row.refuse(name, f"“{name}” has {len(value)} characters; expected at most {key.longest}.")
    if name in ("slug", "key") and value and not SLUG.match(value):
        raise row.refuse(name, f"“{value}” is no {name}; expected lower-case letters, digits and hyphens.")


def _refuse_twice(rows: Sequence[Row], name: str) -> None:
    seen: dict[Any, Row] = {}
    for row in rows:
        value = row.values[name]
        if value in seen:
            there = f"{seen[value].path.name}, line {seen[value].line_of(name)}"
            raise row.refuse(name, f"the {name} “{value}” stands in {there} already.")
        seen[value] = row
