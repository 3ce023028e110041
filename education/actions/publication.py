"""What patients see: publish now or at a time, cancel, withdraw."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from education.actions.auditing import audit_edition
from education.actions.decisions import require_judged
from education.actions.refusals import Refused
from education.actions.search import remove_unsearchable_rows, write_search_rows
from education.actions.signing import locked_edition, log_once_kept, signature
from education.canonical import canonical_text
from education.models import OPEN_STATES, Cancellation, Edition, Publication, Review, What, Withdrawal
from education.rules import Verb, WrongState, require

logger = logging.getLogger(__name__)


@transaction.atomic
def publish(edition: Edition, *, by: Any, live_from: datetime | None = None) -> Publication:
    """Make an approved edition (or a superseded one again) live now, or from `live_from`, an aware moment.

    Refuses any content but the approved one. Raises NotPermitted, WrongState, Refused.
    """
    edition, now = locked_edition(edition)
    require(Verb.PUBLISH, by, edition)
    _refuse_while_pending(edition, now)
    approval = edition.reviews.filter(decision=Review.Decision.APPROVED).order_by("-id").first()
    if approval is None:
        raise WrongState(f"Edition {edition.number} has no approval on record.")
    require_judged(edition, approval.content_hash)
    if live_from is not None:
        if live_from <= now:
            raise Refused("That moment has passed. Choose a later one, or publish now.", "live_from")
        _refuse_scheduling_beside_open(edition, now)
    publication = Publication(edition=edition, live_from=live_from or now, **signature(by, now))
    publication.save()
    remove_unsearchable_rows(edition.guide)
    write_search_rows(edition)
    audit_edition(What.PUBLISHED, edition, by=by)
    log_once_kept(logger, "edition %s of guide %s published by account %s", edition.number, edition.guide_id, by.pk)
    return publication


def _refuse_while_pending(edition: Edition, now: datetime) -> None:
    pending = pending_publication(edition.guide_id, now)
    if pending:
        when = date_format(timezone.localtime(pending.live_from), "j F Y, H:i")
        raise WrongState(f"Edition {pending.edition.number} is scheduled for {when}. Cancel that first; then publish.")


def _refuse_scheduling_beside_open(edition: Edition, now: datetime) -> None:
    for other in edition.guide.editions.exclude(pk=edition.pk).with_state(now):
        if other.state in OPEN_STATES:
            raise WrongState(
                f"Edition {other.number} is {other.state}. Only one edition can be under way, so nothing else can "
                "be scheduled. You can publish this edition now."
            )


def pending_publication(guide_id: int, now: datetime) -> Publication | None:
    """Return the publication of a guide that has not begun and is not cancelled."""
    pending = Publication.objects.filter(edition__guide=guide_id, live_from__gt=now, cancellation=None)
    return pending.select_related("edition").first()


@transaction.atomic
def cancel(edition: Edition, *, by: Any) -> Cancellation:
    """Undo the publication of a scheduled edition before it begins. Raises NotPermitted, WrongState."""
    edition, now = locked_edition(edition)
    require(Verb.CANCEL, by, edition)
    publication = edition.publications.filter(live_from__gt=now, cancellation=None).get()
    cancellation = Cancellation(publication=publication, **signature(by, now))
    cancellation.save()
    audit_edition(What.CANCELLED, edition, by=by)
    log_once_kept(logger, "publication %s cancelled by account %s", publication.pk, by.pk)
    return cancellation


@transaction.atomic
def withdraw(edition: Edition, *, by: Any, reason: str) -> Withdrawal:
    """Take an edition off the site for good, with a reason for the public. Raises NotPermitted, WrongState, Refused."""
    reason = canonical_text(reason)
    if not reason:
        raise Refused("Give the reason. Patients will read it where the text was.", "reason")
    edition, now = locked_edition(edition)
    require(Verb.WITHDRAW, by, edition)
    withdrawal = Withdrawal(edition=edition, reason=reason, **signature(by, now))
    withdrawal.save()
    remove_unsearchable_rows(edition.guide)
    audit_edition(What.WITHDRAWN, edition, by=by)
    log_once_kept(logger, "edition %s of guide %s withdrawn by account %s", edition.number, edition.guide_id, by.pk)
    return withdrawal
