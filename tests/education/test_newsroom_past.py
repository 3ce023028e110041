"""Where a guide stands is read without its past, and yet as if all of it were there."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from education import actions
from education.models import Edition, Guide, State
from education.newsroom import Standing, standing, with_standing
from tests import builders


def stands(guide: Guide) -> Standing:
    return standing(with_standing(Guide.objects.filter(pk=guide.pk)).get())


def read(guide: Guide) -> list[int]:
    """Return the numbers of the editions that are read."""
    return [edition.number for edition in with_standing(Guide.objects.filter(pk=guide.pk)).get().editions.all()]


def long_past(guide: Guide, cast) -> Edition:
    """Publish four editions; return the first."""
    first = builders.published(guide, cast)
    for number in range(3):
        builders.next_edition(guide, cast, f"You can get numb skin for {number} days.")
    return first


def test_the_past_is_not_read(guide, cast):
    long_past(guide, cast)
    assert read(guide) == [4]
    assert stands(guide).live.number == 4


def test_an_older_edition_that_was_published_again_is_read_beside_the_newest(guide, cast):
    first = long_past(guide, cast)
    actions.publish(first, by=cast["author"])
    assert read(guide) == [4, 1]
    assert stands(guide).live.number == 1
    assert stands(guide).next_review_due is not None


def test_an_older_edition_that_goes_live_later_is_read(guide, cast):
    first = long_past(guide, cast)
    moment = timezone.now() + timedelta(days=2)
    actions.publish(first, by=cast["author"], live_from=moment)
    found = stands(guide)
    assert (found.open.number, found.open.state, found.goes_live) == (1, State.SCHEDULED, moment)
    assert found.live.number == 4


def test_what_is_in_review_approved_returned_or_withdrawn_is_read(guide, cast):
    long_past(guide, cast)
    builders.write(guide, cast["author"], "side-effects", "You can get sore.")
    fifth = builders.submitted(guide, cast["author"])
    assert (stands(guide).open.number, stands(guide).live.number) == (5, 4)
    actions.approve(fifth, by=cast["reviewer"], judged=fifth.content_hash)
    assert stands(guide).open.state is State.APPROVED
    actions.give_back(fifth, by=cast["reviewer"], note="Say how sore.")
    assert (stands(guide).open, stands(guide).handed_back.number) == (None, 5)
    actions.withdraw(guide.editions.get(number=4), by=cast["author"], reason="It named a wrong dose.")
    assert (stands(guide).live, stands(guide).withdrawn.number, stands(guide).handed_back.number) == (None, 4, 5)
