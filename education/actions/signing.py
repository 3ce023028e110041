"""What every action shares: the lock on a guide and the signature on a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from education.models import Edition, Guide
from education.rules import role_of


def locked_guide(guide_id: int) -> Guide:
    """Return the guide with its row held until the transaction ends.

    PostgreSQL holds the row; on SQLite the transaction already holds the database (transaction_mode IMMEDIATE).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A guide is locked inside a transaction only.")
    return Guide.objects.select_for_update().get(pk=guide_id)


def locked_edition(edition: Edition, now: datetime) -> Edition:
    """Return the edition with its state at `now`, its guide's row held."""
    guide = locked_guide(edition.guide_id)
    fresh = Edition.objects.with_state(now).get(pk=edition.pk)
    fresh.guide = guide
    return fresh


def signature(by: Any, now: datetime) -> dict[str, Any]:
    """Return the fields of SignedModel for this person at this moment."""
    return {
        "made_at": now,
        "made_by": by,
        "made_by_name": by.get_full_name() or by.get_username(),
        "made_by_role": role_of(by),
    }
