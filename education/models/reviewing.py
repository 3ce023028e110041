"""Between the decisions: what a reviewer has noted so far, and what an editor says of a reviewer's comments."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from education.models.record import Edition, Review
from education.models.text import CanonicalTextField


class ReviewDraft(models.Model):
    """What a reviewer has answered and noted on an edition before deciding; it is gone once they decide.

    `answers`: id of a question → answer. `comments`: as `Review.comments` keeps them.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, blank=True)
    comments = models.JSONField(default=list, blank=True)
    note = CanonicalTextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="review_draft_once_a_person")]

    def __str__(self) -> str:
        return f"Draft of a review of {self.edition}"


class CommentReply(models.Model):
    """What an editor says of a reviewer's comment; the next submission puts it on the record.

    `number` counts the comments of the review from 1.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    done = models.BooleanField(default=False)
    words = CanonicalTextField(max_length=1000, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="comment_reply_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="comment_replies_count_from_1"),
        ]

    def __str__(self) -> str:
        return f"Reply to comment {self.number}"
