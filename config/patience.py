"""For how long something waits until the database lets it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection

# For a line of the audit log without which nothing is shown: whoever waits is told soon that it cannot be written.
SECONDS_BEFORE_A_FILE = 2


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait at most so long for whoever holds the database or a table, and on SQLite never longer than usual."""
    if connection.vendor == "postgresql":
        shorter, usual = f"SET lock_timeout = '{int(seconds * 1000)}ms'", "RESET lock_timeout"
    else:
        (wait,) = _row("PRAGMA busy_timeout")
        shorter = f"PRAGMA busy_timeout = {min(wait, int(seconds * 1000))}"
        usual = f"PRAGMA busy_timeout = {wait}"
    _row(shorter)
    try:
        yield
    finally:
        _row(usual)


def _row(statement: str) -> Any:
    """Return the one row of a statement, if it has any. None is left to fetch, which would hold SQLite's file."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None
