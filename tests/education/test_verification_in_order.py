"""Verification has nothing to say of an edition that came about by the project's own actions, whatever its state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from education import actions
from education.models import State
from tests import builders
from tests.education.whole_record import breaks, in_state


@pytest.mark.parametrize("state", list(State))
def test_an_edition_is_in_order_in_every_state(cast, state):
    guide = builders.guide(cast["author"])
    in_state(state, guide, cast)
    assert breaks(guide) == []


def test_a_scheduled_edition_that_became_live_is_in_order(cast, time_machine):
    guide = builders.guide(cast["author"])
    in_state(State.SCHEDULED, guide, cast)
    time_machine.move_to(timezone.now() + timedelta(days=9))
    assert breaks(guide) == []


def test_a_clinic_of_one_person_is_in_order(cast, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    guide = builders.guide(cast["owner"])
    edition = builders.submitted(guide, cast["owner"])
    actions.approve(edition, by=cast["owner"], judged=edition.content_hash)
    actions.publish(edition, by=cast["owner"])
    assert breaks(guide) == []
