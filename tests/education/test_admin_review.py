"""The reviewer's screen: the form of a review, what each of its buttons does, and what others see of it afterwards."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.html import escape

from education import actions
from education.actions.reviewing import LONGEST_COMMENT
from education.admin import editions
from education.admin.review_form import last_review
from education.models import Edition, Review, ReviewDraft, State
from education.quality.questions import NO, NOT_APPLICABLE, QUESTIONS, YES
from tests import builders
from tests.education.desk import signed_in, url
from tests.education.example_entries import SIDE_EFFECT
from tests.education.reviewed import ALL_YES, decide, press, review_url
from tests.html import Page


@pytest.fixture
def edition(guide, cast) -> Edition:
    return builders.submitted(guide, cast["author"])


def screen(person, edition):
    return signed_in(person).get(url("education_edition_change", edition.pk))


def state_of(edition) -> State:
    return Edition.objects.with_state().get(pk=edition.pk).state


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["written"].form.errors)


# Who


def test_a_review_is_sent_and_never_fetched(edition, cast):
    assert signed_in(cast["reviewer"]).get(review_url(edition)).status_code == 405
    assert signed_in(cast["reviewer"]).post(url("education_edition_review", 999)).status_code == 404


@pytest.mark.parametrize("who", ["author", "colleague"])
def test_whoever_cannot_decide_gets_the_text_without_a_form(who, edition, cast):
    shown = screen(cast[who], edition)
    assert shown.context["written"] is None
    assert "data-review" not in shown.content.decode()
    assert "The text as patients read it" in shown.content.decode()
    assert press(cast[who], edition, "keep", note="Mine.").status_code == 403
    assert not ReviewDraft.objects.exists()


def test_what_a_reviewer_typed_after_the_sign_in_ran_out_is_shown_and_not_kept(edition):
    sent = {"words": "Say how <b>long</b>.", "quote": "a day", "note": "Too short.", "pemat-1": YES, "change": "keep"}
    response = Client().post(review_url(edition), sent)
    shown = response.content.decode()
    assert response.status_code == 403
    for typed in ("Say how &lt;b&gt;long&lt;/b&gt;.", "a day", "Too short.", "Yes"):
        assert f"{typed}</textarea>" in shown
    assert QUESTIONS[0].asked in shown
    assert ">keep</textarea>" not in shown
    assert not ReviewDraft.objects.exists()


# What each button keeps


def test_every_place_of_the_edition_can_be_commented_on(guide, cast):
    text = "You can get numbness.\n\n## When to call us\n\nAt once."
    builders.write(guide, cast["author"], "side-effects", text, [{**SIDE_EFFECT, "sources": ["trial-2020"]}])
    edition = builders.submitted(guide, cast["author"])
    places = screen(cast["reviewer"], edition).context["written"].form["place"].field.choices
    assert places == [
        ("", "The whole guide"),
        ("Overview", [("overview", "Overview: the whole page"), ("overview:3", "Overview: under “Who it is for”")]),
        ("Preparation", [("preparation", "Preparation: the whole page")]),
        (
            "Side effects",
            [
                ("side-effects", "Side effects: the whole page"),
                ("side-effects:3", "Side effects: under “When to call us”"),
                ("side-effects#1", "Side effects: side effect “Numb skin”"),
            ],
        ),
    ]
    shown = screen(cast["reviewer"], edition).content.decode()
    assert '<optgroup label="Side effects">' in shown
    assert '<option value="side-effects:3" data-anchors="side-effects-when-to-call-us">' in shown


@pytest.mark.parametrize("button", ["keep", "comment", "remove-0", "as-before", "return", "approve", "nonsense"])
def test_every_button_first_keeps_all_that_was_typed(button, edition, cast):
    sent = {"words": "Say how long.", "place": "side-effects", "quote": "a day", "pemat_1": NO, "judged": "f" * 64}
    press(cast["reviewer"], edition, button, note="Not yet.", **sent)
    kept = Review.objects.first() if button == "return" else ReviewDraft.objects.get()
    assert kept.note == "Not yet."
    assert [(one["words"], one["quote"]) for one in kept.comments] == [("Say how long.", "a day")]
    assert "pemat-1" in str(kept.answers)


def test_changed_pages_come_first_in_the_list_and_each_change_leads_to_a_comment_on_it(live, guide, cast):
    text = "You can get numbness for two days."
    builders.write(guide, cast["author"], "side-effects", text, [{**SIDE_EFFECT, "sources": ["trial-2020"]}])
    second = builders.submitted(guide, cast["author"], "Side effects.")
    response = screen(cast["reviewer"], second)
    groups = [choice[0] for choice in response.context["written"].form["place"].field.choices]
    assert groups == ["", "Side effects (changed)", "Overview", "Preparation"]
    shown = response.content.decode()
    for place in ("side-effects", "side-effects%231"):
        assert f'href="?place={place}#add-comment"' in shown
    assert "data-comment-on" not in screen(cast["colleague"], second).content.decode()
    chosen = signed_in(cast["reviewer"]).get(f"{url('education_edition_change', second.pk)}?place=side-effects%231")
    assert Page(chosen.content.decode()).text.count("Comment on this") == 2
    assert re.findall(r'<option value="([^"]*)"[^>]* selected', chosen.content.decode()) == ["side-effects#1"]


def test_what_was_kept_stands_on_the_screen_again(edition, cast):
    press(
        cast["reviewer"], edition, "keep", note="Not <b>yet</b>.", pemat_1=NO, words="Say how long.", place="overview"
    )
    shown = screen(cast["reviewer"], edition).content.decode()
    assert "Not &lt;b&gt;yet&lt;/b&gt;.</textarea>" in shown
    assert '<input type="radio" name="pemat-1" value="no" id="id_review_pemat-1_1" checked>' in shown
    assert "Say how long." in Page(shown).text
    assert "Understandability: 0 of 1 point, 0 per cent." in shown
    assert "Comments so far (1)" in shown
    assert "Say how long." not in screen(cast["second_reviewer"], edition).content.decode()


def test_a_comment_is_removed_by_its_own_button(edition, cast):
    for words in ("First.", "Second."):
        press(cast["reviewer"], edition, "comment", words=words, place="overview")
    (button, _), _ = screen(cast["reviewer"], edition).context["written"].comments
    response = press(cast["reviewer"], edition, button)
    assert response["Location"].endswith("#your-comments")
    assert [one["words"] for one in ReviewDraft.objects.get().comments] == ["Second."]


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"words": ""}, "words", "Write your comment."),
        ({"words": "x" * (LONGEST_COMMENT + 1)}, "words", f"You wrote {LONGEST_COMMENT + 1}"),
        ({"words": "Here.", "place": "gone"}, "place", "Choose a place of this edition."),
    ],
)
def test_a_comment_that_cannot_be_added_stays_in_the_form_and_the_rest_is_kept(sent, field, said, edition, cast):
    response = press(cast["reviewer"], edition, "comment", note="Kept.", pemat_1=YES, **sent)
    shown = response.content.decode()
    assert "<title>Error:" in shown
    assert said in str(errors(response)[field])
    assert f'href="#id_review_{field}"' in shown
    assert escape(sent["words"]) in shown
    draft = ReviewDraft.objects.get()
    assert (draft.note, draft.answers, draft.comments) == ("Kept.", {"pemat-1": YES}, [])


def test_marked_words_without_a_comment_are_not_passed_over(edition, cast):
    response = decide(cast["reviewer"], edition, quote="for a day")
    assert "Write what you have to say about these words" in str(errors(response)["words"])
    assert "for a day</textarea>" in response.content.decode()
    assert state_of(edition) == State.IN_REVIEW


def test_a_script_keeps_answers_and_note_but_no_comment_that_is_being_typed(edition, cast):
    sent = {"change": "autosave", "words": "Half a sen", "note": "So far.", "pemat-1": YES}
    client = signed_in(cast["reviewer"])
    answer = client.post(review_url(edition), sent, headers={"accept": "application/json"})
    assert answer.json()["scores"] == ["Understandability: 1 of 1 point, 100 per cent."]
    assert answer.json()["kept"].startswith("Your answers and the note are kept: ")
    assert (ReviewDraft.objects.get().note, ReviewDraft.objects.get().comments) == ("So far.", [])
    actions.take_back(edition, by=cast["author"])
    late = client.post(review_url(edition), sent, headers={"accept": "application/json"})
    assert (late.status_code, "taken back" in late.json()["problem"]) == (409, True)


# Answers of before


def test_open_questions_are_answered_as_at_the_last_review(edition, guide, cast):
    assert "Answer as at the last review" not in screen(cast["reviewer"], edition).content.decode()
    decide(cast["reviewer"], edition, pemat_24=NOT_APPLICABLE, pemat_3=NO)
    actions.publish(edition, by=cast["author"])
    builders.write(guide, cast["author"], "preparation", "Eat as you like.")
    second = builders.submitted(guide, cast["author"], "Preparation.")
    shown = Page(screen(cast["second_reviewer"], second).content.decode()).text
    assert "It takes the answers that Rae Reviewer gave on" in shown
    assert "for edition 1, where yours are still open" in shown
    press(cast["second_reviewer"], second, "as-before", pemat_3=YES)
    answers = ReviewDraft.objects.get().answers
    assert (answers["pemat-24"], answers["pemat-3"]) == (NOT_APPLICABLE, YES)
    assert len(answers) == len(QUESTIONS) - 1
    assert "accuracy" not in answers
    ReviewDraft.objects.all().delete()
    medicine = {"id": QUESTIONS[-1].id, "asked": QUESTIONS[-1].asked, "answer": YES}
    actions.approve(second, by=cast["second_reviewer"], judged=second.content_hash, answers=[medicine])
    before = last_review(second)
    assert getattr(before, "edition", None) == edition, "an urgent correction answers nothing that can be given again"


def test_answers_of_a_returned_edition_are_taken_over_too(edition, guide, cast):
    decide(cast["reviewer"], edition, "return", pemat_3=NO, note="Shorter.")
    builders.write(guide, cast["author"], "preparation", "Eat as you like.")
    second = builders.submitted(guide, cast["author"], "Preparation.")
    press(cast["reviewer"], second, "as-before")
    assert len(ReviewDraft.objects.get().answers) == len(QUESTIONS) - 1


# What others see


def test_what_was_decided_shows_scores_answers_and_comments_to_staff_alone(live, guide, cast, client):
    builders.write(guide, cast["author"], "preparation", "Eat as you like.")
    edition = builders.submitted(guide, cast["author"], "Preparation.")
    press(cast["reviewer"], edition, "comment", words="Say <i>how</i> much.", place="preparation", quote="as you like")
    decide(cast["reviewer"], edition, pemat_1=NO)
    shown = screen(cast["colleague"], edition).content.decode()
    assert "Understandability: 11 of 12 points, 91 per cent." in shown
    assert f"What was asked, and the answers ({len(QUESTIONS)})" in shown
    text = Page(shown).text
    assert f"{QUESTIONS[0].asked} Understandability No" in text
    assert "Comments (1)" in text
    assert "Say <i>how</i> much." in text
    actions.publish(edition, by=cast["author"])
    public = client.get(edition.get_absolute_url()).content.decode()
    assert "Rae Reviewer" in public
    assert "Say <i>how</i> much." not in Page(public).text
    assert "per cent" not in public
    assert QUESTIONS[0].asked not in public


def test_an_approval_without_answers_says_that_no_questions_were_asked(live, guide, cast):
    assert "No questions were asked." in screen(cast["author"], live).content.decode()
    builders.write(guide, cast["author"], "preparation", "Eat as you like.")
    second = builders.submitted(guide, cast["author"], "Preparation.")
    actions.give_back(second, by=cast["reviewer"], note="Shorter.")
    assert "No questions were asked." not in screen(cast["author"], second).content.decode()


def test_notes_that_another_persons_decision_left_unused_stay_readable_to_their_author(edition, cast):
    press(
        cast["second_reviewer"], edition, "comment", words="Mine alone.", place="overview", note="And this.", pemat_1=NO
    )
    actions.give_back(edition, by=cast["reviewer"], note="Shorter.")
    shown = Page(screen(cast["second_reviewer"], edition).content.decode()).text
    assert "Your notes that were not used" in shown
    for words in ("Mine alone.", "And this.", "Questions that you had answered: 1."):
        assert words in shown
    for who in ("reviewer", "author", "owner"):
        assert "Mine alone." not in screen(cast[who], edition).content.decode()


def test_what_comes_too_late_for_any_decision_is_shown_to_be_copied(edition, cast):
    actions.give_back(edition, by=cast["second_reviewer"], note="Shorter.")
    response = decide(cast["reviewer"], edition, words="Say how long.", note="My careful note.")
    shown = Page(response.content.decode()).text
    assert response.status_code == 409
    for typed in ("What you had typed", "My careful note.", "Say how long.", QUESTIONS[0].asked):
        assert typed in shown
    assert len(ALL_YES) == len(QUESTIONS)


def test_comments_of_the_review_before_stand_with_what_the_editors_answered(edition, cast, monkeypatch):
    row = {
        "page": None, "slug": "overview", "title": "Overview", "place": "Under “Who it is for”", "line": 3,
        "entry": None, "quote": "Adults.", "words": "From which age?", "by": "Rae Reviewer", "edition": 1, "done": True,
        "reply": "From 18 on.", "replied_by": "Ada Author",
    }  # fmt: skip
    edition = Edition.objects.with_state().select_related("guide").get(pk=edition.pk)
    edition.answered_comments = [row, {**row, "done": False, "reply": "", "replied_by": ""}]
    monkeypatch.setattr(editions, "edition_or_404", lambda pk: edition)
    text = Page(screen(cast["reviewer"], edition).content.decode()).text
    assert "Overview: Under “Who it is for” Adults. From which age? Rae Reviewer, on edition 1" in text
    assert "done Ada Author: From 18 on." in text
    assert "not marked as done Nobody answered it." in text


def test_after_a_return_the_next_reviewer_sees_what_was_changed_since(edition, guide, cast):
    actions.give_back(edition, by=cast["reviewer"], note="Shorter.")
    builders.write(guide, cast["author"], "preparation", "Eat nothing.")
    second = builders.submitted(guide, cast["author"], "Preparation.")
    context = screen(cast["reviewer"], second).context
    assert context["returned"] == edition
    assert [shown.title for shown in context["changed_since_returned"]] == ["Preparation"]
    assert "What was changed since edition 1, which was returned" in screen(cast["reviewer"], second).content.decode()
