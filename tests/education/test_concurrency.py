"""Several people at once, each with a connection of their own: one succeeds, the others are told, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clinic.models import User
from education import actions
from education.models import (
    Cancellation,
    Edition,
    EditionPage,
    Guide,
    Page,
    PageVersion,
    Publication,
    Rendering,
    Review,
    State,
    Withdrawal,
)
from education.rendering import RENDERER_VERSION
from education.rules import WrongState
from education.verification import verify_database, verify_guide
from tests import builders
from tests.education.whole_record import in_state, state_of

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 180  # seconds until a test gives up on threads that wait for each other


def together(*calls: Callable[[], object]) -> list[object]:
    """Run all calls at the same moment, each in a thread with its own connection; return results or exceptions."""
    barrier = threading.Barrier(len(calls), timeout=PATIENCE)
    results: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "sqlite":
                # Who waits for the lock asks now and then, and on a slow disk may be unlucky for long. What counts here
                # is what becomes of the rows.
                waits = f"PRAGMA busy_timeout = {PATIENCE * 1000}"
            else:
                waits = f"SET lock_timeout = '{PATIENCE}s'"
            with connection.cursor() as cursor:
                cursor.execute(waits)
            barrier.wait()
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
    return results


def _one_won(results: list[object]) -> object:
    """Return the one result; all the others were refused by the state that it brought about."""
    refused = [result for result in results if isinstance(result, WrongState)]
    won = [result for result in results if not isinstance(result, Exception)]
    assert len(won) == 1, results
    assert len(refused) == len(results) - 1, results
    return won[0]


def _in_order() -> None:
    assert list(verify_database()) == []
    for guide in Guide.objects.all():
        assert [list(found) for found in verify_guide(guide)] == [[]] * guide.editions.count()


@pytest.fixture
def cast() -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def guide(cast) -> Guide:
    return builders.guide(cast["author"])


def test_of_two_submissions_at_once_one_becomes_the_edition(guide, cast):
    _one_won(
        together(
            lambda: builders.submitted(guide, cast["author"], "By Ada."),
            lambda: builders.submitted(guide, cast["colleague"], "By Cleo."),
            lambda: builders.submitted(guide, cast["owner"], "By Olu."),
        )
    )
    assert Edition.objects.get().number == 1
    assert (EditionPage.objects.count(), Rendering.objects.count()) == (3, 3)
    _in_order()


def test_an_edition_is_either_approved_or_returned(guide, cast):
    """An approved edition can be returned too, but not by whoever decided on the edition in review."""
    edition = builders.submitted(guide, cast["author"])
    results = together(
        lambda: actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash),
        lambda: actions.give_back(edition, by=cast["second_reviewer"], note="Too long."),
    )
    decisions = list(edition.reviews.order_by("id").values_list("decision", flat=True))
    if isinstance(results[0], WrongState):
        assert decisions == ["returned"]
    else:
        assert decisions == ["approved", "returned"]
    assert state_of(edition) is State.RETURNED
    _in_order()


def test_of_two_approvals_at_once_one_counts(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    _one_won(
        together(
            lambda: actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash),
            lambda: actions.approve(edition, by=cast["second_reviewer"], judged=edition.content_hash),
        )
    )
    assert Review.objects.count() == 1


def test_of_two_returns_at_once_one_counts(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    _one_won(
        together(
            lambda: actions.give_back(edition, by=cast["reviewer"], note="Too long."),
            lambda: actions.give_back(edition, by=cast["second_reviewer"], note="Too short."),
            lambda: actions.take_back(edition, by=cast["author"]),
        )
    )
    assert Review.objects.count() == 1


@pytest.mark.parametrize("later", [None, timedelta(days=2)])
def test_of_two_publications_of_an_edition_at_once_one_counts(guide, cast, later):
    edition = builders.approved(guide, cast)
    when = later and timezone.now() + later
    _one_won(
        together(
            lambda: actions.publish(edition, by=cast["author"], live_from=when),
            lambda: actions.publish(edition, by=cast["reviewer"], live_from=when),
        )
    )
    assert Publication.objects.count() == 1
    _in_order()


def test_of_two_old_editions_scheduled_at_once_one_waits(guide, cast):
    first = builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Second.")
    builders.next_edition(guide, cast, "Third.")
    when = timezone.now() + timedelta(days=2)
    _one_won(
        together(
            lambda: actions.publish(first, by=cast["author"], live_from=when),
            lambda: actions.publish(second, by=cast["reviewer"], live_from=when),
        )
    )
    assert sorted([state_of(first), state_of(second)]) == [State.SCHEDULED, State.SUPERSEDED]


def test_publishing_again_and_withdrawing_at_once_never_leaves_a_withdrawn_edition_live(guide, cast):
    first = builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Second.")
    results = together(
        lambda: actions.publish(first, by=cast["author"]),
        lambda: actions.withdraw(first, by=cast["reviewer"], reason="Wrong dose."),
    )
    assert isinstance(results[1], Withdrawal)
    assert state_of(first) is State.WITHDRAWN
    live = Edition.objects.live().filter(guide=guide).first()
    # Withdrawn first: publishing is refused and the second stays. Published first: then it is the one withdrawn.
    assert live == (second if isinstance(results[0], WrongState) else None)
    _in_order()


def test_of_two_withdrawals_at_once_one_counts(guide, cast):
    edition = builders.published(guide, cast)
    _one_won(
        together(
            lambda: actions.withdraw(edition, by=cast["author"], reason="Wrong dose."),
            lambda: actions.withdraw(edition, by=cast["reviewer"], reason="Wrong days."),
        )
    )
    assert Withdrawal.objects.count() == 1


def test_of_two_cancellations_at_once_one_counts(guide, cast):
    edition = in_state(State.SCHEDULED, guide, cast)
    _one_won(
        together(
            lambda: actions.cancel(edition, by=cast["author"]),
            lambda: actions.cancel(edition, by=cast["reviewer"]),
        )
    )
    assert Cancellation.objects.count() == 1
    assert state_of(edition) is State.APPROVED


def test_a_submission_has_all_of_what_a_colleague_saves_meanwhile_or_nothing_of_it(guide, cast):
    page = guide.pages.get(kind="preparation")
    edition, version = together(
        lambda: builders.submitted(guide, cast["author"]),
        lambda: actions.save_page(page, by=cast["colleague"], base=None, title="New", slug="new", markdown="New."),
    )
    assert isinstance(edition, Edition)
    assert isinstance(version, PageVersion)
    taken = edition.pages.get(page=page)
    assert (taken.title, taken.slug, taken.markdown) in [
        (page.title, page.slug, page.markdown), ("New", "new", "New."),
    ]  # fmt: skip
    named = [one["name"] for one in edition.contributors]
    assert named == (["Cleo Colleague"] if taken.title == "New" else [])
    _in_order()


def test_two_renderings_of_an_edition_at_once_make_one_of_each_page(guide, cast, monkeypatch):
    edition = builders.published(guide, cast)
    for module in ("rendering", "submission"):
        monkeypatch.setattr(f"education.actions.{module}.RENDERER_VERSION", RENDERER_VERSION + 1)
    assert sorted(together(lambda: actions.rerender(edition), lambda: actions.rerender(edition))) == [0, 3]
    _in_order()


def test_pages_added_and_moved_at_once_keep_an_order_without_gaps_or_doubles(guide, cast):
    kinds = ["recovery", "cost", "benefits", "evidence"]
    results = together(
        *(lambda kind=kind: builders.page(guide, cast["author"], kind, "Text.") for kind in kinds),
        lambda: actions.move_page(guide.pages.get(kind="overview"), by=cast["colleague"], up=False),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(guide.pages.values_list("position", flat=True)) == list(range(7))


def test_two_pages_of_one_kind_at_once_are_one_page(guide, cast):
    results = together(
        lambda: builders.page(guide, cast["author"], "recovery", "By Ada."),
        lambda: builders.page(guide, cast["colleague"], "recovery", "By Cleo."),
    )
    kinds = {type(result) for result in results}
    assert kinds == {Page, actions.Refused}
    assert guide.pages.filter(kind="recovery").count() == 1


EDITORS, SAVES = 8, 5


def test_no_accepted_text_of_many_editors_of_one_page_is_lost(guide, cast):
    """Each saves five times; on a conflict they put theirs below the other's text and save again."""
    page = guide.pages.get(kind="preparation")
    start = page.versions.get()
    people = [builders.person(f"editor-{number}", "Editors") for number in range(EDITORS)]

    bases: list[tuple[int, int | None]] = []

    def work(person: User) -> list[tuple[int, PageVersion]]:
        base, text, accepted = start.pk, start.markdown, []
        for count in range(SAVES):
            mine = f"\n\nLine {count} of {person.username}."
            while True:
                try:
                    saved = actions.save_page(
                        page, by=person, base=base, title=page.title, slug=page.slug, markdown=text + mine
                    )
                except actions.EditConflict as conflict:
                    bases.append((base, conflict.base and conflict.base.pk))
                    base, text = conflict.theirs.pk, conflict.theirs.markdown
                else:
                    accepted.append((base, saved))
                    base, text = saved.pk, saved.markdown
                    break
        return accepted

    results = together(*(lambda person=person: work(person) for person in people))
    assert not [result for result in results if isinstance(result, Exception)], results
    accepted = sorted((pair for result in results for pair in result), key=lambda pair: pair[1].pk)
    assert all(started_from == shown for started_from, shown in bases)
    versions = list(page.versions.order_by("id"))
    assert len(versions) == EDITORS * SAVES + 1
    assert [saved for _, saved in accepted] == versions[1:]
    # Everyone built upon the version just before theirs, so each text holds all lines before it.
    assert [base for base, _ in accepted] == [version.pk for version in versions[:-1]]
    page.refresh_from_db()
    assert page.markdown == versions[-1].markdown
    lines = page.markdown.split("\n\n")
    for person in people:
        assert [line for line in lines if person.username in line] == [
            f"Line {count} of {person.username}." for count in range(SAVES)
        ]


def test_numbers_stay_complete_while_several_people_submit_and_take_back(guide, cast):
    people = [cast["author"], cast["colleague"], cast["owner"]]
    taken_back = threading.Condition()

    def work(person: User) -> int:
        done = 0
        while done < 4:
            try:
                edition = builders.submitted(guide, person, f"By {person}.")
                actions.take_back(edition, by=person)
            except WrongState:
                # Whoever only asked again and again would keep the one who is to take back from doing so.
                with taken_back:
                    taken_back.wait(timeout=0.1)
                continue
            done += 1
            with taken_back:
                taken_back.notify_all()
        return done

    assert together(*(lambda person=person: work(person) for person in people)) == [4, 4, 4]
    assert list(guide.editions.order_by("number").values_list("number", flat=True)) == list(range(1, 13))
    _in_order()
