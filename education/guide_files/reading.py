"""Reading a guide's folder: the first thing that is not as it should be is refused with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from education.guide_files.facts import (
    FENCE,
    GUIDE_FILE,
    LIBRARY_FILE,
    REASONS_FILE,
    GuideFiles,
    Key,
    MalformedFile,
    PageFile,
    Row,
    Tables,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
WORDS = {
    str: "a text in quotation marks",
    int: "a whole number",
    bool: "true or false",
    list: 'a list of texts, such as ["fda-2023", "trial-2020"]',
}
# The strings and comments of TOML: what stands inside them is no key and no table.
_TEXTS = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*"{3,5}|' r"'''(?:(?!''').)*'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)


def read_guide(folder: Path, tables: Tables) -> GuideFiles:
    """Read a guide's folder. Raises MalformedFile at the first thing that is not as it should be."""
    if not folder.is_dir():
        raise MalformedFile(folder, 1, "there is no such folder. Name the folder that holds guide.toml.")
    guide = read_tables(folder / GUIDE_FILE, {"guide": tables.guide}, single=True)["guide"]
    if not guide:
        raise MalformedFile(folder / GUIDE_FILE, 1, "expected a table that begins with the line [guide].")
    library: dict[str, tuple[Row, ...]] = {"sources": (), "terms": (), "images": ()}
    if (folder / LIBRARY_FILE).exists():
        kinds = {"sources": tables.source, "terms": tables.term, "images": tables.image}
        library = read_tables(folder / LIBRARY_FILE, kinds)
    for rows in library.values():
        _refuse_twice(rows, "key")
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise MalformedFile(folder, 1, "expected at least one page, a file that ends in .md.")
    pages = tuple(read_page(path, tables.page, tables.entries) for path in paths)
    _refuse_twice([page.front for page in pages if page.front.values["kind"] != "other"], "kind")
    reasons = None
    if (folder / REASONS_FILE).exists():
        reasons = read_tables(folder / REASONS_FILE, {"reasons": tables.reason})["reasons"]
        _refuse_twice(reasons, "check", "page")
    return GuideFiles(folder, guide[0], pages, library["sources"], library["terms"], library["images"], reasons)


def read_page(path: Path, keys: Mapping[str, Key], entries: Mapping[str, Mapping[str, Key]] | None = None) -> PageFile:
    """Read one Markdown file with front matter; `entries` are the keys of entries by kind of page.

    Raises MalformedFile.
    """
    lines = _text(path).split("\n")
    if lines[0].strip() != FENCE:
        raise MalformedFile(path, 1, f"expected {FENCE}, the line that opens the front matter.")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)
    if end is None:
        raise MalformedFile(path, len(lines), f"expected {FENCE}, the line that closes the front matter.")
    front_matter = "\n".join(lines[1:end])
    values = _toml(path, front_matter, before=1)
    masked = ["", *_masked(front_matter)]
    rows = values.pop("entries", None) if entries is not None else None
    front = Row(values, path, 2, masked)
    _check(front, keys)
    return PageFile(
        front,
        "\n".join(lines[end + 1 :]).strip("\n"),
        end + 2 + _blank(lines[end + 1 :]),
        () if rows is None else _entries(front, rows, entries or {}),
    )


def _entries(front: Row, tables: Any, keys: Mapping[str, Mapping[str, Key]]) -> tuple[Row, ...]:
    rows = _rows(front.path, front.lines, "entries", tables, "[[entries]]")
    kind = front.values["kind"]
    if rows and kind not in keys:
        there = ", ".join(keys)
        expected = f"a page of the kind “{kind}” has no entries; these have: {there}."
        raise MalformedFile(front.path, rows[0].line, expected)
    for row in rows:
        _check(row, keys[kind])
    return rows


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


def _masked(text: str) -> list[str]:
    """Return the lines of a TOML text with its strings and comments as so many dots."""
    return _TEXTS.sub(lambda match: re.sub(r"[^\n]", "·", match[0]), text).split("\n")


def _toml(path: Path, text: str, *, before: int = 0) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) + before if place else text.count("\n") + 1 + before
        reason = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        raise MalformedFile(path, line, f'expected TOML, such as  title = "Mesotherapy"  ({reason}).') from error
    except (RecursionError, ValueError) as error:
        raise MalformedFile(
            path, before + 1, "expected plain TOML: tables of texts and numbers as in the handbook."
        ) from error


