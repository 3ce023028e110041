"""Who may do what in which state: every state, every verb, every role, and the table that says so to people."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction

from clinic.models import User
from education import actions
from education.models import Edition, State
from education.rules import (
    EDITORS,
    FRONT_DESK,
    INSTEAD,
    PERMISSIONS,
    REVIEWERS,
    RULES,
    NotPermitted,
    Verb,
    WrongState,
    may,
    require_permission,
    role_of,
    why_not,
    why_wrong_state,
)
from tests import builders
from tests.education.whole_record import in_state, state_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "states.md"

DO: dict[Verb, Callable[[Edition, User], object]] = {
    Verb.TAKE_BACK: lambda edition, by: actions.take_back(edition, by=by),
    Verb.APPROVE: lambda edition, by: actions.approve(edition, by=by, judged=edition.content_hash),
    Verb.RETURN: lambda edition, by: actions.give_back(edition, by=by, note="Say how long it lasts."),
    Verb.PUBLISH: lambda edition, by: actions.publish(edition, by=by),
    Verb.CANCEL: lambda edition, by: actions.cancel(edition, by=by),
    Verb.WITHDRAW: lambda edition, by: actions.withdraw(edition, by=by, reason="It named a wrong dose."),
    Verb.CONFIRM: lambda edition, by: actions.confirm(edition, by=by, judged=edition.content_hash),
}
# Where an edition stands after each verb, done at once.
AFTER = {
    Verb.TAKE_BACK: State.TAKEN_BACK,
    Verb.APPROVE: State.APPROVED,
    Verb.RETURN: State.RETURNED,
    Verb.PUBLISH: State.LIVE,
    Verb.CANCEL: State.APPROVED,
    Verb.WITHDRAW: State.WITHDRAWN,
    Verb.CONFIRM: State.LIVE,
}
# What each group may, in words of its own: a slip in rules.PERMISSIONS must not pass unseen.
MAY = {
    EDITORS: {Verb.TAKE_BACK, Verb.PUBLISH, Verb.CANCEL, Verb.WITHDRAW},
    REVIEWERS: {Verb.APPROVE, Verb.RETURN, Verb.PUBLISH, Verb.CANCEL, Verb.WITHDRAW, Verb.CONFIRM},
    FRONT_DESK: set(),
}
JUDGEMENTS = {Verb.APPROVE, Verb.RETURN, Verb.CONFIRM}


@pytest.fixture
def people(cast) -> dict[str, tuple[User, set[Verb]]]:
    """Everybody, with the verbs that they may ever do to an edition that the author submitted."""
    author_who_reviews = cast["author"]
    author_who_reviews.groups.add(*cast["reviewer"].groups.all())
    leavers = {
        name: builders.person(name, group, is_active=False, is_superuser=name == "former-owner")
        for name, group in (("former-editor", EDITORS), ("former-reviewer", REVIEWERS), ("former-owner", EDITORS))
    }
    return {
        "submitter who also reviews": (author_who_reviews, MAY[EDITORS] | (MAY[REVIEWERS] - JUDGEMENTS)),
        "another editor": (cast["colleague"], MAY[EDITORS]),
        "reviewer": (cast["reviewer"], MAY[REVIEWERS]),
        "another reviewer": (cast["second_reviewer"], MAY[REVIEWERS]),
        "owner": (cast["owner"], set(Verb)),
        "front desk": (cast["front_desk"], MAY[FRONT_DESK]),
        "staff without a group": (cast["outsider"], set()),
        **{name: (person, set()) for name, person in leavers.items()},
    }


@pytest.mark.parametrize("state", list(State))
def test_each_person_may_do_what_the_table_says_and_nothing_else(guide, cast, people, state):
    edition = in_state(state, guide, cast)
    for verb in Verb:
        for name, (person, allowed) in people.items():
            expected: type[Exception] | None = None
            if verb not in allowed:
                expected = NotPermitted
            elif state not in RULES[verb].states:
                expected = WrongState
            shown = why_not(verb, person, Edition.objects.with_state().get(pk=edition.pk))
            assert bool(shown) is (expected is not None), f"{name} {verb} {state}"
            assert _tried(verb, person, edition) is expected, f"{name} {verb} {state}"
    assert state_of(edition) is state


def _tried(verb: Verb, person: User, edition: Edition) -> type[Exception] | None:
    """Return how the action refused, or None when it was done and led where it should. Leaves no trace."""
    try:
        with transaction.atomic():
            DO[verb](edition, person)
            assert state_of(edition) is AFTER[verb]
            transaction.set_rollback(True)
    except (NotPermitted, WrongState) as refusal:
        return type(refusal)
    return None


def test_a_superuser_who_submitted_cannot_judge_the_edition(guide, cast):
    edition = builders.submitted(guide, cast["owner"])
    for verb in (Verb.APPROVE, Verb.RETURN):
        with pytest.raises(NotPermitted, match=f"You submitted this edition. Ask a second person to {verb} it."):
            DO[verb](edition, cast["owner"])
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.publish(edition, by=cast["owner"])
    with pytest.raises(NotPermitted, match="Ask a second person to confirm it"):
        DO[Verb.CONFIRM](edition, cast["owner"])


def test_a_clinic_of_one_person_may_judge_its_own_editions_and_the_record_says_so(guide, cast, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    edition = builders.submitted(guide, cast["owner"])
    assert not actions.approve(edition, by=cast["owner"], judged=edition.content_hash).by_second_person
    actions.publish(edition, by=cast["owner"])
    assert not actions.confirm(edition, by=cast["owner"], judged=edition.content_hash).by_second_person
    assert actions.confirm(edition, by=cast["reviewer"], judged=edition.content_hash).by_second_person


def test_without_the_second_person_rule_permissions_still_count(guide, cast, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    edition = builders.submitted(guide, cast["author"])
    with pytest.raises(NotPermitted, match="Only a reviewer can approve"):
        actions.approve(edition, by=cast["author"], judged=edition.content_hash)


@pytest.mark.parametrize("verb", list(Verb))
def test_a_refusal_says_who_could_or_what_to_do_instead(guide, cast, verb):
    for state in set(State) - set(RULES[verb].states):
        said = why_wrong_state(verb, SimpleNamespace(number=4, state=state))
        assert said.startswith(f"Edition 4 is {state}; you can {verb} only one that is ")
        assert said.endswith(INSTEAD[state])
    with pytest.raises(NotPermitted, match=f"Only {RULES[verb].who} can {verb} an edition."):
        DO[verb](builders.submitted(guide, cast["author"]), cast["outsider"])


def test_every_state_has_a_way_out_in_words():
    assert set(INSTEAD) == set(State)
    assert set(RULES) == set(DO) == set(Verb)


def test_an_account_that_is_closed_may_nothing_whatever_another_backend_says_of_its_permissions():
    """Permissions may come from a directory that does not know who left."""
    closed = SimpleNamespace(is_active=False, pk=0, has_perm=lambda permission: True)
    edition = SimpleNamespace(number=4, state=State.APPROVED, made_by_id=1, is_archived=False)
    assert "Only an editor or a reviewer can publish" in why_not(Verb.PUBLISH, closed, edition)
    assert not may(closed, "view_edition")
    with pytest.raises(NotPermitted):
        require_permission(closed, "add_guide", "make a guide")


def test_nobody_signed_in_may_nothing():
    visitor = AnonymousUser()
    assert not may(visitor, "view_edition")
    with pytest.raises(NotPermitted, match="Ask the owner of the site"):
        require_permission(visitor, "add_guide", "make a guide")


def test_permissions_that_the_groups_name_exist(db):
    named = {codename for codenames in PERMISSIONS.values() for codename in codenames}
    there = Permission.objects.filter(content_type__app_label="education").values_list("codename", flat=True)
    assert named <= set(there)
    assert {rule.permission for rule in RULES.values()} <= named
    # Nobody has the right to change or delete a row of the record, and no group to delete anything but a synonym.
    assert {name for name in named if name.startswith("delete_")} == {"delete_synonym"}
    assert not named & {
        f"{verb}_{model}" for verb in ("add", "change") for model in ("edition", "review", "publication")
    }


def test_the_role_on_record_is_the_job_title_or_else_the_groups(cast):
    assert role_of(cast["reviewer"]) == "nurse"
    assert role_of(cast["second_reviewer"]) == REVIEWERS
    cast["colleague"].groups.add(*cast["reviewer"].groups.all())
    assert role_of(cast["colleague"]) == f"{EDITORS}, {REVIEWERS}"
    assert role_of(cast["owner"]) == "Owner"
    assert role_of(cast["outsider"]) == ""


# docs/states.md


def _table(heading: str) -> dict[str, list[str]]:
    """Return the cells of the document's table whose first heading this is, by the first cell of each row."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {row[0]: row[1:] for row in cells}


