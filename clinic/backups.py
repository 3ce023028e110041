"""When the data were last backed up, from the note that a backup leaves beside them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings


def last_backup() -> datetime | None:
    """Return when the newest backup was made, an aware moment; None where none is known."""
    try:
        facts = json.loads((Path(settings.DATA_DIR) / "last-backup.json").read_text(encoding="utf-8"))
        made = datetime.fromisoformat(facts["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if made.tzinfo else None
