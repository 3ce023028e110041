"""The cache in files, made safe for what sign-in counts in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

# Django throws a third of all entries away, at random, beyond 300: whoever made up names enough would make their own
# failures forgotten. This many are more than anybody can make while they count.
MOST_ENTRIES = 20_000


class SharedFileCache(FileBasedCache):
    """Django's, where of several workers that add the same key at once exactly one succeeds.

    Limits are counted under a lock that is such a key; without this, two workers hold it together and count once.
    """

    def __init__(self, dir: str, params: dict[str, Any]) -> None:
        options = {"MAX_ENTRIES": MOST_ENTRIES, **params.get("OPTIONS", {})}
        super().__init__(dir, {**params, "OPTIONS": options})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with self._alone():
            return super().add(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]  # the stubs leave both out
        # Not one of the cache's own files, so it is neither counted nor cleared.
        path = os.path.join(self._dir, "adding.lock")  # type: ignore[attr-defined]
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
