"""Tables for a spreadsheet: texts that people typed, and none of them a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where commas stand before cents, a spreadsheet takes a semicolon for the end of a cell, and then a line break too.
_ANOTHER_CELL = re.compile(f"(?<=[;\t\r\n])(?=[{re.escape(''.join(FORMULA_STARTS))}])")


def cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula, whatever it takes for the end of a cell."""
    text = _ANOTHER_CELL.sub("'", "" if value is None else str(value))
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Answer with a CSV file of this name."""
    return HttpResponse(_lines(columns, rows), **_headers(name))


def long_table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Answer with a CSV file that begins before its last row is read, and is never in memory as a whole."""
    return StreamingHttpResponse(_lines(columns, rows), **_headers(name))


def _headers(name: str) -> dict[str, Any]:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return {"content_type": "text/csv; charset=utf-8", "headers": disposition}


class _Line:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])
