"""Publish now, later, again; cancel; withdraw: what is refused and what patients then see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from education import actions
from education.actions import signing
from education.models import Edition, Guide, Publication, State
from education.rules import NotPermitted, WrongState
from tests import builders
from tests.education.whole_record import erase, in_state, state_of

DAY = timedelta(days=1)


def _live(guide: Guide) -> Edition | None:
    return Edition.objects.live().filter(guide=guide).first()


@pytest.fixture
def pair(guide, cast) -> tuple[Edition, Edition]:
    """Two editions: the first superseded, the second live."""
    first = builders.published(guide, cast)
    return first, builders.next_edition(guide, cast, "Other.")


# Refusals


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(microseconds=1), DAY])
def test_nothing_is_published_in_the_past(guide, cast, time_machine, ago):
    edition = builders.approved(guide, cast)
    now = timezone.now() + DAY
    time_machine.move_to(now, tick=False)
    with pytest.raises(actions.Refused, match=r"That moment has passed. Choose a later one, or publish now") as refusal:
        actions.publish(edition, by=cast["author"], live_from=timezone.now() - ago)
    assert refusal.value.field == "live_from"
    assert not edition.publications.exists()


def test_while_one_publication_waits_no_other_is_accepted(pair, guide, cast, time_machine):
    first, second = pair
    when = datetime(2027, 3, 1, 14, 30, tzinfo=UTC)
    time_machine.move_to(when - DAY)
    actions.publish(first, by=cast["author"], live_from=when)
    for live_from in (None, when + DAY):
        with pytest.raises(WrongState, match=r"Edition 1 is scheduled; .*Cancel its publication first"):
            actions.publish(first, by=cast["author"], live_from=live_from)
    with pytest.raises(WrongState, match="Edition 2 is live"):
        actions.publish(second, by=cast["author"])


def test_another_edition_is_not_published_while_one_waits_and_the_refusal_says_for_when(guide, cast, time_machine):
    time_machine.move_to(datetime(2027, 2, 28, tzinfo=UTC))
    builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Second.")
    builders.next_edition(guide, cast, "Third.")
    actions.publish(second, by=cast["author"], live_from=datetime(2027, 3, 1, 14, 30, tzinfo=UTC))
    for live_from in (None, datetime(2027, 4, 1, tzinfo=UTC)):
        with pytest.raises(WrongState) as refusal:
            actions.publish(guide.editions.get(number=1), by=cast["author"], live_from=live_from)
        assert str(refusal.value) == "Edition 2 is scheduled for 1 March 2027, 09:30. Cancel that first; then publish."


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_a_superseded_edition_is_not_scheduled_beside_one_under_way_but_can_be_published_now(pair, guide, cast, state):
    first, _ = pair
    builders.write(guide, cast["author"], "preparation", "Third.")
    third = builders.submitted(guide, cast["author"], "Third.")
    if state is State.APPROVED:
        actions.approve(third, by=cast["reviewer"], judged=third.content_hash)
    with pytest.raises(WrongState, match=f"Edition 3 is {state}. .*You can publish this edition now."):
        actions.publish(first, by=cast["author"], live_from=timezone.now() + DAY)
    actions.publish(first, by=cast["author"])
    assert _live(guide) == first
    assert state_of(third) is state


def test_an_edition_whose_approval_is_gone_is_not_published(guide, cast):
    edition = builders.approved(guide, cast)
    erase(edition.reviews.get())
    with pytest.raises(WrongState, match="you can publish only one that is approved"):
        actions.publish(edition, by=cast["author"])


@pytest.mark.parametrize("reason", ["", "\r\n "])
def test_a_withdrawal_says_why(live, cast, reason):
    with pytest.raises(actions.Refused, match=r"Give the reason. Patients will read it") as refusal:
        actions.withdraw(live, by=cast["author"], reason=reason)
    assert refusal.value.field == "reason"
    assert state_of(live) is State.LIVE


def test_a_withdrawn_edition_cannot_be_published_again(pair, cast):
    first, second = pair
    for edition in (first, second):
        actions.withdraw(edition, by=cast["author"], reason="Wrong dose.")
        for live_from in (None, timezone.now() + DAY):
            with pytest.raises(WrongState, match=r"is withdrawn; .*Publish another edition, or submit the guide again"):
                actions.publish(edition, by=cast["author"], live_from=live_from)


def test_a_scheduled_edition_cannot_be_withdrawn_before_it_is_cancelled(pair, cast):
    first, _ = pair
    actions.publish(first, by=cast["author"], live_from=timezone.now() + DAY)
    with pytest.raises(WrongState, match="Cancel its publication first"):
        actions.withdraw(first, by=cast["author"], reason="Wrong dose.")
    actions.cancel(first, by=cast["author"])
    actions.withdraw(first, by=cast["author"], reason="Wrong dose.")
    assert state_of(first) is State.WITHDRAWN


def test_a_publication_that_has_begun_cannot_be_cancelled(guide, cast, time_machine):
    edition = builders.approved(guide, cast)
    when = timezone.now() + DAY
    actions.publish(edition, by=cast["author"], live_from=when)
    time_machine.move_to(when, tick=False)
    with pytest.raises(WrongState, match="Edition 1 is live"):
        actions.cancel(edition, by=cast["author"])


def test_a_cancellation_that_waited_for_its_turn_until_the_publication_began_is_refused(
    guide, cast, time_machine, monkeypatch
):
    """Whoever waits for the guide's row must judge by the time after the wait."""
    edition = builders.approved(guide, cast)
    actions.publish(edition, by=cast["author"], live_from=timezone.now() + DAY)
    held = signing.locked_guide

    def after_a_wait(guide_id: int) -> Guide:
        row = held(guide_id)
        time_machine.move_to(timezone.now() + 2 * DAY)
        return row

    monkeypatch.setattr(signing, "locked_guide", after_a_wait)
    with pytest.raises(WrongState, match="Edition 1 is live"):
        actions.cancel(edition, by=cast["author"])
    assert _live(guide) == edition


