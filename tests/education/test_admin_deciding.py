"""The decision of a review: what its buttons ask for, where they stand, and what comes first after it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from education.models import Edition, ReviewDraft, State
from education.quality.questions import NO, QUESTIONS, YES
from tests import builders
from tests.education.desk import signed_in, url
from tests.education.reviewed import decide, press
from tests.html import Page

ACTING = [f"pemat_{number}" for number in range(20, 27)]


@pytest.fixture
def edition(guide, cast) -> Edition:
    return builders.submitted(guide, cast["author"])


def screen(person, edition):
    return signed_in(person).get(url("education_edition_change", edition.pk))


def take(person, edition, step, **sent):
    return signed_in(person).post(url("education_edition_step", edition.pk, step), sent)


def state_of(edition) -> State:
    return Edition.objects.with_state().get(pk=edition.pk).state


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["written"].form.errors)


def test_open_questions_are_one_line_that_leads_to_an_answer_of_the_first(edition, cast):
    response = decide(cast["reviewer"], edition, pemat_4="", respect="")
    shown = response.content.decode()
    asked = QUESTIONS[3].asked
    assert response.context["written"].errors == [
        ("id_review_pemat-4_0", f"2 questions are open. Begin with “{asked}”")
    ]
    assert '<a href="#id_review_pemat-4_0">' in shown
    assert 'value="yes" id="id_review_pemat-4_0"' in shown
    assert "<title>Error:" in shown
    assert state_of(edition) == State.IN_REVIEW


def test_what_is_called_wrong_cannot_be_approved_but_returned(edition, cast):
    response = decide(cast["reviewer"], edition, accuracy=NO, note="It is all right otherwise.")
    assert list(errors(response)) == ["accuracy"]
    assert decide(cast["reviewer"], edition, "return", accuracy=NO, note="The dose is wrong.").status_code == 302
    assert state_of(edition) == State.RETURNED


def test_a_score_under_the_floor_needs_a_note(edition, cast):
    low = dict.fromkeys(ACTING[:2], NO)
    response = decide(cast["reviewer"], edition, **low)
    assert "Actionability is at 71 per cent" in str(errors(response)["note"])
    assert decide(cast["reviewer"], edition, note="It is about one fact.", **low).status_code == 302
    assert state_of(edition) == State.APPROVED


def test_an_urgent_correction_is_approved_with_the_one_question_and_the_screen_says_so(guide, cast):
    edition = builders.submitted(guide, cast["author"], urgent_reason="The dose was wrong.")
    shown = screen(cast["reviewer"], edition).content.decode()
    assert shown.index("The dose was wrong.") < shown.index('class="state"')
    assert "only the last question has to be answered" in shown
    assert list(errors(press(cast["reviewer"], edition, "approve", judged=edition.content_hash))) == ["accuracy"]
    press(cast["reviewer"], edition, "approve", judged=edition.content_hash, accuracy=YES)
    assert state_of(edition) == State.APPROVED
    text = Page(screen(cast["author"], edition).content.decode()).text
    assert "It was an urgent correction: only what was answered here was asked." in text
    listed = signed_in(cast["author"]).get(url("education_edition_changelist")).content.decode()
    assert "Urgent</td>" in listed


def test_comments_alone_are_enough_to_return_it(edition, cast):
    response = press(cast["reviewer"], edition, "return")
    assert "in this note or in a comment" in str(errors(response)["note"])
    assert press(cast["reviewer"], edition, "return", words="Say how long.", place="overview").status_code == 302
    assert edition.reviews.get().note == "See the comments."
    assert not ReviewDraft.objects.exists()


def test_a_live_edition_is_confirmed_with_every_question(live, cast):
    shown = signed_in(cast["reviewer"]).get(f"{url('education_edition_change', live.pk)}?review=again")
    assert [one.name for one in shown.context["written"].buttons] == ["confirm"]
    assert list(errors(decide(cast["reviewer"], live, "confirm", respect=""))) == ["respect"]
    assert decide(cast["reviewer"], live, "confirm").status_code == 302
    assert len(live.reviews.get(decision="confirmed").answers) == len(QUESTIONS)


def test_a_live_edition_asks_nothing_before_its_review_is_due_or_somebody_wants_it(live, cast):
    shown = screen(cast["reviewer"], live)
    assert shown.context["written"] is None
    assert 'href="?review=again#review"' in shown.content.decode()
    assert "?review=again" not in screen(cast["author"], live).content.decode()
    due = live.reviews.get().next_review_due
    for days, opened in ((91, False), (90, True), (-5, True)):
        with time_machine.travel(datetime.combine(due - timedelta(days=days), time(12), tzinfo=UTC), tick=False):
            assert bool(screen(cast["reviewer"], live).context["written"]) is opened


def test_a_return_stands_before_the_questions_and_is_never_the_dark_button(edition, cast):
    shown = screen(cast["reviewer"], edition).content.decode()
    assert shown.index('id="step-return"') < shown.index('id="questions"') < shown.index('id="step-approve"')
    assert shown.count('class="default"') == 1
    assert 'class="default" id="step-approve"' in shown


def test_after_the_approval_publishing_comes_first_and_a_return_asks_only_for_a_note(edition, cast):
    decide(cast["reviewer"], edition)
    response = screen(cast["reviewer"], edition)
    shown = response.content.decode()
    assert [one.name for one in response.context["steps_first"]] == ["publish", "schedule", "return"]
    assert response.context["written"] is None
    assert "You approved this at " in shown
    assert "Rae Reviewer approved this at " in screen(cast["author"], edition).content.decode()
    assert shown.index('id="step-publish"') < shown.index('id="step-return"') < shown.index('id="changes"')
    assert re.findall(r'class="default">([^<]+)<', shown) == ["Publish now"]
    assert b"Say what should be changed" in take(cast["reviewer"], edition, "return", note=" ").content
    assert take(cast["reviewer"], edition, "return", note="A number is wrong.").status_code == 302
    assert state_of(edition) == State.RETURNED
    assert "The next submission is edition 2." in screen(cast["author"], edition).content.decode()


def test_notes_of_somebody_else_are_named_before_a_return_takes_them_along(edition, cast):
    press(cast["second_reviewer"], edition, "comment", words="Say how long.", place="overview")
    decide(cast["reviewer"], edition)
    assert b"they go on the record with it" in screen(cast["second_reviewer"], edition).content
    take(cast["second_reviewer"], edition, "return", note="See above.")
    assert [one["words"] for one in edition.reviews.get(decision="returned").comments] == ["Say how long."]


def test_a_live_edition_leads_to_what_patients_read(live, cast):
    assert (
        f'<a href="{live.guide.get_absolute_url()}">See “Cold therapy” on the site'
        in screen(cast["reviewer"], live).content.decode()
    )
