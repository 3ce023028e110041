"""Who may do what, and in which state of an edition: the table of docs/states.md as code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission

from education.models import OPEN_STATES, Edition, State

EDITORS, REVIEWERS, FRONT_DESK = "Editors", "Reviewers", "Front desk"

_LIBRARY = ("guide", "page", "source", "term", "image")
_RECORD = (
    *("sourcecheck", "edition", "review", "publication", "cancellation", "withdrawal"),
    *("archiving", "reopening"),
)
_VIEW = [f"view_{name}" for name in (*_LIBRARY, *_RECORD)]
_SYNONYMS = [f"{verb}_synonym" for verb in ("view", "add", "change", "delete")]
_MISTAKES = ["view_mistakereport", "change_mistakereport"]
PERMISSIONS = {
    EDITORS: [
        *(f"{verb}_{name}" for name in _LIBRARY for verb in ("add", "change")),
        *_VIEW,
        *_MISTAKES,
        *_SYNONYMS,
        "add_sourcecheck",
        "submit_edition",
        "publish_edition",
    ],
    REVIEWERS: [*_VIEW, *_MISTAKES, "view_synonym", "add_sourcecheck", "review_edition", "publish_edition"],
    FRONT_DESK: [],
}


class NotPermitted(Exception):
    """This person may not do this. The message says why and who may."""


class WrongState(Exception):
    """Nobody can do this now. The message says what stands in the way and what to do."""


class Verb(StrEnum):
    TAKE_BACK = "take back"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Rule:
    """What a verb needs: a permission, a state of the edition, and for judgements a second person."""

    permission: str
    states: tuple[State, ...]
    who: str
    second_person: bool = False


RULES: Mapping[Verb, Rule] = {
    Verb.TAKE_BACK: Rule("submit_edition", (State.IN_REVIEW, State.APPROVED), "an editor"),
    Verb.APPROVE: Rule("review_edition", (State.IN_REVIEW,), "a reviewer", second_person=True),
    Verb.RETURN: Rule("review_edition", (State.IN_REVIEW, State.APPROVED), "a reviewer", second_person=True),
    Verb.PUBLISH: Rule("publish_edition", (State.APPROVED, State.SUPERSEDED), "an editor or a reviewer"),
    Verb.CANCEL: Rule("publish_edition", (State.SCHEDULED,), "an editor or a reviewer"),
    Verb.WITHDRAW: Rule("publish_edition", (State.LIVE, State.SUPERSEDED, State.ARCHIVED), "an editor or a reviewer"),
    Verb.CONFIRM: Rule("review_edition", (State.LIVE,), "a reviewer", second_person=True),
}


# What can be done instead, by the state that stands in the way.
INSTEAD: Mapping[State, str] = {
    State.IN_REVIEW: "Have a reviewer decide on it, or take it back.",
    State.RETURNED: "Change the guide and submit it again.",
    State.TAKEN_BACK: "Change the guide and submit it again.",
    State.APPROVED: "Publish it, or take it back.",
    State.SCHEDULED: "Cancel its publication first.",
    State.LIVE: "To change what patients read, submit the guide again, or withdraw this edition.",
    State.SUPERSEDED: "Publish it again, or withdraw it.",
    State.WITHDRAWN: "It stays off the site for good. Publish another edition, or submit the guide again.",
    State.ARCHIVED: "Bring the guide back from the archive first, or withdraw this edition.",
}

# Why nothing but withdrawing can be done with the editions of a guide, and nothing submitted.
ARCHIVED = "The guide is in the archive. Bring it back first."


def why_not_permitted(verb: Verb, by: Any, edition: Edition) -> str:
    """Return why this person may not do this to this edition, or an empty text when they may."""
    rule = RULES[verb]
    if not by.is_active or not by.has_perm(f"education.{rule.permission}"):
        return f"Only {rule.who} can {verb} an edition."
    if rule.second_person and settings.REVIEW_BY_SECOND_PERSON and edition.made_by_id == by.pk:
        return f"You submitted this edition. Ask a second person to {verb} it."
    return ""


def why_wrong_state(verb: Verb, edition: Edition) -> str:
    """Return why this cannot be done in the edition's state, or an empty text. The edition has its state."""
    if edition.state in RULES[verb].states:
        return ARCHIVED if edition.is_archived and verb is not Verb.WITHDRAW else ""
    *others, last = RULES[verb].states
    wanted = " or ".join([", ".join(others), last] if others else [last])
    return (
        f"Edition {edition.number} is {edition.state}; you can {verb} only one that is {wanted}. "
        f"{INSTEAD[edition.state]}"
    )


def why_not(verb: Verb, by: Any, edition: Edition) -> str:
    """Return the first reason why not, state before person, or an empty text."""
    return why_wrong_state(verb, edition) or why_not_permitted(verb, by, edition)


def why_not_archive(editions: Iterable[Edition]) -> str:
    """Return why a guide cannot go into the archive now and what to do, or an empty text. The editions have states."""
    under_way = next((edition for edition in editions if edition.state in OPEN_STATES), None)
    if under_way is None:
        return ""
    return (
        f"Edition {under_way.number} is {under_way.state}. {INSTEAD[under_way.state]} "
        "A guide goes into the archive when none of its editions is under way."
    )


def require(verb: Verb, by: Any, edition: Edition) -> None:
    """Raise NotPermitted or WrongState unless this person may do this now."""
    if reason := why_not_permitted(verb, by, edition):
        raise NotPermitted(reason)
    if reason := why_wrong_state(verb, edition):
        raise WrongState(reason)


# What a review ends in. They need the same permission; which is possible depends on the state.
DECISIONS = (Verb.APPROVE, Verb.RETURN, Verb.CONFIRM)


def decisions_open_to(by: Any, edition: Edition) -> list[Verb]:
    """Return the decisions that this person can take on the edition now. It has its state."""
    return [verb for verb in DECISIONS if not why_not(verb, by, edition)]


def require_decision(by: Any, edition: Edition) -> None:
    """Raise NotPermitted or WrongState unless this person can decide on the edition now, whatever the decision."""
    if decisions_open_to(by, edition):
        return
    if reason := why_not_permitted(Verb.APPROVE, by, edition):
        raise NotPermitted(reason)
    raise WrongState(
        f"Edition {edition.number} is {edition.state}, so there is nothing to review. {INSTEAD[edition.state]}"
    )


def require_permission(by: Any, permission: str, doing: str) -> None:
    """Raise NotPermitted unless `by` is active and has `education.<permission>`."""
    if not by.is_active or not by.has_perm(f"education.{permission}"):
        raise NotPermitted(f"Your account does not let you {doing}. Ask the owner of the site.")


def may(by: Any, permission: str) -> bool:
    """Return whether the account has `education.<permission>`."""
    return bool(by.is_active and by.has_perm(f"education.{permission}"))


def role_of(person: Any) -> str:
    """Return the role that the record writes beside a name: the job title, or else the staff groups."""
    if title := getattr(person, "job_title", ""):
        return str(title)
    groups = list(person.groups.order_by("name").values_list("name", flat=True))
    return ", ".join(groups) or ("Owner" if person.is_superuser else "")


def grant(app: str, permissions: Mapping[str, Iterable[str]], *, using: str) -> None:
    """Make the groups that are missing and add their permissions of one app; none is taken away."""
    for name, codenames in permissions.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.using(using).filter(content_type__app_label=app, codename__in=list(codenames))
        )


def install_groups(**kwargs: Any) -> None:
    """Make the staff groups. Runs after every migrate, so nobody makes them by hand."""
    grant("education", PERMISSIONS, using=kwargs["using"])
