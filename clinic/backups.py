"""When the last good backup was made: noted in a small file, so that it can be asked while the database is away."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from education.canonical import canonical_moment


def _note() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.txt"


def last_backup() -> datetime | None:
    """Return the moment, in UTC, whose state the newest good backup holds; None where none is known."""
    try:
        return datetime.fromisoformat(_note().read_text(encoding="ascii").strip()).astimezone(UTC)
    except (OSError, ValueError):
        return None


def note_backup(moment: datetime) -> None:
    """Remember that a backup of this moment lies whole on a disk. Raises OSError."""
    path = _note()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(canonical_moment(moment) + "\n", encoding="ascii")
    os.replace(draft, path)
