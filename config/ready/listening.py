"""Hears of changes that were made on another machine: PostgreSQL tells whoever listens. SQLite has no other machine."""

from __future__ import annotations

import logging
import threading

from django.db import Error, connection

from config.ready.changes import CHANNEL
from config.ready.token import Token

logger = logging.getLogger("plainleaf.ready")

# Between two looks whether the database is still there, when it tells of nothing.
SECONDS_OF_SILENCE = 5.0
SECONDS_TO_TRY_AGAIN = 1.0


class Listener(threading.Thread):
    """Passes every change on to this machine's token. `hears` is false while a change might be missed."""

    def __init__(self, token: Token) -> None:
        super().__init__(daemon=True, name="listening for changes")
        self.token = token
        self.hears = False
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._listen()
            except (Error, OSError, ValueError) as error:
                if self.hears:
                    logger.warning("public pages are made anew for each reader until the database answers: %s", error)
            finally:
                self.hears = False
                connection.close()
            self._over.wait(SECONDS_TO_TRY_AGAIN)

    def stop(self) -> None:
        """End at the next silence, and wait for it."""
        self._over.set()
        self.join()

    def _listen(self) -> None:
        """Listen until the connection ends. Raises Error, OSError; ValueError for words that are no change."""
        connection.ensure_connection()
        heard = connection.connection
        with connection.wrap_database_errors:
            heard.execute(f"LISTEN {CHANNEL}")
            # What came before is unknown.
            self.token.change()
            self.hears = True
            while not self._over.is_set():
                for told in heard.notifies(timeout=SECONDS_OF_SILENCE):
                    drawn = bytes.fromhex(told.payload)
                    # A change of this machine has been told already.
                    if self.token.read() != drawn:
                        self.token.change(drawn)
                heard.execute("SELECT 1")
