"""Keeps SQLite's journal in its place while a server runs, so that a full disk can still be read."""

from __future__ import annotations

import sqlite3
from multiprocessing import util
from pathlib import Path

from django.db import connection


def hold_open() -> None:
    """Keep the database open until this process ends, without a transaction. Another database needs none.

    Whoever closes a database last removes its journal, and the next one to read makes it anew: on a full disk, or in a
    folder where no file can be made, nobody could read. To be called in each worker, since a connection must not come
    through a fork. Raises sqlite3.Error.
    """
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    held = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, check_same_thread=False, isolation_level=None)
    # Only reading opens the journal.
    held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    # This keeps the connection alive, and closes it with the worker: the last one leaves no journal behind.
    util.Finalize(None, held.close, exitpriority=1)
