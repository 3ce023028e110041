"""How the site does, thing by thing: whether it is well, why not, and what to do. For whoever runs the server."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from clinic.backups import last_backup
from education.models import PendingMail
from education.rechecked import last_recheck
from education.triggers import missing_triggers

MEGABYTE = 1024 * 1024
# A leaflet, an upload and a day of the journal fit into this many times over.
LEAST_FREE = 512 * MEGABYTE
OLDEST_BACKUP = timedelta(hours=48)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """Whether one thing is well, why that is said, and what to do where it is not."""

    ok: bool
    why: str
    todo: str = ""


def findings() -> Iterator[tuple[str, Finding]]:
    """Yield what there is to say of each thing, by its name. One that cannot be looked at is not well."""
    for name, look in LOOKS.items():
        try:
            found = look()
        except Exception as error:  # whatever is broken, the others are still told
            found = Finding(False, f"It could not be looked at: {type(error).__name__}.", "See the log of the server.")
        yield name, found


def report() -> tuple[bool, dict[str, dict[str, object]]]:
    """Return whether all is well, and each finding as plain data."""
    found = dict(findings())
    return all(one.ok for one in found.values()), {name: asdict(one) for name, one in found.items()}


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, f"It answers ({connection.vendor}).")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Finding(False, f"The database lacks {missing} steps of this version.", "Restart the server, or: migrate")
    return Finding(True, "The database is up to date.")


def _cache() -> Finding:
    # A name of its own: two that look at the same time must not read each other's.
    key, value = f"health-{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, 30)
    kept = cache.get(key)
    cache.delete(key)
    if kept != value:
        return Finding(False, "What was written could not be read again.", "See CACHE_URL: limits on sign-in need it.")
    return Finding(True, "It keeps what is written.")


def _disk() -> Finding:
    free = shutil.disk_usage(Path(settings.DATA_DIR)).free
    why = f"{free // MEGABYTE} MB are free where the data are."
    todo = "" if free >= LEAST_FREE else f"Make room: at least {LEAST_FREE // MEGABYTE} MB."
    return Finding(not todo, why, todo)


def _triggers() -> Finding:
    if missing := missing_triggers():
        return Finding(False, f"{len(missing)} guards of the record are missing.", "Run: manage.py migrate")
    return Finding(True, "Every table of the record is guarded.")


def _backup() -> Finding:
    made = last_backup()
    todo = "Make a backup, and let a timer do it each night: docs/backup.md."
    if made is None:
        return Finding(False, "No backup is known.", todo)
    old = timezone.now() - made > OLDEST_BACKUP
    return Finding(not old, f"The newest was made at {made.isoformat(timespec='seconds')}.", todo if old else "")


def _record() -> Finding:
    found = last_recheck()
    if found is None:
        return Finding(True, "Its hashes were not checked again yet; a start does it in the background.")
    when = f"{found.editions} editions were checked at {found.at.isoformat(timespec='seconds')}"
    if found.breaks:
        todo = "Run: manage.py verify_editions. It names each place; docs/operators.md says what to do then."
        return Finding(False, f"{when}: {found.breaks} places do not hold.", todo)
    return Finding(True, f"{when}: all in order.")


def _mail() -> Finding:
    oldest = PendingMail.objects.order_by("made_at").first()
    if oldest is None:
        return Finding(True, "No mail waits.")
    late = timezone.now() - oldest.made_at > LONGEST_WAIT
    why = f"{PendingMail.objects.count()} wait, the oldest since {oldest.made_at.isoformat(timespec='seconds')}."
    return Finding(not late, why, "See EMAIL_URL, then run: manage.py send_pending" if late else "")


LOOKS: Mapping[str, Callable[[], Finding]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "disk": _disk,
    "triggers": _triggers,
    "backup": _backup,
    "record": _record,
    "mail": _mail,
}
