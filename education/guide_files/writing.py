"""Writing a guide's folder, so that reading it gives exactly the same texts."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from education.guide_files.facts import FENCE

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# What TOML wants escaped in a text of one line; in one of several lines tabs and line ends stand as they are.
_ESCAPED = re.compile('[\x00-\x1f\x7f\\\\"]')
_ESCAPED_IN_LINES = re.compile('[\x00-\x08\x0b-\x1f\x7f\\\\]|"(?="")')
# Characters that cannot be seen, or that turn the direction of what follows: a reader of the file should see them.
_UNSEEN = re.compile("[\x80-\x9f\u2028\u2029\ufeff]")


def toml_text(name: str, rows: Sequence[Mapping[str, Any]], *, single: bool = False) -> str:
    """Return TOML tables `[[name]]`, one for each row, or with `single` the one table `[name]`."""
    head = f"[{name}]" if single else f"[[{name}]]"
    return "\n".join("\n".join([head, *_lines(row)]) + "\n" for row in rows)


def page_text(front: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], markdown: str) -> str:
    """Return the file of a page: front matter with its entries, and the text."""
    tables = f"\n{toml_text('entries', entries)}" if entries else ""
    head = "\n".join([FENCE, *_lines(front)])
    return f"{head}\n{tables}{FENCE}\n{markdown}\n"


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write these files as a new folder, or into an empty one, whole or not at all; missing folders above it are made.

    Raises OSError: FileExistsError when the folder holds something, NotADirectoryError when it would lie in a file.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is there already and not empty")
    missing = [parent for parent in folder.parents if not parent.exists()]
    made = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        _make_parents(folder)
        made.mkdir()
        for name, content in files.items():
            (made / name).write_bytes(content.encode() if isinstance(content, str) else content)
        os.rename(made, folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        for parent in missing:
            # Not when somebody else has put something there meanwhile.
            with suppress(OSError):
                parent.rmdir()
        raise


def _make_parents(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder.parent)) from error


def _lines(row: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in row.items() if value is not None]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    return f"[{', '.join(_text(one) for one in value)}]"


def _text(value: str) -> str:
    lines = value.split("\n")
    # A line with the fence would end the front matter; a line end behind the opening marks would be dropped.
    if len(lines) == 1 or not lines[0] or any(line.strip() == FENCE for line in lines):
        return f'"{_escaped(_ESCAPED, value)}"'
    return f'"""{_escaped(_ESCAPED_IN_LINES, value)}"""'


def _escaped(pattern: re.Pattern[str], value: str) -> str:
    value = pattern.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}", value)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