def _verbs(group: str, state: State) -> str:
    """Return what a group can do to an edition in a state, as the document writes it."""
    can = [
        f"{verb} ²" if rule.second_person else str(verb)
        for verb, rule in RULES.items()
        if state in rule.states and rule.permission in PERMISSIONS[group]
    ]
    return ", ".join(can) or "–"


def test_the_document_of_states_is_the_table_of_the_code():
    rows = _table("state")
    assert list(rows) == [str(state) for state in State]
    for state in State:
        assert rows[state][1:3] == [_verbs(EDITORS, state), _verbs(REVIEWERS, state)], state


def test_the_document_of_verbs_is_the_table_of_the_code():
    table = _table("verb")
    assert list(table) == [str(verb) for verb in Verb]
    for verb, (before, after) in table.items():
        assert before == ", ".join(RULES[Verb(verb)].states)
        assert after.startswith(AFTER[Verb(verb)])


@pytest.mark.parametrize("state", list(State))
def test_the_document_says_what_patients_see(guide, cast, state):
    edition = in_state(state, guide, cast)
    live = Edition.objects.live().filter(pk=edition.pk).exists()
    public = Edition.objects.public().filter(pk=edition.pk).exists()
    assert (
        _table("state")[state][3]
        == {
            (False, False): "nothing",
            (False, True): "its permalink",
            (True, True): "its pages and its permalink",
        }[live, public]
    )
