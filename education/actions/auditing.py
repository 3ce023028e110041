"""Writing the audit log: the last thing that an action does, in the transaction of what it did."""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from config.patience import SECONDS_BEFORE_A_FILE, patience
from config.whence import origin
from education.models import AuditLine, Edition, What
from education.rules import role_of


def audit(what: What, about: models.Model | None = None, *, by: Any, named: str = "") -> AuditLine:
    """Write one line: `by` (None: whoever runs the server) did this to that row.

    `named`: the last part of its address, its key or its username, never what somebody typed and never a name. Raises
    RuntimeError outside a transaction: a line must not outlive what it tells of, nor go without it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A line of the audit log is written in the transaction of what it tells of.")
    line = AuditLine(
        made_at=timezone.now(),
        made_by=by,
        made_by_name=(by.get_full_name() or by.get_username()) if by else "",
        made_by_role=role_of(by) if by else "",
        what=what,
        about_kind=str(about._meta.verbose_name) if about else "",
        about_number=about.pk if about else None,
        about_name=named[:200],
        origin=origin(),
    )
    line.save()
    return line


def audit_edition(what: What, edition: Edition, *, by: Any) -> AuditLine:
    """Write one line about an edition, named by its guide's address and its own number."""
    return audit(what, edition, by=by, named=f"{edition.guide.slug}, edition {edition.number}")


@patience(SECONDS_BEFORE_A_FILE)
@transaction.atomic
def note_log_exported(*, by: Any) -> AuditLine:
    """Write that somebody took the audit log away as a file."""
    return audit(What.LOG_EXPORTED, by=by)
