"""`SAMPLE=no` where the sample clinic is: moves its data aside, if the person at the terminal says so."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from config.refusal import Refusal

# Whoever serves holds it, so that nobody moves the data away underneath.
LOCK = "serving.lock"
IN_USE = "another server, or a command, uses this database now. Stop it first, then try again."
ANOTHER_DATABASE = (
    "SAMPLE=no starts a clinic of your own, and this database holds the sample clinic. Make an empty database, and "
    "name it in DATABASE_URL; docs/settings.md shows how."
)
QUESTION = """\
This database holds the sample clinic, and SAMPLE=no starts a clinic of your own.
The sample clinic's data move to {aside}/, where they are kept whole. Your clinic begins with an empty database.
{others}Start anew? [y/N] """
OTHERS = "Somebody works with it: these accounts are not the sample's, and move too: {names}.\n"
NOT_MOVED = (
    "SAMPLE=no needs an empty database, and this one holds the sample clinic. Nothing was changed. Start again on a "
    "terminal and answer y; or move {names} out of {folder} yourself, while no server runs; or name another folder: "
    "make run SAMPLE=no DATA_DIR=clinic. Without SAMPLE=no the sample starts as before."
)


def hold(folder: Path) -> int | None:
    """Say that this process serves the data of a folder, until it ends. Waits while they are being moved.

    Returns the open file that says so, which stays open when this process becomes another program; None where the
    file system knows no locks.
    """
    try:
        held = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_SH)
    except OSError:
        return None
    os.set_inheritable(held, True)
    return held


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every server away from a folder's data for a moment. Raises Refusal while one serves them."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(IN_USE) from None
        yield


@contextlib.contextmanager
def unless_alone(folder: Path) -> Iterator[bool]:
    """Yield whether nobody has a folder's data for themselves now; if so, nobody gets them meanwhile. Never waits."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context((folder / LOCK).open("a"))
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            nobody = True
        except OSError:
            nobody = False
        yield nobody


def on_a_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def offer(
    data: Path, database: Path | None, now: datetime, ask: Callable[[str], str] | None, others: Sequence[str] = ()
) -> Path:
    """Ask whether to start anew, and move the sample's data aside. Returns the folder that they are in.

    `database` is the SQLite file, None for a database server; `ask` puts a question and returns the answer, None
    where nobody is there; `others` are accounts that somebody made, which the question names. Raises Refusal, with
    nothing changed, for any other answer than yes.
    """
    if database is None:
        raise Refusal(ANOTHER_DATABASE)
    aside = free_folder(data, now)
    named = OTHERS.format(names=", ".join(others)) if others else ""
    if ask is None or not said_yes(ask, QUESTION.format(aside=shown(aside), others=named)):
        names = ", ".join(path.name for path in belongings(data, database))
        raise Refusal(NOT_MOVED.format(names=names, folder=shown(data)))
    with alone(data):
        close_for_good(database)
        move(belongings(data, database), aside)
    return aside


def said_yes(ask: Callable[[str], str], question: str) -> bool:
    try:
        return ask(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def free_folder(data: Path, now: datetime) -> Path:
    """Return the path of a folder that is not there yet, named after the moment."""
    wish = data / f"before-{now:%Y-%m-%d-%H%M}"
    places = [wish, *(wish.with_name(f"{wish.name}-{number}") for number in range(2, 100))]
    return next(place for place in places if not place.exists())


def shown(path: Path) -> str:
    """Return a path as it is typed in the folder that one is in."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def belongings(data: Path, database: Path) -> list[Path]:
    """Return what belongs to the clinic of this database and is there: the file and its journal, media, cache, mail."""
    files = [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    return [path for path in (*files, data / "media", data / "cache", data / "mail") if path.exists()]


def close_for_good(database: Path) -> None:
    """Put all that its journal holds into the database file itself. Raises Refusal while anybody has it open."""
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=0)) as own:
            # Only whoever is alone with a database may end its journal.
            own.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise Refusal(IN_USE) from None


def move(paths: list[Path], aside: Path) -> None:
    """Move all of these into a new folder, or none. Raises Refusal for what cannot be moved."""
    moved: list[Path] = []
    try:
        aside.mkdir(mode=0o700)
        for path in paths:
            shutil.move(path, aside / path.name)
            moved.append(path)
    except OSError as error:
        for path in reversed(moved):
            shutil.move(aside / path.name, path)
        raise Refusal(f"the sample's data cannot be moved to {shown(aside)} ({error.strerror}).") from error