def test_a_naive_moment_is_a_fault_of_the_caller_and_publishes_nothing(guide, cast):
    edition = builders.approved(guide, cast)
    with pytest.raises(TypeError):
        actions.publish(edition, by=cast["author"], live_from=datetime(2099, 1, 1))
    assert not Publication.objects.exists()


# What happens


def test_publishing_now_makes_an_edition_live_at_that_moment(guide, cast, time_machine):
    edition = builders.approved(guide, cast)
    assert _live(guide) is None
    moment = timezone.now().replace(year=2027, microsecond=9)
    time_machine.move_to(moment, tick=False)
    publication = actions.publish(edition, by=cast["reviewer"])
    publication.refresh_from_db()
    assert publication.live_from == publication.made_at == moment
    assert publication.made_by_name == "Rae Reviewer"
    assert _live(guide) == edition


def test_a_scheduled_edition_leaves_the_live_one_alone_until_its_time(guide, cast, live, time_machine):
    builders.write(guide, cast["author"], "side-effects", "Other.")
    second = builders.approved(guide, cast, what_changed="Other.")
    when = timezone.now() + DAY
    actions.publish(second, by=cast["author"], live_from=when)
    assert (state_of(live), state_of(second)) == (State.LIVE, State.SCHEDULED)
    time_machine.move_to(when)
    assert (state_of(live), state_of(second)) == (State.SUPERSEDED, State.LIVE)


def test_a_cancelled_edition_is_approved_again_and_can_be_published(guide, cast):
    edition = in_state(State.SCHEDULED, guide, cast)
    cancellation = actions.cancel(edition, by=cast["reviewer"])
    assert cancellation.made_by_name == "Rae Reviewer"
    assert state_of(edition) is State.APPROVED
    actions.publish(edition, by=cast["author"])
    assert _live(guide) == edition


def test_a_cancelled_republication_leaves_an_edition_superseded(pair, cast):
    first, second = pair
    actions.publish(first, by=cast["author"], live_from=timezone.now() + DAY)
    actions.cancel(first, by=cast["author"])
    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.LIVE)


def test_an_edition_can_be_scheduled_and_cancelled_again_and_again(guide, cast):
    edition = builders.approved(guide, cast)
    for days in (1, 2, 3):
        actions.publish(edition, by=cast["author"], live_from=timezone.now() + days * DAY)
        actions.cancel(edition, by=cast["author"])
    assert edition.publications.count() == 3
    assert state_of(edition) is State.APPROVED


def test_a_superseded_edition_can_be_published_again_without_another_review(pair, guide, cast):
    first, second = pair
    actions.publish(first, by=cast["author"])
    assert (state_of(first), state_of(second)) == (State.LIVE, State.SUPERSEDED)
    actions.publish(second, by=cast["author"])
    assert _live(guide) == second
    assert first.reviews.count() == 1


def test_after_a_withdrawal_the_guide_is_not_live_and_never_falls_back_by_itself(pair, guide, cast):
    first, second = pair
    withdrawal = actions.withdraw(second, by=cast["reviewer"], reason=" Wrong\r\ndose. ")
    assert (withdrawal.reason, withdrawal.made_by_name) == ("Wrong\ndose.", "Rae Reviewer")
    assert _live(guide) is None
    assert Edition.objects.latest_published().get() == second
    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.WITHDRAWN)
    actions.publish(first, by=cast["author"])
    assert _live(guide) == first


def test_withdrawing_a_superseded_edition_leaves_the_live_one(pair, guide, cast):
    first, second = pair
    actions.withdraw(first, by=cast["author"], reason="Wrong dose.")
    assert _live(guide) == second


def test_a_scheduled_edition_becomes_live_even_if_the_live_one_is_withdrawn_meanwhile(guide, cast, live, time_machine):
    builders.write(guide, cast["author"], "side-effects", "Other.")
    second = builders.approved(guide, cast, what_changed="Other.")
    actions.publish(second, by=cast["author"], live_from=timezone.now() + DAY)
    actions.withdraw(live, by=cast["author"], reason="Wrong dose.")
    assert _live(guide) is None
    time_machine.move_to(timezone.now() + DAY)
    assert _live(guide) == second


def test_an_edition_of_another_guide_is_neither_in_the_way_nor_touched(guide, cast, live):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    in_state(State.SCHEDULED, other, cast)
    second = builders.next_edition(guide, cast, "Other.")
    actions.withdraw(second, by=cast["author"], reason="Wrong dose.")
    assert state_of(other.editions.get()) is State.SCHEDULED


def test_those_who_may_not_publish_are_told_so_whatever_the_state(guide, cast):
    edition = in_state(State.SCHEDULED, guide, cast)
    for person in (cast["front_desk"], cast["outsider"]):
        with pytest.raises(NotPermitted, match="Only an editor or a reviewer can publish an edition"):
            actions.publish(edition, by=person)
