"""What a reviewer notes before deciding: kept at once, its author's alone, on record with the decision."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from education import actions
from education.actions import Refused
from education.actions.reviewing import LONGEST_COMMENT, LONGEST_QUOTE
from education.commented import comment_places, mark_of
from education.models import Edition, Review, ReviewDraft
from education.quality.questions import QUESTIONS, YES
from education.rules import NotPermitted, WrongState
from education.verification import verify_seals
from tests import builders
from tests.education.example_entries import SIDE_EFFECT

ALL_YES = {one.id: YES for one in QUESTIONS}


@pytest.fixture
def edition(guide, cast) -> Edition:
    return builders.submitted(guide, cast["author"])


def note(edition: Edition, by: Any, **more: Any) -> ReviewDraft:
    return actions.keep_draft(edition, by=by, **{"answers": {}, "note": "", **more})


def comment(edition: Edition, by: Any, words: str = "Say how long.", **more: Any) -> ReviewDraft:
    return actions.add_comment(edition, by=by, **{"place": "side-effects", "words": words, **more})


WAYS = {
    "keep": note,
    "comment": comment,
    "remove": lambda edition, by: actions.remove_comment(edition, by=by, mark="0"),
    "as before": lambda edition, by: actions.answer_as_before(edition, by=by, review=Review()),
}
every_way = pytest.mark.parametrize("way", WAYS)


@every_way
@pytest.mark.parametrize("who", ["author", "colleague", "front_desk", "outsider"])
def test_whoever_cannot_decide_keeps_no_draft(way, who, edition, cast):
    with pytest.raises(NotPermitted):
        WAYS[way](edition, cast[who])
    assert not ReviewDraft.objects.exists()


@every_way
def test_nobody_reviews_what_they_submitted_the_owner_included(way, guide, cast):
    edition = builders.submitted(guide, cast["owner"])
    with pytest.raises(NotPermitted, match="Ask a second person"):
        WAYS[way](edition, cast["owner"])


@every_way
def test_an_edition_on_which_nothing_can_be_decided_takes_no_notes(way, edition, cast):
    actions.take_back(edition, by=cast["author"])
    with pytest.raises(WrongState, match="Edition 1 is taken back, so there is nothing to review"):
        WAYS[way](edition, cast["reviewer"])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"words": " \n"}, "words"),
        ({"words": "x" * (LONGEST_COMMENT + 1)}, "words"),
        ({"quote": "x" * (LONGEST_QUOTE + 1)}, "quote"),
        ({"place": "no-such-page"}, "place"),
        ({"place": "side-effects:99"}, "place"),
        ({"place": "side-effects#1"}, "place"),
    ],
)
def test_a_comment_that_cannot_be_is_refused_at_its_field(typed, field, edition, cast):
    with pytest.raises(Refused) as refused:
        comment(edition, cast["reviewer"], **typed)
    assert refused.value.field == field
    assert not ReviewDraft.objects.exists()


# What is kept


def test_answers_and_note_are_kept_for_each_reviewer_apart(edition, cast):
    note(edition, cast["reviewer"], answers={"pemat-1": YES, "gone": YES}, note=" Well written. ")
    note(edition, cast["second_reviewer"], note="Too long.")
    note(edition, cast["reviewer"], answers={"pemat-2": YES}, note="Well written.")
    mine, other = ReviewDraft.objects.order_by("id")
    assert (mine.answers, mine.note) == ({"pemat-1": YES, "pemat-2": YES}, "Well written.")
    assert (other.answers, other.note) == ({}, "Too long.")


def test_an_answer_takes_the_place_of_the_one_before(edition, cast):
    note(edition, cast["reviewer"], answers={"pemat-1": YES, "pemat-2": YES})
    note(edition, cast["reviewer"], answers={"pemat-1": "no"})
    assert ReviewDraft.objects.get().answers == {"pemat-1": "no", "pemat-2": YES}


def test_a_comment_carries_its_place(guide, cast):
    row = guide.pages.get(kind="side-effects")
    text = "You can get numbness.\n\n## When to *call* us\n\nAt once."
    builders.write(guide, cast["author"], "side-effects", text, [{**SIDE_EFFECT, "sources": ["trial-2020"]}])
    edition = builders.submitted(guide, cast["author"])
    for place, quote in (("", ""), ("side-effects", ""), ("side-effects:3", "At once."), ("side-effects#1", "")):
        draft = comment(edition, cast["reviewer"], f"About {place}.", place=place, quote=quote)
    facts = {"page": row.pk, "slug": "side-effects", "title": "Side effects"}
    whole, page, heading, entry = draft.comments
    assert whole == {
        "page": None, "slug": "", "title": "The whole guide", "place": "", "line": None, "entry": None, "quote": "",
        "words": "About .",
    }  # fmt: skip
    assert page == {**whole, **facts, "words": "About side-effects."}
    assert heading == {
        **page, "place": "Under “When to call us”", "line": 3, "quote": "At once.", "words": "About side-effects:3.",
    }  # fmt: skip
    assert entry == {
        **page, "place": "Side effect “Numb skin”", "entry": 1, "words": "About side-effects#1.",
    }  # fmt: skip


def test_each_place_is_found_in_the_text_as_patients_read_it(guide, cast):
    text = "## When to call us\n\nAt once.\n\n[[entries]]\n\n## When to call us\n\nAgain."
    builders.write(guide, cast["author"], "side-effects", text, [{**SIDE_EFFECT, "sources": ["trial-2020"]}])
    edition = builders.submitted(guide, cast["author"])
    with_pages = {one.value: one.anchors for one in comment_places(edition) if one.slug == "side-effects"}
    html = edition.pages.with_html().get(slug="side-effects").html
    assert with_pages == {
        "side-effects": ("chapter-side-effects",),
        "side-effects:1": ("side-effects-when-to-call-us",),
        "side-effects:7": ("side-effects-when-to-call-us-2",),
        "side-effects#1": ("side-effects--1",),
    }
    for value in ("side-effects:1", "side-effects:7", "side-effects#1"):
        assert f'id="{with_pages[value][0]}"' in html


def test_facts_that_share_a_label_are_told_apart_by_what_they_say(guide, cast):
    facts = [
        {"kind": "key-fact", "label": label, "value": value, "headline": False, "sources": ["trial-2020"]}
        for label, value in (("Sessions", "3 to 5"), ("Time", "An hour"), ("Sessions", "10"))
    ]
    builders.write(guide, cast["author"], "overview", "What cold does.", facts)
    edition = builders.submitted(guide, cast["author"])
    words = [one.words for one in comment_places(edition) if one.slug == "overview" and one.entry]
    assert words == ["Key fact “Sessions”: 3 to 5", "Key fact “Time”", "Key fact “Sessions”: 10"]


def test_the_same_comment_twice_is_one_and_removing_takes_that_one_alone(edition, cast):
    comment(edition, cast["reviewer"])
    comment(edition, cast["reviewer"])
    draft = comment(edition, cast["reviewer"], "Another one.")
    assert len(draft.comments) == 2
    comment(edition, cast["second_reviewer"])
    gone = mark_of(draft.comments[0])
    for _ in range(2):
        draft = actions.remove_comment(edition, by=cast["reviewer"], mark=gone)
    assert [one["words"] for one in draft.comments] == ["Another one."]
    assert len(ReviewDraft.objects.get(person=cast["second_reviewer"]).comments) == 1


def test_answers_of_before_go_where_none_is_given_yet(live, guide, cast):
    review = Review(answers=[{"id": one.id, "asked": one.asked, "answer": "no"} for one in QUESTIONS])
    note(live, cast["reviewer"], answers={"pemat-1": YES})
    draft = actions.answer_as_before(live, by=cast["reviewer"], review=review)
    assert draft.answers["pemat-1"] == YES
    assert draft.answers["pemat-2"] == "no"
    assert "accuracy" not in draft.answers


# What goes on the record


def test_a_decision_takes_the_draft_with_it(edition, cast):
    note(edition, cast["reviewer"], answers=ALL_YES, note="Sound.")
    comment(edition, cast["reviewer"])
    note(edition, cast["second_reviewer"], note="Mine.")
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    review.refresh_from_db()
    assert review.note == "Sound."
    assert [row["id"] for row in review.answers] == [one.id for one in QUESTIONS]
    assert review.answers[0]["asked"] == QUESTIONS[0].asked
    assert [one["words"] for one in review.comments] == ["Say how long."]
    assert [one.person for one in ReviewDraft.objects.all()] == [cast["second_reviewer"]]
    assert list(verify_seals([])) == []


def test_what_was_refused_leaves_the_draft_as_it_was(edition, cast):
    note(edition, cast["reviewer"], answers={**ALL_YES, "accuracy": "no"}, note="Sound.")
    with pytest.raises(Refused) as refused:
        actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert refused.value.field == "accuracy"
    with pytest.raises(Refused):
        actions.approve(edition, by=cast["reviewer"], judged="f" * 64)
    assert ReviewDraft.objects.get().note == "Sound."
    assert not Review.objects.exists()


def test_comments_are_reason_enough_for_a_return(edition, cast):
    with pytest.raises(Refused, match="in this note or in a comment"):
        actions.give_back(edition, by=cast["reviewer"])
    note(edition, cast["reviewer"], answers={"pemat-1": "no"})
    comment(edition, cast["reviewer"])
    review = actions.give_back(edition, by=cast["reviewer"])
    assert review.note == "See the comments."
    assert [row["answer"] for row in review.answers] == ["no"]


def test_an_urgent_correction_is_approved_with_the_one_question_and_confirmed_with_all(guide, cast):
    edition = builders.submitted(guide, cast["author"], urgent_reason="The dose was wrong.")
    note(edition, cast["reviewer"], answers={"accuracy": YES})
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert [row["id"] for row in review.answers] == ["accuracy"]
    actions.publish(edition, by=cast["author"])
    note(edition, cast["reviewer"], answers={"accuracy": YES})
    with pytest.raises(Refused) as refused:
        actions.confirm(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert refused.value.field == "pemat-1"


def test_taking_back_leaves_what_a_reviewer_noted_to_the_reviewer(edition, cast):
    comment(edition, cast["reviewer"])
    assert actions.take_back(edition, by=cast["author"]).comments == []
    assert ReviewDraft.objects.get().person == cast["reviewer"]


def test_the_mail_on_a_return_counts_the_comments_and_leads_to_where_they_are_seen(
    edition, cast, django_capture_on_commit_callbacks
):
    comment(edition, cast["reviewer"])
    comment(edition, cast["reviewer"], "Another one.")
    with django_capture_on_commit_callbacks(execute=True):
        actions.give_back(edition, by=cast["reviewer"])
    [message] = mail.outbox
    assert "2 comments" in message.body
    assert f"/admin/education/guide/{edition.guide_id}/change/#comments" in message.body
