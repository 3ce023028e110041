"""verify_editions names every decision on record that cannot have come about as it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection

from clinic.models import User
from education.models import Edition, Guide
from tests.education.whole_record import erase, only_breaks, tamper

SQLITE = connection.vendor == "sqlite"
FIRST, SECOND, THIRD = "cooling, edition 1", "cooling, edition 2", "cooling, edition 3"


@pytest.fixture
def guide(record) -> Guide:
    """A guide of three editions: withdrawn, cancelled and returned, live and confirmed."""
    return record


def _edition(guide: Guide, number: int) -> Edition:
    return guide.editions.get(number=number)


def test_a_review_of_another_content_is_named(guide):
    review = _edition(guide, 3).reviews.get(decision="confirmed")
    tamper(review, content_hash="0" * 64)
    only_breaks(guide, f"Review {review.pk} ({THIRD}): it judged content {'0' * 64}")


def test_a_review_that_is_dishonest_about_the_second_person_is_named(guide):
    review = _edition(guide, 3).reviews.get(decision="approved")
    tamper(review, by_second_person=False)
    only_breaks(
        guide, f"Review {review.pk} ({THIRD}): it says that the submitter made it, which its account contradicts"
    )
    tamper(review, by_second_person=True, made_by_id=User.objects.get(username="author").pk)
    only_breaks(guide, "it says that a second person made it, which its account contradicts")


def test_a_next_review_date_that_is_missing_is_named_where_the_database_lets_it_be(guide):
    review = _edition(guide, 3).reviews.get(decision="approved")
    with _without_check("education_review", "review_approval_sets_next_date"):
        tamper(review, next_review_due=None)
        only_breaks(guide, f"Review {review.pk} ({THIRD}): it is “approved” and its next review date is None")


def test_a_publication_without_an_approval_is_named(guide):
    edition = _edition(guide, 3)
    erase(edition.reviews.get(decision="approved"))
    only_breaks(guide, f"Publication {edition.publications.get().pk} ({THIRD}): no approval of this content stood at")


def test_a_publication_before_its_approval_is_named(guide):
    edition = _edition(guide, 3)
    later = edition.publications.get().made_at + timedelta(microseconds=1)
    tamper(edition.reviews.get(decision="approved"), made_at=_stored(later))
    only_breaks(guide, "no approval of this content stood at")


def test_a_publication_after_a_return_is_named(guide):
    """Edition 2 was approved, scheduled, cancelled and returned; a publication after that had no approval any more."""
    edition = _edition(guide, 2)
    returned = edition.reviews.get(decision="returned").made_at
    tamper(edition.publications.get(), made_at=_stored(returned))
    only_breaks(guide, f"({SECOND}): no approval of this content stood at")


def test_a_cancellation_that_came_too_late_is_named(guide):
    publication = _edition(guide, 2).publications.get()
    tamper(publication.cancellation, made_at=_stored(publication.live_from))
    only_breaks(guide, f"Cancellation {publication.cancellation.pk} ({SECOND}): it cancelled a publication at")


def test_a_withdrawal_of_what_was_not_live_is_named(guide):
    edition = _edition(guide, 1)
    before = edition.publications.get().live_from - timedelta(seconds=1)
    tamper(edition.withdrawal, made_at=_stored(before))
    only_breaks(guide, f"Withdrawal {edition.withdrawal.pk} ({FIRST}): the edition was not live before")


def _stored(moment: datetime) -> object:
    """Return a moment as the database's own driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


@contextmanager
def _without_check(table: str, name: str) -> Iterator[None]:
    """Let rows break a check constraint, as a damaged or doctored database may."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA ignore_check_constraints = ON" if SQLITE else f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'
        )
        yield
        if SQLITE:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
