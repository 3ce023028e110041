"""What a reviewer notes before deciding: answers, a note, and comments, kept at once so that none is lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from education.actions.refusals import Refused
from education.actions.signing import locked_edition, log_once_kept
from education.canonical import canonical_text
from education.commented import comment_places, mark_of
from education.models import Edition, Review, ReviewDraft
from education.quality import questions
from education.rules import require_decision

logger = logging.getLogger(__name__)

LONGEST_COMMENT, LONGEST_QUOTE = 2000, 500


@transaction.atomic
def keep_draft(
    edition: Edition, *, by: Any, answers: Mapping[str, str], note: str, noted: str | None = None
) -> ReviewDraft:
    """Keep answers, by id of the question, and the note as it is now. Answers to what nobody asks are left out.

    An answer takes the place of an earlier one; without one the earlier stays, so that a second window of the same
    person, opened before, empties nothing. `noted`: the note that the window showed; one that was not changed there
    leaves what is kept. Raises NotPermitted, WrongState for somebody who cannot decide now.
    """
    draft = _draft(edition, by)
    draft.answers = questions.known({**draft.answers, **answers})
    note = canonical_text(note)
    if noted is None or note != canonical_text(noted):
        draft.note = note
    return _kept(draft)


@transaction.atomic
def add_comment(edition: Edition, *, by: Any, place: str, words: str, quote: str = "") -> ReviewDraft:
    """Add a comment tied to a place, a `CommentPlace.value`. The same one again changes nothing.

    Raises as `keep_draft`, and Refused for a comment without words, one that is too long, or a place that is not there.
    """
    draft = _draft(edition, by)
    words, quote = canonical_text(words), canonical_text(quote)
    if not words:
        raise Refused("Write your comment.", "words")
    for text, longest, field in ((words, LONGEST_COMMENT, "words"), (quote, LONGEST_QUOTE, "quote")):
        if len(text) > longest:
            raise Refused(f"Write at most {longest} characters.", field)
    found = next((one for one in comment_places(edition) if one.value == place), None)
    if found is None:
        raise Refused("Choose a place of this edition.", "place")
    comment = found.comment(words=words, quote=quote)
    if comment not in draft.comments:
        draft.comments = [*draft.comments, comment]
    return _kept(draft)


@transaction.atomic
def remove_comment(edition: Edition, *, by: Any, mark: str) -> ReviewDraft:
    """Remove one of one's own comments, which `mark_of` names; one that is gone already changes nothing.

    Raises as `keep_draft`.
    """
    draft = _draft(edition, by)
    draft.comments = [one for one in draft.comments if mark_of(one) != mark]
    return _kept(draft)


@transaction.atomic
def answer_as_before(edition: Edition, *, by: Any, review: Review) -> ReviewDraft:
    """Take the answers of an earlier review for the questions that are still open, but for whether it is accurate.

    Raises as `keep_draft`.
    """
    draft = _draft(edition, by)
    draft.answers = questions.known({**questions.as_before(review.answers), **draft.answers})
    return _kept(draft)


def _draft(edition: Edition, by: Any) -> ReviewDraft:
    """Return this person's draft on the edition, new or kept, with the guide's row held."""
    fresh, now = locked_edition(edition)
    require_decision(by, fresh)
    draft = ReviewDraft.objects.filter(edition=fresh, person=by).first() or ReviewDraft(edition=fresh, person=by)
    draft.saved_at = now
    return draft


def _kept(draft: ReviewDraft) -> ReviewDraft:
    draft.save()
    log_once_kept(logger, "draft of a review of edition %s kept by account %s", draft.edition_id, draft.person_id)
    return draft
