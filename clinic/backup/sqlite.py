"""SQLite: the new database is a file beside the old one, and one renaming puts it in its place."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from clinic.backup.archive import keep_folder
from clinic.backup.place import IN_USE, Place, elsewhere
from config import anew
from config.refusal import Refusal

JOURNALS = ("-wal", "-shm", "-journal")


class SQLitePlace(Place):
    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])
        self.built = self.path.with_name(self.path.name + ".restoring")

    def is_empty(self) -> bool:
        """Not to be asked where there is no file: asking would make one."""
        return not self._there() or (self.path.exists() and super().is_empty())

    def erased_keys(self) -> set[str]:
        return super().erased_keys() if self.path.exists() else set()

    def _there(self) -> list[Path]:
        every = [self.path, *(self.path.with_name(self.path.name + end) for end in JOURNALS)]
        return [path for path in every if path.exists()]

    def refuse_in_use(self) -> None:
        connection.close()
        if self.path.exists():
            with contextlib.suppress(sqlite3.DatabaseError):
                self._close_for_good()

    def _close_for_good(self) -> None:
        """Put the journal into the file. Raises Refusal while it is open elsewhere, sqlite3.DatabaseError if broken."""
        try:
            anew.close_for_good(self.path)
        except Refusal:
            raise Refusal(IN_USE) from None

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.remove_built()
        # Made before SQLite would, which leaves it readable by others.
        self.built.touch(mode=0o600)
        try:
            with elsewhere(NAME=str(self.built)):
                yield
        finally:
            self.remove_built()

    def remove_built(self) -> None:
        for path in (self.built, *(self.built.with_name(self.built.name + end) for end in JOURNALS)):
            path.unlink(missing_ok=True)

    def swap(self, aside: Path) -> str:
        connection.close()
        anew.close_for_good(self.built)
        with self.built.open("rb") as file:
            os.fsync(file.fileno())
        old = bool(self._there())
        if old:
            self._keep_aside(aside)
        os.replace(self.built, self.path)
        keep_folder(self.path.parent)
        return f"{anew.shown(aside)}/" if old else ""

    def _keep_aside(self, aside: Path) -> None:
        """Give the old file a second name in a folder of its own; it keeps the first until the new one takes it."""
        with contextlib.suppress(sqlite3.DatabaseError):
            if self.path.exists():
                self._close_for_good()
        aside.mkdir(mode=0o700, exist_ok=True)
        for path in self._there():
            if path != self.path:
                # Of a database that is broken or gone: beside the new one it would destroy that.
                os.rename(path, aside / path.name)
            else:
                _second_name(path, aside / path.name)
        keep_folder(aside)


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:
        # A file system without second names.
        shutil.copy2(path, other)
