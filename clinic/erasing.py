"""How what was erased leaves the files too: the ledger of erased requests, the database's own files.

A row that is deleted is still there to read in the bytes of the database until they are used for something else.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from clinic.models import ConsultationRequest, RequestStep
from config.patience import patience
from education.models import MistakeReport, PendingMail

logger = logging.getLogger(__name__)

# With what visitors typed in them.
TABLES = (ConsultationRequest, RequestStep, MistakeReport, PendingMail)
# PostgreSQL keeps samples of these columns' values for its planner, and would keep them when the rows are gone.
SAMPLED = {
    ConsultationRequest: ("name", "email", "phone", "message", "consent"),
    RequestStep: ("note",),
    MistakeReport: ("email",),
    PendingMail: ("to", "subject", "body"),
}
PATIENCE_SECONDS = 5
CHECKPOINTS = 3
_KEY = re.compile(r"[0-9a-f]{32}")


def ledger() -> Path:
    """Return the file with the key of every request that was erased. It stays when an older database is put back."""
    return Path(settings.DATA_DIR) / "erased-requests.txt"


def keys_in_ledger() -> set[str]:
    """Return the keys of the ledger; whatever else stands in it is passed over."""
    try:
        return set(_KEY.findall(ledger().read_text(encoding="ascii", errors="replace")))
    except FileNotFoundError:
        return set()


def is_unclean() -> bool:
    """Return whether something was erased since the last time that the database's files were scrubbed."""
    return _unclean().exists()


def _unclean() -> Path:
    return ledger().with_suffix(".unclean")


def write_in_ledger(keys: Iterable[str]) -> None:
    """Add keys to the ledger, and return when the disk has them. Raises OSError when it has not.

    From now on the database's files count as unclean.
    """
    _unclean().touch(mode=0o600)
    text = "".join(f"{key}\n" for key in keys).encode()
    path = ledger()
    made = not path.exists()
    # Whatever is appended in one piece stands in one piece, whoever else writes.
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            # A full disk stopped a line in the middle.
            text = b"\n" + text
        if os.write(file, text) != len(text):
            raise OSError("the ledger of erased requests was written in part only")
        os.fsync(file)
    finally:
        os.close(file)
    if made:
        _keep_folder(path.parent)


def _keep_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def scrub() -> bool:
    """Leave nothing of deleted rows in the database's files. Outside a transaction. Returns whether it could.

    A database writes no zeros over the copies that it made when it moved rows about within a table: only a table that
    is written anew has none. The rest of the database stays as it is. Then SQLite's journal is emptied, which holds
    the pages as they were.
    """
    begun = _marked_at()
    try:
        done = _written_anew()
    except DatabaseError as error:
        logger.warning("the database's files could not be written anew: %s", type(error).__name__)
        return False
    if not done:
        logger.warning("the database's files could not be cleaned: somebody was reading")
        return False
    # Whatever was erased after the beginning may have missed it: its mark stays.
    if _marked_at() == begun:
        _unclean().unlink(missing_ok=True)
    return True


def _marked_at() -> int | None:
    """Return when the files were last marked as unclean, or None."""
    try:
        return _unclean().stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _written_anew() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            with patience(PATIENCE_SECONDS):
                _fill_anew(cursor)
                return any(_journal_emptied(cursor) for _ in range(CHECKPOINTS))
        if connection.vendor == "postgresql":
            seen_by_nobody = _seen_by_nobody(cursor)
            # Everybody who comes after one that waits would wait too, and so would a visitor.
            with patience(PATIENCE_SECONDS):
                # The plain form would leave the bytes where they are.
                cursor.execute(f"VACUUM (FULL) {', '.join(_tables())}")
            return seen_by_nobody
        return True


def _fill_anew(cursor: Any) -> None:
    """Empty the tables of SQLite, and put back what was in them, in one transaction.

    With `secure_delete` a page is overwritten with zeros as a whole when a table gives it back, whatever is left on it.
    Nobody refers to a row meanwhile: with that checked, rows would be deleted one by one, and a page could be kept.
    """
    # A file of its own would keep what it held.
    cursor.execute("PRAGMA temp_store = MEMORY")
    with connection.constraint_checks_disabled(), transaction.atomic():
        for table in _tables():
            cursor.execute(f"CREATE TEMP TABLE erasing_kept AS SELECT * FROM {table}")  # noqa: S608  # own names
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # own names
            cursor.execute(f"INSERT INTO {table} SELECT * FROM erasing_kept")  # noqa: S608  # own names
            cursor.execute("DROP TABLE temp.erasing_kept")


def _journal_emptied(cursor: Any) -> bool:
    # A writer who commits at this moment makes it answer “busy” at once.
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return not cursor.fetchone()[0]


def _seen_by_nobody(cursor: Any) -> bool:
    """Wait a little until no transaction is left that could still see what was deleted: VACUUM keeps it for those.

    One that writes in another database counts too, because it is in every snapshot that is taken meanwhile.
    """
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    (now,) = cursor.fetchone()
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (age(backend_xid) >= age(%s::xid) "
            "OR age(backend_xmin) >= age(%s::xid) AND (datname IS NULL OR datname = current_database()))",
            [now, now],
        )
        if cursor.fetchone() == (0,):
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.1)


def _tables() -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table) for model in TABLES]


def keep_out_of_samples(**kwargs: object) -> None:
    """Have PostgreSQL sample none of what visitors typed. Runs after every migrate."""
    database = connections[str(kwargs["using"])]
    if database.vendor != "postgresql":
        return
    quote = database.ops.quote_name
    there = set(database.introspection.table_names())
    with database.cursor() as cursor:
        for model, columns in SAMPLED.items():
            if model._meta.db_table not in there:
                continue
            changes = ", ".join(f"ALTER COLUMN {quote(column)} SET STATISTICS 0" for column in columns)
            cursor.execute(f"ALTER TABLE {quote(model._meta.db_table)} {changes}")
