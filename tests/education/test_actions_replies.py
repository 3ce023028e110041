"""Answering a reviewer's comment: who may, while it is to be worked on, and over nobody else's answer unseen."""

from __future__ import annotations

import logging

import pytest

from education import actions
from education.actions import ChangedMeanwhile, Refused
from education.models import CommentReply, Review
from education.rules import NotPermitted, WrongState
from tests import builders
from tests.education.commented import returned


@pytest.fixture
def review(guide, cast) -> Review:
    return returned(guide, cast, {"words": "One."}, {"words": "Two."})


def kept() -> list[tuple[int, bool, str]]:
    return list(CommentReply.objects.order_by("number").values_list("number", "done", "words"))


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_those_who_write_pages_answer(review, cast, who):
    with pytest.raises(NotPermitted, match="does not let you answer a comment"):
        actions.reply_to_comment(review, 1, by=cast[who], done=True)
    assert kept() == []


@pytest.mark.parametrize("number", [0, 3])
def test_a_comment_that_is_not_there_is_not_answered(review, cast, number):
    with pytest.raises(WrongState):
        actions.reply_to_comment(review, number, by=cast["author"], done=True)
    assert kept() == []


def test_once_the_guide_was_submitted_again_nothing_is_answered(review, guide, cast):
    builders.submitted(guide, cast["author"], "Again.")
    with pytest.raises(WrongState, match="no longer to be worked on"):
        actions.reply_to_comment(review, 1, by=cast["author"], done=True)
    assert kept() == []


def test_an_older_review_s_comments_are_not_answered_after_a_newer_one(review, guide, cast):
    returned(guide, cast, {"words": "Newer."})
    with pytest.raises(WrongState):
        actions.reply_to_comment(review, 1, by=cast["author"], done=True)


def test_an_answer_that_is_too_long_is_refused(review, cast):
    with pytest.raises(Refused, match=r"has 1001 characters; the most is 1000"):
        actions.reply_to_comment(review, 1, by=cast["author"], words="x" * 1001)
    assert kept() == []


def test_somebody_else_s_answer_is_not_overwritten_unseen(review, cast):
    actions.reply_to_comment(review, 1, by=cast["colleague"], words="Hers.")
    with pytest.raises(ChangedMeanwhile, match="Somebody else answered while you were writing: “Hers"):
        actions.reply_to_comment(review, 1, by=cast["author"], words="His.", seen="")
    assert kept() == [(1, False, "Hers.")]
    actions.reply_to_comment(review, 1, by=cast["author"], words="His.", seen="Hers.")
    assert kept() == [(1, False, "His.")]


def test_an_answer_is_kept_changed_and_taken_away(review, cast, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        reply = actions.reply_to_comment(review, 2, by=cast["author"], done=True, words="  It\r\nis.  ")
    assert (reply.saved_by, kept()) == (cast["author"], [(2, True, "It\nis.")])
    assert f"comment 2 of review {review.pk} answered" in caplog.text
    actions.reply_to_comment(review, 2, by=cast["colleague"])
    assert kept() == [(2, False, "")]
    assert CommentReply.objects.get().saved_by == cast["colleague"]