def read_tables(
    path: Path, kinds: Mapping[str, Mapping[str, Key]], *, single: bool = False
) -> dict[str, tuple[Row, ...]]:
    """Read a TOML file of the tables that `kinds` names, each with its keys; with `single`, each stands there once.

    Raises MalformedFile.
    """
    text = _text(path)
    lines = _masked(text)
    content = _toml(path, text)
    known = ", ".join(f"[{name}]" if single else f"[[{name}]]" for name in kinds)
    for name in content:
        if name not in kinds:
            raise MalformedFile(path, _first(lines, name), f"“{name}” is not known here; expected {known}.")
    found: dict[str, tuple[Row, ...]] = {}
    for name, keys in kinds.items():
        value = content.get(name, {} if single else [])
        found[name] = _rows(path, lines, name, ([value] if value else []) if single else value, known)
        for row in found[name]:
            _check(row, keys)
    return found


def _rows(path: Path, lines: Sequence[str], name: str, tables: Any, known: str) -> tuple[Row, ...]:
    first = _first(lines, name)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise MalformedFile(path, first, f"expected tables that begin with the line {known}.")
    begins = [number for number, line in enumerate(lines, start=1) if re.match(rf"\s*\[+\s*{name}\s*\]+", line)]
    begins += [first] * (len(tables) - len(begins))
    return tuple(Row(table, path, begins[index], lines) for index, table in enumerate(tables))


def _first(lines: Sequence[str], name: str) -> int:
    """Return the line on which a table or a key of this name begins, or 1."""
    begins = re.compile(rf"\s*\[*\s*{re.escape(name)}\s*[\].=]")
    return next((number for number, line in enumerate(lines, start=1) if begins.match(line)), 1)


def _check(row: Row, keys: Mapping[str, Key]) -> None:
    for name, value in row.values.items():
        if name not in keys:
            raise _unknown(row, name, value, keys)
        _check_value(row, name, value, keys[name])
    for name, key in keys.items():
        if key.required and row.values.get(name) in (None, ""):
            raise row.refuse(name, f"expected “{name}”, which must not be missing or empty.")


def _unknown(row: Row, name: str, value: Any, keys: Mapping[str, Key]) -> MalformedFile:
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
        # A table's own line, which is no line of the row that TOML counts it to.
        head = re.compile(rf"\s*\[.*\b{re.escape(name)}\s*[\].]")
        lines = enumerate(row.lines[row.line :], start=row.line + 1)
        line = next((number for number, text in lines if head.match(text)), row.line_of(name))
        known = "entries of a page stand in tables [[entries]]" if row.path.suffix == ".md" else "expected no table"
        return MalformedFile(row.path, line, f"“{name}” is not known here; {known}.")
    return row.refuse(name, f"“{name}” is not known here; expected one of: {', '.join(keys)}.")


def _check_value(row: Row, name: str, value: Any, key: Key) -> None:
    if type(value) is not key.kind or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
        raise row.refuse(name, f"expected “{name}” to be {WORDS[key.kind]}.")
    if key.choices and value and value not in key.choices:
        raise row.refuse(name, f"“{value}” is no value of {name}; expected one of: {', '.join(key.choices)}.")
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and "\x00" in text:
            raise row.refuse(name, f"“{name}” has a character that stands for nothing (U+0000). Take it out.")
    if not isinstance(value, str):
        return
    if len(value) > key.longest:
        raise row.refuse(name, f"“{name}” has {len(value)} characters; expected at most {key.longest}.")
    if name in ("slug", "key") and value and not SLUG.match(value):
        raise row.refuse(name, f"“{value}” is no {name}; expected lower-case letters, digits and hyphens.")


def _refuse_twice(rows: Sequence[Row], *names: str) -> None:
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        value = tuple(row.values.get(name) or "" for name in names)
        if value in seen:
            there = f"{seen[value].path.name}, line {seen[value].line_of(names[0])}"
            shown = " ".join(part for part in value if part)
            raise row.refuse(names[0], f"the {names[0]} “{shown}” stands in {there} already.")
        seen[value] = row
