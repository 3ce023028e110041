"""Leaflets that were made, kept as files: found again by what they were made of, and never more than a few hundred."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from education.actions.pictures import keep_file

# Four for each edition that somebody reads: of a hundred guides with two editions each, all have a place.
MOST_FILES = 800
MOST_BYTES = 512 * 1024 * 1024

logger = logging.getLogger(__name__)


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    """Return the bytes of the leaflet with this key, made once however many ask for it at the same time.

    Where nothing can be written, such as on a full disk, it is made each time.
    """
    path = folder() / f"{key}.pdf"
    found = _read(path)
    if found is not None:
        return found
    with _one_maker():
        # Somebody else may have made it while this one waited.
        found = _read(path)
        return found if found is not None else _made(path, make)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "leaflets"


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    with suppress(OSError):
        # What is asked for stays longest.
        os.utime(path)
    return content


def _made(path: Path, make: Callable[[], bytes]) -> bytes:
    content = make()
    try:
        keep_file(content, path)
        _make_room(path)
    except OSError:
        logger.warning("A leaflet could not be kept in %s", path.parent)
    return content


@contextmanager
def _one_maker() -> Iterator[None]:
    """Let one leaflet be made at a time by all workers of this machine; without a lock they make it twice."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        lock = (folder() / ".lock").open("a")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_room(newest: Path) -> None:
    """Remove what nobody has asked for longest, as far as there are too many or they take too much room."""
    files = []
    for path in newest.parent.glob("*.pdf"):
        with suppress(OSError):
            facts = path.stat()
            files.append((path != newest, -facts.st_mtime_ns, facts.st_size, path))
    taken = 0
    for place, (_, _, size, path) in enumerate(sorted(files)):
        taken += size
        if place >= MOST_FILES or (taken > MOST_BYTES and path != newest):
            with suppress(OSError):
                path.unlink()
