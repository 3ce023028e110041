"""The files that belong to rows: pictures of guides, logos, photographs. Only what cannot be made again."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from clinic.backup.archive import keep_folder
from education.rendering import WIDTHS

# Named by the SHA-256 of its own bytes.
_NAMED = re.compile(r"([0-9a-f]{64})\.webp")
# Made of the file on record, and made again when they are asked for.
_MADE_AGAIN = re.compile(rf"images/[0-9a-f]{{64}}-({'|'.join(map(str, WIDTHS))})\.webp")


def root() -> Path:
    """Return the folder that they lie in."""
    return Path(settings.MEDIA_ROOT)


def files() -> list[str]:
    """Return the names of all files that a backup keeps, from the media folder on, sorted.

    Files that begin with a dot are not finished yet: no row names them.
    """
    found = []
    for folder, inside, names in os.walk(root()):
        inside[:] = [name for name in inside if not name.startswith(".")]
        place = Path(folder).relative_to(root())
        found += [(place / name).as_posix() for name in names if not name.startswith(".")]
    return sorted(name for name in found if not _MADE_AGAIN.fullmatch(name))


def fits_its_name(name: str, digest: str) -> bool:
    """Return whether a file with this SHA-256 may have this name: most are named by it."""
    named = _NAMED.fullmatch(Path(name).name)
    return named is None or named[1] == digest


def put(pieces: Iterable[bytes], path: Path) -> None:
    """Put a file at its place whole, or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False)  # noqa: SIM115  # renamed below
    try:
        with file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def adopt(folder: Path, target: Path, aside: Path) -> None:
    """Move all files of a folder into the media folder `target`. What has another content there moves aside first.

    Nothing is taken away: who goes back to the database before finds every file that it names.
    """
    for path in sorted(_regular(folder)):
        name = path.relative_to(folder)
        there = target / name
        if there.is_file() and _digest(there) == _digest(path):
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        if there.exists():
            (aside / "media" / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(there, aside / "media" / name)
        os.replace(path, there)
        keep_folder(there.parent)


def _regular(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
