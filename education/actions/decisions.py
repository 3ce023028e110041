"""Judging an edition: approve, return, take back, confirm."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from education.actions.auditing import audit_edition
from education.actions.dates import months_after
from education.actions.notices import tell_submitter
from education.actions.refusals import Refused
from education.actions.signing import locked_edition, log_once_kept, signature
from education.canonical import canonical_text
from education.models import Edition, Review, ReviewDraft, What
from education.quality import questions
from education.rules import DECISIONS, Verb, WrongState, require

logger = logging.getLogger(__name__)

# What stands on the record as the reason of a return whose reviewer wrote comments and no note.
SEE_COMMENTS = "See the comments."
LINES = {
    Review.Decision.APPROVED: What.APPROVED,
    Review.Decision.RETURNED: What.RETURNED,
    Review.Decision.TAKEN_BACK: What.TAKEN_BACK,
    Review.Decision.CONFIRMED: What.CONFIRMED,
}


@transaction.atomic
def approve(edition: Edition, *, by: Any, judged: str, note: str = "", **found: Any) -> Review:
    """Approve an edition in review. `judged` is the content hash of what the reviewer saw.

    What the reviewer noted in a draft goes into the review, and the draft is gone. `found` is for somebody without
    one: the `answers` to the questions of a review and the `comments`, as `Review` keeps them. Raises NotPermitted,
    WrongState, and Refused when the reviewer saw another content, or when the answers of a draft do not carry it.
    """
    return _decide(edition, Verb.APPROVE, Review.Decision.APPROVED, by, note, judged, **found)


@transaction.atomic
def give_back(edition: Edition, *, by: Any, note: str = "", **found: Any) -> Review:
    """Return an edition to its editors, saying why in a note or in comments. Its number is used up.

    Takes and raises as `approve`.
    """
    return _decide(edition, Verb.RETURN, Review.Decision.RETURNED, by, note, **found)


@transaction.atomic
def take_back(edition: Edition, *, by: Any, note: str = "") -> Review:
    """Take an edition back from review, or an approved one that was never live. Raises as `approve`."""
    return _decide(edition, Verb.TAKE_BACK, Review.Decision.TAKEN_BACK, by, note)


@transaction.atomic
def confirm(edition: Edition, *, by: Any, judged: str, note: str = "", **found: Any) -> Review:
    """Confirm that the live edition was reviewed again and stands: renews both dates. Takes and raises as `approve`."""
    return _decide(edition, Verb.CONFIRM, Review.Decision.CONFIRMED, by, note, judged, **found)


def _decide(
    edition: Edition,
    verb: Verb,
    decision: Review.Decision,
    by: Any,
    note: str,
    judged: str | None = None,
    **found: Sequence[Mapping[str, Any]],
) -> Review:
    edition, now = locked_edition(edition)
    require(verb, by, edition)
    if judged is not None:
        require_judged(edition, judged)
    draft = None
    if verb in DECISIONS:
        draft = ReviewDraft.objects.filter(edition=edition, person=by).first()
    noted = _noted(edition, decision, draft, canonical_text(note), **found)
    sets_date = decision in (Review.Decision.APPROVED, Review.Decision.CONFIRMED)
    review = Review(
        edition=edition,
        decision=decision,
        content_hash=edition.content_hash,
        by_second_person=edition.made_by_id != by.pk,
        next_review_due=next_review_due(edition, now) if sets_date else None,
        **noted,
        **signature(by, now),
    )
    review.save()
    if draft:
        draft.delete()
    audit_edition(LINES[decision], edition, by=by)
    if by.pk != edition.made_by_id:
        transaction.on_commit(lambda: tell_submitter(edition, review), robust=True)
    log_once_kept(logger, "edition %s of guide %s %s by account %s", edition.number, edition.guide_id, decision, by.pk)
    return review


def _noted(
    edition: Edition,
    decision: Review.Decision,
    draft: ReviewDraft | None,
    note: str,
    *,
    answers: Sequence[Mapping[str, Any]] = (),
    comments: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return note, answers and comments for the record; raise Refused where they do not carry the decision."""
    if draft:
        note = note or draft.note
        answers, comments = answers or questions.on_record(draft.answers), comments or draft.comments
        urgent = decision == Review.Decision.APPROVED and bool(edition.urgent_reason)
        if decision in (Review.Decision.APPROVED, Review.Decision.CONFIRMED) and (
            wrong := questions.objection(draft.answers, note=note, urgent=urgent)
        ):
            raise Refused(wrong.words, wrong.about)
    if decision == Review.Decision.RETURNED and not note:
        if not comments:
            raise Refused(
                "Say what should be changed, in this note or in a comment, so that the editor knows what to do.", "note"
            )
        note = SEE_COMMENTS
    return {"note": note, "answers": [dict(one) for one in answers], "comments": [dict(one) for one in comments]}


def require_judged(edition: Edition, judged: str) -> None:
    """Raise unless the content that was judged is the one on record, and the record is whole."""
    if judged != edition.content_hash:
        raise Refused("The screen showed another content than this edition has. Open it again and decide anew.")
    if edition.snapshot().content_hash() != edition.content_hash:
        raise WrongState(
            f"The stored text of edition {edition.number} does not give its content hash. Nothing was done. "
            "Ask the operator to run verify_editions."
        )


def next_review_due(edition: Edition, now: datetime) -> date:
    """Return the day `review_interval_months` after today, the last of the month where that day is missing."""
    return months_after(timezone.localdate(now), edition.guide.review_interval_months)
