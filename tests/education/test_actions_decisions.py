"""Approve, return, take back, confirm: what is refused, and what the record then says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import models

from education import actions
from education.models import Edition, Guide, Review, Source, State
from education.rules import NotPermitted, WrongState
from tests import builders
from tests.education.whole_record import state_of, tamper

OTHER = "0" * 64


def _no_review(edition: Edition) -> None:
    assert not edition.reviews.exists()
    assert state_of(edition) is State.IN_REVIEW


# Refusals


@pytest.mark.parametrize("judged", [OTHER, ""])
def test_an_approval_of_another_content_is_refused(guide, cast, judged):
    edition = builders.submitted(guide, cast["author"])
    with pytest.raises(actions.Refused, match="Open it again and decide anew"):
        actions.approve(edition, by=cast["reviewer"], judged=judged)
    _no_review(edition)


def test_a_confirmation_of_another_content_is_refused(live, cast):
    with pytest.raises(actions.Refused, match="Open it again and decide anew"):
        actions.confirm(live, by=cast["reviewer"], judged=OTHER)
    assert live.reviews.count() == 1


@pytest.mark.parametrize("note", ["", " \r\n"])
def test_a_return_says_what_to_change(guide, cast, note):
    edition = builders.submitted(guide, cast["author"])
    with pytest.raises(actions.Refused, match="Say what should be changed") as refusal:
        actions.give_back(edition, by=cast["reviewer"], note=note)
    assert refusal.value.field == "note"
    _no_review(edition)


def test_two_reviewers_cannot_both_decide(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    actions.give_back(edition, by=cast["reviewer"], note="Too long.")
    with pytest.raises(WrongState, match=r"Edition 1 is returned; .*Change the guide and submit it again"):
        actions.approve(edition, by=cast["second_reviewer"], judged=edition.content_hash)
    assert edition.reviews.count() == 1


def test_an_edition_that_was_live_can_be_neither_taken_back_nor_returned(live, cast):
    for attempt in (
        lambda: actions.take_back(live, by=cast["author"]),
        lambda: actions.give_back(live, by=cast["reviewer"], note="Wrong."),
    ):
        with pytest.raises(WrongState, match="submit the guide again, or withdraw this edition"):
            attempt()


TAMPERED: dict[str, tuple[str, dict[str, object]]] = {
    "title": ("edition", {"title": "Warm therapy"}),
    "summary": ("edition", {"summary": ""}),
    "language": ("edition", {"language": "de"}),
    "sources": ("edition", {"sources": "[]"}),
    "terms": ("edition", {"terms": "[]"}),
    "page text": ("page", {"markdown": "Take twice as much."}),
    "page title": ("page", {"title": "x"}),
    "page entries": ("page", {"entries": '[{"text": "x"}]'}),
}


def _tamper(edition: Edition, part: str) -> None:
    where, values = TAMPERED[part]
    row: models.Model = edition if where == "edition" else edition.pages.get(kind="side-effects")
    tamper(row, **values)


@pytest.mark.parametrize("part", TAMPERED)
def test_an_edition_whose_stored_text_was_changed_cannot_be_approved(guide, cast, part):
    edition = builders.submitted(guide, cast["author"])
    _tamper(edition, part)
    with pytest.raises(WrongState, match=r"does not give its content hash. .*Ask the operator to run verify_editions"):
        actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    _no_review(edition)


@pytest.mark.parametrize("part", TAMPERED)
def test_an_edition_whose_stored_text_was_changed_cannot_be_published(guide, cast, part):
    edition = builders.approved(guide, cast)
    _tamper(edition, part)
    with pytest.raises(WrongState, match=r"does not give its content hash. .*Ask the operator to run verify_editions"):
        actions.publish(edition, by=cast["author"])
    assert not edition.publications.exists()


def test_a_changed_text_with_a_hash_to_fit_cannot_be_published_because_another_hash_was_approved(guide, cast):
    edition = builders.approved(guide, cast)
    _tamper(edition, "title")
    forged = Edition.objects.get(pk=edition.pk).snapshot().content_hash()
    tamper(edition, content_hash=forged)
    with pytest.raises(actions.Refused, match="another content than this edition has"):
        actions.publish(edition, by=cast["author"])
    assert not edition.publications.exists()


def test_a_confirmation_of_a_changed_text_is_refused(live, cast):
    _tamper(live, "page text")
    with pytest.raises(WrongState, match="Ask the operator"):
        actions.confirm(live, by=cast["reviewer"], judged=live.content_hash)


# What the record says


def test_an_approval_names_the_reviewer_the_content_and_the_next_date(guide, cast, time_machine):
    edition = builders.submitted(guide, cast["author"])
    moment = datetime(2027, 5, 10, 15, 0, 0, 3, tzinfo=UTC)
    time_machine.move_to(moment, tick=False)
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash, note=" Good.\r\n")
    review.refresh_from_db()
    assert (review.decision, review.note, review.content_hash) == ("approved", "Good.", edition.content_hash)
    assert (review.made_at, review.made_by, review.made_by_name) == (moment, cast["reviewer"], "Rae Reviewer")
    assert (review.made_by_role, review.by_second_person) == ("nurse", True)
    assert review.next_review_due == date(2028, 5, 10)
    assert state_of(edition) is State.APPROVED


def test_what_a_person_was_called_stays_on_record_when_the_account_changes(guide, cast):
    edition = builders.approved(guide, cast)
    reviewer = cast["reviewer"]
    reviewer.first_name, reviewer.job_title, reviewer.is_active = "Other", "surgeon", False
    reviewer.save()
    review = edition.reviews.get()
    assert (review.made_by_name, review.made_by_role) == ("Rae Reviewer", "nurse")


def test_a_returned_or_taken_back_edition_sets_no_date_and_uses_its_number_up(guide, cast):
    first = builders.submitted(guide, cast["author"])
    returned = actions.give_back(first, by=cast["reviewer"], note="Too long.")
    second = builders.submitted(guide, cast["author"], "Again.")
    taken = actions.take_back(second, by=cast["colleague"], note="A slip.")
    third = builders.submitted(guide, cast["author"], "Again.")
    assert [returned.next_review_due, taken.next_review_due] == [None, None]
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert third.content_hash == first.content_hash


def test_an_approved_edition_can_go_back_and_the_approval_stays_on_record(guide, cast):
    first = builders.approved(guide, cast)
    actions.take_back(first, by=cast["author"], note="A slip.")
    assert state_of(first) is State.TAKEN_BACK
    second = builders.approved(guide, cast)
    actions.give_back(second, by=cast["second_reviewer"], note="A slip that Rae overlooked.")
    assert state_of(second) is State.RETURNED
    assert [review.decision for review in second.reviews.all()] == ["approved", "returned"]
    with pytest.raises(WrongState, match="you can publish only one that is approved or superseded"):
        actions.publish(second, by=cast["author"])


def test_a_confirmation_renews_both_dates_and_changes_nothing_else(live, cast, time_machine):
    time_machine.move_to(datetime(2028, 2, 29, 12, tzinfo=UTC))
    actions.confirm(live, by=cast["second_reviewer"], judged=live.content_hash, note="Read again.")
    latest = live.reviews.order_by("-id").first()
    assert (latest.decision, latest.made_by_name) == ("confirmed", "Sol Second")
    assert latest.next_review_due == date(2029, 2, 28)
    assert state_of(live) is State.LIVE
    assert live.publications.count() == 1


@pytest.mark.parametrize(
    ("today", "months", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-01", 11, "2026-12-01"),
        ("2026-06-15", 12, "2027-06-15"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 36, "2031-02-28"),
        ("2026-08-31", 36, "2029-08-31"),
    ],
)
def test_the_next_review_is_due_on_the_same_day_or_the_last_of_the_month(cast, time_machine, today, months, due):
    guide = builders.guide(cast["author"], review_interval_months=months)
    edition = builders.submitted(guide, cast["author"])
    time_machine.move_to(datetime.fromisoformat(f"{today}T17:00:00+00:00"))
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert review.next_review_due == date.fromisoformat(due)


def test_the_day_of_an_approval_is_the_clinics_and_not_greenwichs(guide, cast, time_machine, settings):
    assert settings.TIME_ZONE == "America/New_York"
    edition = builders.submitted(guide, cast["author"])
    time_machine.move_to(datetime(2027, 2, 1, 4, 59, tzinfo=UTC))  # the evening of 31 January in New York
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert review.next_review_due == date(2028, 1, 31)


def test_the_interval_of_the_day_of_the_decision_counts(guide, cast, time_machine):
    edition = builders.submitted(guide, cast["author"])
    actions.save_guide(guide, by=cast["author"], review_interval_months=6)
    time_machine.move_to(datetime(2027, 3, 31, 15, tzinfo=UTC))
    review = actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert review.next_review_due == date(2027, 9, 30)


def test_the_state_is_read_anew_and_not_from_the_row_in_hand(guide, cast):
    builders.submitted(guide, cast["author"])
    stale = Edition.objects.with_state().get()
    assert stale.state is State.IN_REVIEW
    actions.take_back(stale, by=cast["author"])
    with pytest.raises(WrongState):
        actions.approve(stale, by=cast["reviewer"], judged=stale.content_hash)
    assert [review.decision for review in Review.objects.all()] == ["taken back"]


def test_a_refused_decision_does_not_say_more_to_those_who_may_not_decide(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    with pytest.raises(NotPermitted):
        actions.approve(edition, by=cast["outsider"], judged=OTHER)


def test_what_happens_to_the_guide_after_a_submission_does_not_reach_the_edition(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    builders.write(guide, cast["author"], "side-effects", "Changed since.")
    actions.save_guide(guide, by=cast["author"], title="Changed since")
    Source.objects.update(title="Changed since")
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.publish(edition, by=cast["author"])
    fresh = Edition.objects.get()
    assert fresh.snapshot().content_hash() == edition.content_hash
    assert "Changed since" not in repr(fresh.snapshot())
    assert Guide.objects.get().title == "Changed since"
