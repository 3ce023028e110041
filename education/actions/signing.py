"""What every action shares: the lock on a guide and the signature on a row."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from education.models import Edition, Guide
from education.rules import role_of


def log_once_kept(logger: logging.Logger, message: str, *values: object) -> None:
    """Log what an action did when its transaction is kept; what is undone leaves no line to mislead an auditor."""
    transaction.on_commit(lambda: logger.info(message, *values))


def locked_guide(guide_id: int) -> Guide:
    """Return the guide with its row held until the transaction ends.

    PostgreSQL holds the row; on SQLite the transaction already holds the database (transaction_mode IMMEDIATE).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A guide is locked inside a transaction only.")
    return Guide.objects.select_for_update().get(pk=guide_id)


def locked_edition(edition: Edition) -> tuple[Edition, datetime]:
    """Return the edition with its state now, its guide's row held, and that moment.

    The clock is read with the row in hand: whoever waited for it must not judge by the time before.
    """
    guide = locked_guide(edition.guide_id)
    now = timezone.now()
    fresh = Edition.objects.with_state(now).get(pk=edition.pk)
    fresh.guide = guide
    return fresh, now


def signature(by: Any, now: datetime) -> dict[str, Any]:
    """Return the fields of SignedModel for this person at this moment."""
    return {
        "made_at": now,
        "made_by": by,
        "made_by_name": by.get_full_name() or by.get_username(),
        "made_by_role": role_of(by),
    }
