"""What the last re-check of the whole record found: kept beside the data, for the desk and for whoever watches."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True)
class Recheck:
    """When every hash of the record was computed anew, over how many editions, and how many places did not hold."""

    at: datetime
    editions: int
    breaks: int


def _path() -> Path:
    return Path(settings.DATA_DIR) / "last-recheck.json"


def keep_recheck(editions: int, breaks: int) -> None:
    """Keep what a re-check found, in place of the one before; whole or not at all. Raises OSError."""
    facts = {"at": timezone.now().isoformat(), "editions": editions, "breaks": breaks}
    path = _path()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".recheck-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise


def last_recheck() -> Recheck | None:
    """Return what the last re-check found; None where there was none yet, or its file cannot be read."""
    try:
        facts = json.loads(_path().read_text(encoding="utf-8"))
        return Recheck(datetime.fromisoformat(facts["at"]), int(facts["editions"]), int(facts["breaks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
