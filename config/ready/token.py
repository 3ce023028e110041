"""Eight bytes in a file that every process of this machine sees: they change whenever a public page may have."""

from __future__ import annotations

import mmap
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

NAME = "changes.token"
LENGTH = 8


class Token:
    """The bytes, drawn anew at each change and never counted: two processes that change it at once differ as well."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises OSError where that is not possible."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(self._file).st_size < LENGTH:
                self.change()
            self._seen = mmap.mmap(self._file, LENGTH, access=mmap.ACCESS_READ)
        except BaseException:
            os.close(self._file)
            raise

    def read(self) -> bytes:
        return self._seen[:]

    def change(self, to: bytes = b"") -> None:
        """Draw the bytes anew, or set them. Raises OSError.

        Written through the file: a full disk is an error here, and through the memory it would end the process.
        """
        os.pwrite(self._file, to or os.urandom(LENGTH), 0)


@lru_cache(maxsize=1)
def _opened(path: Path) -> Token:
    return Token(path)


def token() -> Token:
    """Return this site's. Raises OSError."""
    return _opened(settings.DATA_DIR / NAME)
