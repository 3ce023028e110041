"""Guides that nobody keeps up to date any more: putting one into the archive, and bringing it back."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from education.actions.auditing import audit
from education.actions.refusals import Refused
from education.actions.signing import locked_guide, log_once_kept, signature
from education.canonical import canonical_text
from education.models import Archiving, Guide, Reopening, What
from education.rules import ARCHIVED, WrongState, require_permission, why_not_archive

logger = logging.getLogger(__name__)

NO_REASON = "Give the reason. Patients will read it where the guide was."
NOT_ARCHIVED = "This guide is not in the archive, so there is nothing to bring back."


@transaction.atomic
def archive_guide(guide: Guide, *, by: Any, reason: str) -> Archiving:
    """Take a guide out of the site, with a reason for the public. Its record stays where it is.

    Raises NotPermitted, WrongState while an edition is under way or when it is archived already, Refused.
    """
    require_permission(by, "publish_edition", "put a guide into the archive")
    reason = canonical_text(reason)
    if not reason:
        raise Refused(NO_REASON, "reason")
    guide = locked_guide(guide.pk)
    now = timezone.now()
    if there := Archiving.objects.of(guide):
        raise WrongState(f"This guide is in the archive already. {there.made_by_name} put it there.")
    if why := why_not_archive(guide.editions.with_state(now)):
        raise WrongState(why)
    archiving = Archiving(guide=guide, reason=reason, **signature(by, now))
    archiving.save()
    audit(What.ARCHIVED, guide, by=by, named=guide.slug)
    log_once_kept(logger, "guide %s archived by account %s", guide.pk, by.pk)
    return archiving


@transaction.atomic
def reopen_guide(guide: Guide, *, by: Any) -> Reopening:
    """Bring a guide back from the archive as it was. Raises NotPermitted, WrongState when it is not archived."""
    require_permission(by, "publish_edition", "bring a guide back from the archive")
    guide = locked_guide(guide.pk)
    archiving = Archiving.objects.of(guide)
    if archiving is None:
        raise WrongState(NOT_ARCHIVED)
    reopening = Reopening(archiving=archiving, **signature(by, timezone.now()))
    reopening.save()
    audit(What.REOPENED, guide, by=by, named=guide.slug)
    log_once_kept(logger, "guide %s brought back from the archive by account %s", guide.pk, by.pk)
    return reopening


def require_not_archived(guide: Guide) -> None:
    """Raise WrongState while a guide is in the archive."""
    if Archiving.objects.of(guide):
        raise WrongState(ARCHIVED)
