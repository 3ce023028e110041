"""Answering a reviewer's comment while its guide is being worked on."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from education.actions.refusals import ChangedMeanwhile, Refused
from education.actions.signing import locked_guide, log_once_kept
from education.canonical import canonical_text
from education.comments import comments_of
from education.models import CommentReply, Review
from education.rules import WrongState, require_permission

logger = logging.getLogger(__name__)

LONGEST_REPLY = 1000


@transaction.atomic
def reply_to_comment(
    review: Review, number: int, *, by: Any, done: bool = False, words: str = "", seen: str | None = None
) -> CommentReply:
    """Keep whether a comment is done and what an editor says of it, in place of what was kept before.

    `number` counts the comments of the review from 1. `seen`: the answer that this person looked at (None: any).
    Raises NotPermitted, WrongState when the comment is not to be worked on, Refused, and ChangedMeanwhile when
    somebody else answered since.
    """
    require_permission(by, "change_page", "answer a comment")
    guide = locked_guide(review.edition.guide_id)
    found = comments_of(guide)
    if found is None or found.review.pk != review.pk or not 1 <= number <= len(found.comments):
        raise WrongState(
            "This comment is no longer to be worked on: the guide was submitted since, or reviewed again. "
            "Nothing was saved."
        )
    words = canonical_text(words)
    if len(words) > LONGEST_REPLY:
        raise Refused(f"This answer has {len(words)} characters; the most is {LONGEST_REPLY}. Shorten it.", "words")
    before = found.comments[number - 1].answer
    if seen is not None and before not in (canonical_text(seen), words):
        raise ChangedMeanwhile(
            f"Somebody else answered while you were writing: “{before}”. Save again to put yours in its place.", "words"
        )
    reply, _ = CommentReply.objects.update_or_create(
        review=review,
        number=number,
        defaults={"done": done, "words": words, "saved_by": by, "saved_at": timezone.now()},
    )
    log_once_kept(logger, "comment %s of review %s answered by account %s", number, review.pk, by.pk)
    return reply
