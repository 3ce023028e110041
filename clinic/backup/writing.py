"""Makes a backup: the rows of one moment, then the files that they name, while everybody goes on working."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from clinic.backup import archive, media, schema, tables
from clinic.backup.archive import Said
from clinic.backup.manifest import LEDGER, MEDIA, TABLE, Manifest, Table
from clinic.backups import note_backup
from clinic.erasing import ledger
from config.refusal import Refusal
from education.canonical import canonical_moment

NOTHING_THERE = "there is nothing to back up: the database has no tables. Start Plainleaf once, or see DATABASE_URL."
NO_ROOM = "there is too little room on the disk of {folder}: {needed} MB may be needed, {free} MB are free. Make room."
NEWER = "the database was made by a newer Plainleaf ({step} is not known here). Update Plainleaf first."

FIRST_READING = {"sqlite": "SELECT count(*) FROM sqlite_master", "postgresql": "SELECT count(*) FROM pg_class"}


@dataclass(frozen=True)
class Made:
    """A backup that was made: its file, what is in it, and files whose content is not what their names promise."""

    path: Path
    manifest: Manifest
    damaged: tuple[str, ...]


def make_backup(path: Path, *, force: bool = False, said: Said = lambda what, done, of: None) -> Made:
    """Write a backup to this file, or into this folder under a name with the moment. Only reads the database.

    Raises Refusal, DatabaseError, OSError; the file is not there then, or is the one from before.
    """
    now = timezone.now()
    if path.is_dir():
        path = path / f"plainleaf-{timezone.localtime(now):%Y-%m-%d-%H%M%S}.zip"
    if path.resolve().is_relative_to(media.root().resolve()):
        raise Refusal(f"{path} lies in the folder of pictures, which is backed up itself. Name another folder.")
    with snapshot() as own, archive.new(path, force=force) as file:
        refuse_without_room(
            path.parent, _bytes_of(own) + sum((media.root() / name).stat().st_size for name in media.files())
        )
        steps = schema.applied_steps(own)
        if not steps:
            raise Refusal(NOTHING_THERE)
        if unknown := schema.unknown_steps(steps):
            raise Refusal(NEWER.format(step=unknown[0]))
        written = _write_tables(own, file, steps, said)
        # After the rows: a file is there before the row that names it, and none is ever changed or removed.
        damaged = _write_files(file, said)
        manifest = Manifest(version(), canonical_moment(now), own.vendor, steps, written, dict(file.members))
        file.end(manifest)
    note_backup(now)
    return Made(path, manifest, damaged)


@contextlib.contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection that sees the database as it is at one moment, and keeps nobody from writing."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            if own.vendor == "sqlite":
                # Not Django's own way, which would take the one lock for writing.
                cursor.execute("BEGIN DEFERRED")
            else:
                own.set_autocommit(False)
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # The moment is that of the first reading.
            cursor.execute(FIRST_READING[own.vendor])
            cursor.fetchone()
        yield own
    finally:
        with contextlib.suppress(DatabaseError):
            own.rollback()
        own.close()


def _bytes_of(own: BaseDatabaseWrapper) -> int:
    question = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if own.vendor == "sqlite"
        else "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
    )
    with own.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def refuse_without_room(folder: Path, needed: int) -> None:
    """Raise Refusal when a folder's disk has fewer bytes free than may be needed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(NO_ROOM.format(folder=folder, needed=needed // 10**6 + 1, free=free // 10**6))


def version() -> str:
    """Return the version of this Plainleaf."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _write_tables(own: BaseDatabaseWrapper, file: archive.Writing, steps: schema.Steps, said: Said) -> dict[str, Table]:
    found = tables.kept(schema.models_after(steps))
    facts = {label: tables.about(own, model) for label, model in found.items()}
    done, total = 0, sum(one.rows for one in facts.values())
    for label, model in found.items():
        with file.member(TABLE.format(label), packed=True) as write:
            for line in tables.lines(own, model):
                write(line)
                done += 1
                said("Writing row", done, total)
    return facts


def _write_files(file: archive.Writing, said: Said) -> tuple[str, ...]:
    damaged, found = [], media.files()
    for number, name in enumerate(found, start=1):
        digest = hashlib.sha256()
        with file.member(MEDIA + name, packed=False) as write, (media.root() / name).open("rb") as source:
            while piece := source.read(archive.CHUNK):
                digest.update(piece)
                write(piece)
        if not media.fits_its_name(name, digest.hexdigest()):
            damaged.append(name)
        said("Writing file", number, len(found))
    if ledger().exists():
        with file.member(LEDGER, packed=True) as write:
            write(ledger().read_bytes())
    return tuple(damaged)
