"""Hears of changes that were made on another machine: PostgreSQL tells whoever listens. SQLite has no other machine."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import closing
from time import monotonic
from typing import Any

from django.db import Error, connection

from config.ready.changes import CHANNEL
from config.ready.token import LENGTH, Token

logger = logging.getLogger("plainleaf.ready")

# Between two questions whether the database is still there, when it tells of nothing.
SECONDS_OF_SILENCE = 0.3
# How long an answer to one is believed: a connection that is cut without a word looks like a silent one.
SECONDS_OF_TRUST = 1.0
SECONDS_TO_TRY_AGAIN = 1.0
# Until one's own word must be heard.
SECONDS_OF_ECHO = 5.0


class Unheard(Exception):
    """What is told to PostgreSQL does not come back; the text says why that may be."""


class Listener(threading.Thread):
    """Passes every change on to this machine's token. `hears` is false while a change might be missed."""

    def __init__(self, token: Token) -> None:
        super().__init__(daemon=True, name="listening for changes")
        self.token = token
        self._until = 0.0
        self._over = threading.Event()
        self._said = ""

    @property
    def hears(self) -> bool:
        return monotonic() < self._until

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._listen()
            except (Error, OSError, Unheard) as error:
                self._say(str(error).strip())
            finally:
                self._until = 0.0
                connection.close()
            self._over.wait(SECONDS_TO_TRY_AGAIN)

    def stop(self) -> None:
        """End at the next silence, and wait for it."""
        self._over.set()
        self.join()

    def _listen(self) -> None:
        """Listen until the connection ends. Raises Error, OSError, Unheard."""
        connection.ensure_connection()
        heard = connection.connection
        with connection.wrap_database_errors:
            self._begin(heard)
            # What came before is unknown.
            self.token.change()
            while not self._over.is_set():
                asked = monotonic()
                heard.execute("SELECT 1")
                self._until, self._said = asked + SECONDS_OF_TRUST, ""
                for told in heard.notifies(timeout=SECONDS_OF_SILENCE):
                    self.pass_on(told.payload)

    def _begin(self, heard: Any) -> None:
        """Listen, and make sure of it: behind a pooler that lends connections, nothing that others tell arrives."""
        own = f"{CHANNEL}_{os.urandom(LENGTH).hex()}"
        heard.execute(f"LISTEN {CHANNEL}; LISTEN {own}")
        with closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [own])
        if not any(told.channel == own for told in heard.notifies(timeout=SECONDS_OF_ECHO)):
            raise Unheard("a pooler in front of PostgreSQL must keep sessions, or nobody hears of changes")

    def pass_on(self, told: str) -> None:
        """Make this machine's pages old, unless it was here that somebody told of the change and did so already.

        Never by the bytes that were told: what is heard late would bring back those before the latest change, and with
        them the pages that it made old.
        """
        if self.token.read().hex() != told:
            self.token.change()

    def _say(self, why: str) -> None:
        """Write the reason into the log, once as long as it stays the same."""
        if why != self._said:
            logger.warning("public pages are made anew for each reader until the database answers: %s", why)
        self._said = why
