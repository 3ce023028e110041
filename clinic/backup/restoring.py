"""Puts a backup back: built whole beside what is there, checked, then put in its place in one step."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from clinic.actions import erase_again
from clinic.backup import archive, media, schema, tables
from clinic.backup.archive import Reading, Said
from clinic.backup.manifest import LEDGER, MEDIA, TABLE, Manifest
from clinic.backup.place import Place
from clinic.backup.postgresql import PostgreSQLPlace
from clinic.backup.sqlite import SQLitePlace
from clinic.backup.writing import refuse_without_room
from clinic.erasing import keys_in_ledger, scrub, write_in_ledger
from config import anew
from config.refusal import Refusal
from education.models import Edition, Guide
from education.verification import Break, verify_archive, verify_database, verify_guide, verify_seals

NEWER = (
    "it was made by a newer Plainleaf ({version}): its database went through {step}, which this one does not know. "
    "Update Plainleaf, then restore it."
)
NOT_EMPTY = (
    "there is a clinic here already. Add --replace to put the backup in its place; what is here is kept aside. Or name "
    "an empty place in DATA_DIR or DATABASE_URL."
)
OTHER_TABLES = "its tables are not those of the version that it names. Take another one."
OTHER_ROWS = "{label} was not the same after it was loaded, so it cannot be kept here. Please report this."
BROKEN = (
    "the record in it does not hold in {count} places, listed above. Take a backup from before that; where there is "
    "none, add --despite-breaks."
)
NOT_CLEANED = "what was erased since could not be removed from the new database's file. Restore again."
# Text as lines is smaller than tables with their indexes, and SQLite's journal holds them once more.
TIMES_AS_LARGE = 4
STAGED = ".restoring"
_KEY = re.compile(rb"^[0-9a-f]{32}$", re.MULTILINE)


class Broken(Refusal):
    """The record in a backup does not hold, at these places."""

    def __init__(self, breaks: Sequence[Break]) -> None:
        super().__init__(BROKEN.format(count=len(breaks)))
        self.breaks = tuple(breaks)


@dataclass(frozen=True)
class Restored:
    """What was put back; where the database before is now, empty where there was none; how many requests were erased
    again; and what does not hold in the record.
    """

    manifest: Manifest
    aside: str
    erased: int
    breaks: tuple[Break, ...]


def restore(
    path: Path,
    *,
    replace: bool = False,
    despite_breaks: bool = False,
    said: Said = lambda what, done, of: None,
) -> Restored:
    """Put a backup back. Raises Refusal, DatabaseError, OSError: what is there is as it was before then.

    `replace` allows it where a clinic is; `despite_breaks` where the record in the backup does not hold.
    """
    data = Path(settings.DATA_DIR)
    with archive.opened(path, said) as backup:
        _refuse_unknown(backup.manifest)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # No server starts on this machine meanwhile.
        with anew.alone(data):
            place = _place()
            _refuse_place(place, backup.manifest, replace=replace)
            erased_here = place.erased_keys()
            with _staged_media() as staged, place.beside():
                _stage(backup, staged, said)
                _build(backup, said)
                breaks = _breaks(said)
                if breaks and not despite_breaks:
                    raise Broken(breaks)
                erased = _erase_again(erased_here | _erased_before(backup), said)
                place.refuse_in_use()
                aside = anew.free_folder(data, timezone.localtime())
                media.adopt(staged, staged.parent, aside)
                return Restored(backup.manifest, place.swap(aside), erased, breaks)


def remove_leftovers() -> None:
    """Remove what a restore left that was killed: what was erased since may stand in it. Nothing while one goes on.

    Raises DatabaseError, OSError.
    """
    with anew.unless_alone(Path(settings.DATA_DIR)) as nobody:
        if nobody:
            _place().remove_built()
            shutil.rmtree(media.root() / STAGED, ignore_errors=True)


def _place() -> Place:
    return SQLitePlace() if connection.vendor == "sqlite" else PostgreSQLPlace()


# What is refused before anything is made


def _refuse_unknown(manifest: Manifest) -> None:
    """Raise Refusal for a database that this Plainleaf cannot have made."""
    if unknown := schema.unknown_steps(manifest.migrations):
        raise Refusal(NEWER.format(version=manifest.version, step=unknown[0]))
    here = {
        label: tuple(str(field.column) for field in tables.fields_of(model))
        for label, model in tables.kept(schema.models_after(manifest.migrations)).items()
    }
    # A table that an older version kept and this one leaves out is passed over.
    passed = {*tables.LEFT_OUT, *tables.DERIVED}
    if here != {label: one.columns for label, one in manifest.tables.items() if label not in passed}:
        raise Refusal(OTHER_TABLES)


def _refuse_place(place: Place, manifest: Manifest, *, replace: bool) -> None:
    """Raise Refusal where a clinic is, where somebody works, and where the disk is too full."""
    if not replace and not _is_empty(place):
        raise Refusal(NOT_EMPTY)
    place.refuse_in_use()
    sizes = {name: member.size for name, member in manifest.members.items()}
    rows = sum(size for name, size in sizes.items() if not name.startswith(MEDIA))
    refuse_without_room(Path(settings.DATA_DIR), sum(sizes.values()) - rows + TIMES_AS_LARGE * rows)


def _is_empty(place: Place) -> bool:
    try:
        return place.is_empty()
    except OperationalError:
        raise
    except DatabaseError:
        # Whatever it is, it cannot be read.
        return False


# What is made beside


@contextlib.contextmanager
def _staged_media() -> Iterator[Path]:
    """Have everything look for files in a folder inside the media folder, which is gone afterwards."""
    before = media.root()
    staged = before / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    settings.MEDIA_ROOT = staged
    try:
        yield staged
    finally:
        settings.MEDIA_ROOT = before
        shutil.rmtree(staged, ignore_errors=True)


def _stage(backup: Reading, staged: Path, said: Said) -> None:
    names = sorted(name for name in backup.manifest.members if name.startswith(MEDIA))
    for number, name in enumerate(names, start=1):
        media.put(backup.pieces(name), staged / name.removeprefix(MEDIA))
        said("Writing file", number, len(names))


def _build(backup: Reading, said: Said) -> None:
    """Make the tables as they were in the backup, write its rows, and bring both to what this Plainleaf needs."""
    manifest = backup.manifest
    MigrationExecutor(connection).migrate(schema.last_steps(manifest.migrations))
    found = tables.kept(schema.models_after(manifest.migrations))
    total, before = sum(manifest.tables[label].rows for label in found), 0
    with transaction.atomic():
        tables.empty(connection, found.values())
        for label, model in found.items():
            tables.load(connection, model, backup.lines(TABLE.format(label)), partial(_at, said, before, total))
            before += manifest.tables[label].rows
        # The rows refer to each other in every order.
        connection.check_constraints()
        counted = connection.vendor == "postgresql" or manifest.database == "sqlite"
        # PostgreSQL skips ids, and on SQLite a skipped id means that a row was deleted.
        tables.set_last_ids(connection, found, {label: manifest.tables[label].last_id * counted for label in found})
    done = 0
    for label, model in found.items():
        digest = hashlib.sha256()
        for line in tables.lines(connection, model):
            digest.update(line)
            done += 1
            said("Comparing row", done, total)
        if digest.hexdigest() != manifest.members[TABLE.format(label)].sha256:
            raise Refusal(OTHER_ROWS.format(label=label))
    # Ids of models came with the backup.
    ContentType.objects.clear_cache()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("rebuild_search", verbosity=0)


def _at(said: Said, before: int, total: int, done: int) -> None:
    said("Writing row", before + done, total)


def _breaks(said: Said) -> tuple[Break, ...]:
    """Return where the record does not hold: all of it, as `verify_editions` checks it."""
    found = [*verify_database()]
    done, total = 0, Edition.objects.count()
    for guide in Guide.objects.order_by("slug"):
        for of_edition in verify_guide(guide):
            found += of_edition
            done += 1
            said("Checking edition", done, total)
        found += verify_archive(guide)
    return (*found, *verify_seals({(one.model, one.row) for one in found}, partial(said, "Checking row")))


def _erased_before(backup: Reading) -> set[str]:
    """Return the keys of what was erased when the backup was made."""
    if LEDGER not in backup.manifest.members:
        return set()
    return {key.decode() for piece in [b"".join(backup.pieces(LEDGER))] for key in _KEY.findall(piece)}


def _erase_again(erased: set[str], said: Said) -> int:
    """Erase what was erased before, and have the ledger know all of it: another machine may have its own."""
    if unknown := erased - keys_in_ledger():
        write_in_ledger(sorted(unknown))
    number = erase_again(partial(said, "Erasing request"))
    # Of PostgreSQL's tables the next purge takes care, as it does when somebody was reading.
    if number and not scrub() and connection.vendor == "sqlite":
        raise Refusal(NOT_CLEANED)
    return number
