"""Where a drilled site keeps its data: a file of SQLite or a database of PostgreSQL. It is read past Django."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

PATIENCE_SECONDS = 60


class Place(ABC):
    """A folder for data, empty at first, and the settings that name its database."""

    name = ""
    # Whether the database fills the disk of the machine that serves.
    on_own_disk = False

    def __init__(self, data: Path) -> None:
        self.data = data
        # Of the sample staff: it is written into the database once.
        self.password = secrets.token_urlsafe(12)

    @property
    @abstractmethod
    def settings(self) -> dict[str, str]: ...

    @abstractmethod
    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what the database itself answers, without any of Plainleaf's code."""

    @abstractmethod
    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Hold the lock that a save needs, as another program would."""

    @abstractmethod
    def read_only(self) -> contextlib.AbstractContextManager[None]:
        """Let nothing be written to the database."""

    @abstractmethod
    def faults(self) -> list[str]:
        """Return what the database says of its own state; nothing when it is whole."""

    @abstractmethod
    def another(self, data: Path) -> Place:
        """Return an empty place of the same kind."""

    @abstractmethod
    def remove(self) -> None:
        """Leave nothing behind outside the data folder."""


class SQLitePlace(Place):
    name = "SQLite"
    on_own_disk = True

    @property
    def settings(self) -> dict[str, str]:
        return {"DATA_DIR": str(self.data)}

    @property
    def file(self) -> Path:
        return self.data / "plainleaf.sqlite3"

    def _own(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self.file, timeout=PATIENCE_SECONDS, isolation_level=None))

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with self._own() as own:
            return own.execute(question).fetchall()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with self._own() as own:
            own.execute("BEGIN IMMEDIATE")
            yield
            own.execute("ROLLBACK")

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """The file, its journal and the folder: whoever opens them is refused, and no file can be made."""
        paths = [*self.data.glob(f"{self.file.name}*"), self.data]
        modes = [path.stat().st_mode for path in paths]
        try:
            for path in paths:
                path.chmod(0o500 if path.is_dir() else 0o400)
            yield
        finally:
            for path, mode in zip(paths, modes, strict=True):
                path.chmod(mode)

    def faults(self) -> list[str]:
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check")]
        broken = [f"a row of {row[0]} points nowhere" for row in self.rows("PRAGMA foreign_key_check")]
        return broken + [fault for fault in found if fault != "ok"]

    def another(self, data: Path) -> Place:
        return SQLitePlace(data)

    def remove(self) -> None:
        """All of it is in the folder."""


class PostgreSQLPlace(Place):
    name = "PostgreSQL"

    def __init__(self, data: Path, services: Mapping[str, str]) -> None:
        super().__init__(data)
        self._services = services
        self._database = f"plainleaf_drill_{secrets.token_hex(4)}"
        self._server(f"CREATE DATABASE {self._database}")

    def _address(self, database: str) -> str:
        return urlunsplit(urlsplit(self._services["DATABASE_URL"])._replace(path=f"/{database}"))

    def _server(self, statement: str) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as own:
            own.execute(statement)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.data),
            "DATABASE_URL": self._address(self._database),
            "CACHE_URL": self._services["CACHE_URL"],
        }

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._address(self._database)) as own:
            return own.execute(question).fetchall()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with psycopg.connect(self._address(self._database)) as own:
            own.execute("LOCK TABLE education_guide, django_session, clinic_consultationrequest IN EXCLUSIVE MODE")
            yield
            own.rollback()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """As a server that has changed its part: it answers, and takes nothing. Connections end with either part."""
        self._server(f"ALTER DATABASE {self._database} SET default_transaction_read_only = on")
        self.end_connections()
        try:
            yield
        finally:
            self._server(f"ALTER DATABASE {self._database} RESET default_transaction_read_only")
            self.end_connections()

    def end_connections(self) -> None:
        """End whatever is connected to the database, as when its server is started anew."""
        self._server(
            f"SELECT pg_terminate_backend(pid, {PATIENCE_SECONDS * 1000}) FROM pg_stat_activity"
            f" WHERE datname = '{self._database}'"
        )

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Have nobody reach the database."""
        self._server(f"ALTER DATABASE {self._database} ALLOW_CONNECTIONS false")
        self.end_connections()
        try:
            yield
        finally:
            self._server(f"ALTER DATABASE {self._database} ALLOW_CONNECTIONS true")

    def faults(self) -> list[str]:
        # Every index against its table would need an extension that not everybody has: a full read finds torn pages.
        tables = self.rows("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables:
            self.rows(f"SELECT count(*) FROM {table}")
        return [] if tables else ["the database has no tables"]

    def another(self, data: Path) -> Place:
        return PostgreSQLPlace(data, self._services)

    def remove(self) -> None:
        self._server(f"DROP DATABASE IF EXISTS {self._database} WITH (FORCE)")
