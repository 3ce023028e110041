"""A guide that nobody keeps up to date goes into the archive, and comes back as it was."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from education import actions
from education.actions import Refused
from education.models import Archiving, Edition, Page, Reopening, State
from education.newsroom import choices, standing, with_standing, work_of
from education.rules import ARCHIVED, NotPermitted, Verb, WrongState, why_not
from education.sources import source_work
from tests import builders
from tests.education import sourced
from tests.education.whole_record import breaks, in_state, state_of, tamper

REASON = "We no longer offer this treatment."


def archived(guide, by, reason=REASON) -> Archiving:
    return actions.archive_guide(guide, by=by, reason=reason)


# What is refused


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_only_who_may_publish_archives_and_brings_back(live, guide, cast, who):
    with pytest.raises(NotPermitted, match="put a guide into the archive"):
        archived(guide, cast[who])
    archived(guide, cast["author"])
    with pytest.raises(NotPermitted, match="bring a guide back"):
        actions.reopen_guide(guide, by=cast[who])
    assert (Archiving.objects.count(), Reopening.objects.count()) == (1, 0)


@pytest.mark.parametrize("reason", ["", " \n\t "])
def test_archiving_wants_a_reason(live, guide, cast, reason):
    with pytest.raises(Refused, match="Patients will read it") as refusal:
        archived(guide, cast["author"], reason)
    assert refusal.value.field == "reason"
    assert not Archiving.objects.exists()


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        (State.IN_REVIEW, "Have a reviewer decide on it, or take it back."),
        (State.APPROVED, "Publish it, or take it back."),
        (State.SCHEDULED, "Cancel its publication first."),
    ],
)
def test_a_guide_with_an_edition_under_way_does_not_go_into_the_archive(guide, cast, state, instead):
    builders.published(guide, cast)
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Other words.")
    in_state(state, guide, cast)
    with pytest.raises(WrongState) as refusal:
        archived(guide, cast["author"])
    assert str(refusal.value).startswith(f"Edition 2 is {state}. {instead}")
    assert not Archiving.objects.exists()


def test_a_guide_goes_into_the_archive_once_and_comes_back_once(live, guide, cast):
    with pytest.raises(WrongState, match="not in the archive"):
        actions.reopen_guide(guide, by=cast["author"])
    archived(guide, cast["author"])
    with pytest.raises(WrongState, match=r"in the archive already\. Ada Author put it there\."):
        archived(guide, cast["reviewer"])
    actions.reopen_guide(guide, by=cast["reviewer"])
    with pytest.raises(WrongState, match="not in the archive"):
        actions.reopen_guide(guide, by=cast["author"])
    assert (Archiving.objects.count(), Reopening.objects.count()) == (1, 1)


def test_while_a_guide_is_archived_nothing_but_withdrawing_is_done_with_it(guide, cast):
    first = builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Other words.")
    archived(guide, cast["author"])
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Words that are saved all the same.")
    author, reviewer = cast["author"], cast["reviewer"]
    for tried in (
        lambda: builders.submitted(guide, author),
        lambda: actions.publish(first, by=author),
        lambda: actions.publish(first, by=author, live_from=timezone.now() + timedelta(days=1)),
        lambda: actions.confirm(second, by=reviewer, judged=second.content_hash),
    ):
        with pytest.raises(WrongState, match=r"Bring (it|the guide) back"):
            tried()
    shown = Edition.objects.with_state().get(pk=first.pk)
    assert why_not(Verb.PUBLISH, author, shown) == "The guide is in the archive. Bring it back first."
    assert why_not(Verb.WITHDRAW, author, shown) == ""
    possible = {one.verb for one in choices(guide.editions.with_state(), author) if not one.why_not}
    approving = next(one for one in choices(guide.editions.with_state(), author) if one.verb is Verb.APPROVE)
    assert approving.why_not == ARCHIVED, "submitting is no way out of the archive"
    assert possible == {Verb.WITHDRAW}


# What becomes of it


def test_the_live_edition_is_archived_and_live_again_when_the_guide_comes_back(guide, cast):
    first = builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Other words.")
    row = archived(guide, cast["author"], f"  {REASON}\r\n")
    assert (row.reason, row.made_by_name, row.made_by_role) == (REASON, "Ada Author", "editor")
    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.ARCHIVED)
    assert not Edition.objects.live().exists()
    assert set(Edition.objects.public()) == {first, second}
    actions.reopen_guide(guide, by=cast["reviewer"])
    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.LIVE)
    archived(guide, cast["reviewer"])
    assert state_of(second) is State.ARCHIVED
    assert breaks(guide) == []


def test_only_the_guide_that_was_archived_leaves_the_site(live, guide, cast):
    other = builders.published(builders.guide(cast["author"], title="Heat", slug="heat"), cast)
    archived(guide, cast["author"])
    assert list(Edition.objects.live()) == [other]
    assert state_of(other) is State.LIVE


def test_a_dangerous_text_can_be_withdrawn_from_the_archive_and_stays_withdrawn(live, guide, cast):
    archived(guide, cast["author"])
    actions.withdraw(live, by=cast["author"], reason="It named a wrong dose.")
    assert state_of(live) is State.WITHDRAWN
    actions.reopen_guide(guide, by=cast["author"])
    assert state_of(live) is State.WITHDRAWN
    assert not Edition.objects.live().exists()


def test_a_guide_that_was_never_live_may_go_too(guide, cast):
    actions.give_back(builders.submitted(guide, cast["author"]), by=cast["reviewer"], note="Shorter.")
    archived(guide, cast["author"])
    assert not Edition.objects.public().exists()
    actions.reopen_guide(guide, by=cast["author"])
    builders.published(guide, cast)


def test_both_are_told_in_the_log(live, guide, cast, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)
    with django_capture_on_commit_callbacks(execute=True):
        archived(guide, cast["author"])
        actions.reopen_guide(guide, by=cast["author"])
    said = [one.getMessage() for one in caplog.records if "archive" in one.getMessage()]
    assert said == [
        f"guide {guide.pk} archived by account {cast['author'].pk}",
        f"guide {guide.pk} brought back from the archive by account {cast['author'].pk}",
    ]


def test_the_states_cost_one_query_however_many(guide, cast, django_assert_num_queries):
    builders.published(guide, cast)
    builders.next_edition(guide, cast, "Other words.")
    archived(guide, cast["author"])
    with django_assert_num_queries(1):
        assert len([edition.state for edition in Edition.objects.with_state()]) == 2


# Staff are not asked for it any more


def test_nobody_is_reminded_of_an_archived_guide(guide, cast, time_machine):
    actions.give_back(builders.submitted(guide, cast["author"]), by=cast["reviewer"], note="Shorter.")
    live = builders.published(guide, cast)
    actions.give_back(
        builders.submitted(_changed(guide, cast), cast["author"]), by=cast["reviewer"], note="Shorter, please."
    )
    time_machine.move_to(timezone.now() + timedelta(days=400))
    assert work_of(cast["author"]).due
    assert work_of(cast["author"]).handed_back
    archived(guide, cast["author"])
    stands = standing(with_standing(type(guide).objects.all()).get())
    assert (stands.live, stands.next_review_due, stands.handed_back) == (None, None, None)
    assert stands.archived_since is not None
    assert not work_of(cast["author"]).due
    assert not work_of(cast["author"]).handed_back
    assert state_of(live) is State.ARCHIVED


def _changed(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Other words.")
    return guide


def test_a_doubtful_source_of_an_archived_guide_waits_for_nobody(cast):
    guide = sourced.sourced(cast)
    sourced.checked("old-2001", cast["reviewer"])
    assert source_work().doubts
    archived(guide, cast["author"])
    assert source_work().doubts == []


# What goes on working


def test_an_archived_guide_is_exported_rendered_anew_and_verified(live, guide, cast, tmp_path, capsys):
    archived(guide, cast["author"])
    call_command("export_guide", guide.slug, tmp_path / "copy")
    call_command("export_guide", guide.slug, tmp_path / "edition", "--edition", "1")
    call_command("rerender_editions", "--guide", guide.slug)
    call_command("verify_editions")
    assert "All in order." in capsys.readouterr().out
    edition, copy = (
        (tmp_path / name / "01-overview.md").read_text().split("\n+++\n")[1] for name in ("edition", "copy")
    )
    assert edition == copy


def test_verification_names_a_guide_that_went_twice_or_came_back_too_early(live, guide, cast):
    first = archived(guide, cast["author"])
    actions.reopen_guide(guide, by=cast["author"])
    second = archived(guide, cast["author"])
    tamper(second, made_at="2020-01-01 00:00:00+00:00")
    found = breaks(guide)
    assert f"Archiving {second.pk} (cold-therapy): the guide was in the archive already" in found
    tamper(first.reopening, made_at="2019-01-01 00:00:00+00:00")
    assert any("it brought the guide back before the guide went" in line for line in breaks(guide))


def test_verification_names_what_was_submitted_and_published_while_a_guide_was_archived(guide, cast):
    row = archived(guide, cast["author"])
    tamper(row, made_at="2020-01-01 00:00:00+00:00")
    actions.reopen_guide(guide, by=cast["author"])
    edition = builders.published(guide, cast)
    assert breaks(guide) == []
    tamper(Reopening.objects.get(), made_at="2999-01-01 00:00:00+00:00")
    assert [line.partition(": ")[2] for line in breaks(guide)] == [
        "it was submitted while the guide was in the archive",
        "it was made while the guide was in the archive",
    ]
    assert state_of(edition) is State.LIVE
