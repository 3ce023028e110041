"""What makes a public page old: every write to the database but those named here, and the clock.

Whatever no public page reads is in `UNSEEN`, and a test asks every public page whether that is so. All else counts, a
new table too, whichever way it is written: by a row, in bulk, or by a statement of one's own.

By the clock alone pages change at a whole minute (an opening hour, a day that begins), and when an edition that was
scheduled goes live; nothing is kept beyond either. This also ends what a write from outside Django made old.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils.module_loading import import_string

from config.ready.token import LENGTH, token

logger = logging.getLogger("plainleaf.ready")

# The name under which PostgreSQL tells other machines.
CHANNEL = "plainleaf_changes"
A_MINUTE = 60

# Tables that no public page reads, by why not.
UNSEEN_BY_REASON = {
    "who may sign in, who did, and how": (
        *("clinic_user", "clinic_user_groups", "clinic_user_user_permissions"),
        *("django_session", "account_emailaddress", "account_emailconfirmation", "mfa_authenticator"),
        *("clinic_invitation", "clinic_invitation_groups", "clinic_ownerlink"),
    ),
    "what visitors sent, and what became of it": (
        *("clinic_consultationrequest", "clinic_requeststep", "clinic_erasedrequest"),
        *("education_mistakereport", "education_visitorcount", "education_pendingmail"),
    ),
    "who did what": ("education_auditline", "django_admin_log"),
    "the working copy, of which patients see editions": (
        *("education_page", "education_image"),
        *("education_pageversion", "education_reviewdraft", "education_commentreply"),
        *("education_keyfact", "education_benefit", "education_sideeffect", "education_contraindication"),
        *("education_carestep", "education_question"),
        *("education_keyfact_sources", "education_benefit_sources", "education_sideeffect_sources"),
        *("education_contraindication_sources", "education_carestep_sources", "education_question_sources"),
    ),
}
UNSEEN = frozenset(name for names in UNSEEN_BY_REASON.values() for name in names)

_WRITES = re.compile(
    r"\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM|MERGE INTO|TRUNCATE(?: TABLE)?)"
    r'\s+(?:ONLY\s+)?"?(\w+)"?',
    re.IGNORECASE,
)
_READS = re.compile(
    r"[\s(]*(?:SELECT|VALUES|EXPLAIN|SHOW|PRAGMA|SET|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|DECLARE|FETCH|CLOSE|LISTEN"
    r"|ANALYZE|VACUUM|CREATE TEMP TABLE|DROP TABLE temp\.)\b",
    re.IGNORECASE,
)
_CHANGES_SOMEWHERE = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)


class Announcement:
    """Tells this machine of a change, once it is kept for good."""

    def __init__(self, drawn: bytes) -> None:
        self.drawn = drawn

    def __call__(self) -> None:
        try:
            token().change(self.drawn)
        except FileNotFoundError:
            pass  # no data folder, so nobody serves from this machine
        except OSError as error:
            logger.warning("a change reaches readers within a minute, not at once: %s", error.strerror)


def announce(connection: BaseDatabaseWrapper) -> None:
    """Let every reader have public pages anew as soon as the running transaction is kept, on every machine.

    PostgreSQL tells the others in the moment of keeping itself, or never where the transaction is undone.
    """
    standing = set(connection.savepoint_ids)
    for savepoints, told, *_ in connection.run_on_commit:
        # One that is undone only where this one would be as well.
        if isinstance(told, Announcement) and savepoints <= standing:
            return
    announcement = Announcement(os.urandom(LENGTH))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, announcement.drawn.hex()])
    connection.on_commit(announcement, robust=True)
    if connection.in_atomic_block:
        # Before what else waits for that moment, such as a mail that takes long, or what fails and ends the row.
        connection.run_on_commit.insert(0, connection.run_on_commit.pop())


def is_seen(statement: str) -> bool:
    """Whether a statement of SQL may change what a public page shows. What is not understood counts."""
    if written := _WRITES.match(statement):
        return written[1].lower() not in UNSEEN
    if statement.lstrip(" (\n")[:4].upper() == "WITH":
        return _CHANGES_SOMEWHERE.search(statement) is not None
    return _READS.match(statement) is None


def _noticing(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Announce a statement that went well. Django calls it around each, in whatever process."""
    result = execute(sql, params, many, context)
    if is_seen(str(sql)):
        announce(context["connection"])
    return result


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _noticing not in connection.execute_wrappers:
        # First, since whoever opened the connection inside a wrapper of their own takes the last one away again.
        connection.execute_wrappers.insert(0, _noticing)


def watch() -> None:
    """Notice the writes of this process, through whichever connection of Django's."""
    connection_created.connect(_watch)


def next_change(now: float) -> float:
    """Return when the clock may next change a page that was begun at `now`, in seconds since 1970: within a minute."""
    minute = now - now % A_MINUTE + A_MINUTE
    # Not after the moment of asking: an edition may have gone live since, and is not on the page.
    moment = import_string(settings.NEXT_PUBLICATION)(datetime.fromtimestamp(now, UTC))
    return min(minute, moment.timestamp()) if moment else minute


def lasts(until: float, now: float) -> bool:
    """Whether what holds until then, by `next_change`, holds now: not any longer where somebody sets the clock back."""
    return until - A_MINUTE <= now < until
