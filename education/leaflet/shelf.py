"""Leaflets that were made, kept as files: found again by what they were made of, and never more than a few hundred."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.conf import settings

from education.actions.pictures import keep_file
from education.leaflet.typesetting import Typeset

# Four for each edition that somebody reads: of a hundred guides with two editions each, all have a place.
MOST_FILES = 800
MOST_BYTES = 512 * 1024 * 1024
# Bytes behind a leaflet in its file: its hash, since half a file would be sent as it is for good.
_SEAL = hashlib.sha256().digest_size

logger = logging.getLogger(__name__)


def kept(key: str, make: Callable[[], Typeset]) -> bytes:
    """Return the bytes of the leaflet with this key, made once however many ask for it at the same time.

    Where nothing can be written, such as on a full disk, it is made each time. A file that is not as it was written,
    or that cannot be read, is made anew.
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
        written = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        _out_of_the_way(path, error.strerror or str(error))
        return None
    content, seal = written[:-_SEAL], written[-_SEAL:]
    if hashlib.sha256(content).digest() != seal:
        _out_of_the_way(path, "damaged")
        return None
    with suppress(OSError):
        # What is asked for stays longest.
        os.utime(path)
    return content


def _out_of_the_way(path: Path, why: str) -> None:
    """Remove a file that cannot be sent: a new one of the same length would be taken for the same."""
    logger.warning("A leaflet is made anew, since its file is of no use (%s): %s", why, path)
    with suppress(OSError):
        path.unlink()


def _made(path: Path, make: Callable[[], Typeset]) -> bytes:
    made = make()
    if made.whole:
        try:
            keep_file(made.pdf + hashlib.sha256(made.pdf).digest(), path)
            _make_room(path)
        except OSError:
            logger.warning("A leaflet could not be kept in %s", path.parent)
    return made.pdf


@contextmanager
def _one_maker() -> Iterator[None]:
    """Let one leaflet be made at a time by all workers of this machine; without a lock they make it twice."""
    with ExitStack() as stack:
        with suppress(OSError):
            folder().mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context((folder() / ".lock").open("a")), fcntl.LOCK_EX)
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
