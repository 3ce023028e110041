"""Tables for a spreadsheet: texts that people typed, and none of them a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where commas stand before cents, a spreadsheet takes a semicolon for the end of a cell, and then a line break too.
_ANOTHER_CELL = re.compile(f"(?<=[;\t\r\n])(?=[{re.escape(''.join(FORMULA_STARTS))}])")


def cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula, whatever it takes for the end of a cell."""
    text = _ANOTHER_CELL.sub("'", "" if value is None else str(value))
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Answer with a CSV file of this name."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return response
