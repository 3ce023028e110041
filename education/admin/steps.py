"""What can be done with an edition beside judging it: each verb with its form, its action, what is said when done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from education import actions
from education.forms import NoteForm, ReturnForm, ScheduleForm
from education.models import Edition, State
from education.rules import DECISIONS, Verb, why_not


@dataclass(frozen=True)
class Step:
    """`act` takes the edition, `by`, and what the form gives. `leads_on`: towards the patients, so it comes first.

    `only_in`: the state in which it is a step by itself; elsewhere it is another's, or the state says why not.
    """

    verb: Verb
    label: str
    explained: str
    form: type[forms.Form]
    act: Callable[..., Any]
    done: str
    leads_on: bool = False
    only_in: State | None = None


STEPS: Mapping[str, Step] = {
    "publish": Step(
        Verb.PUBLISH,
        "Publish now",
        "Patients read it from this moment on.",
        forms.Form,
        actions.publish,
        "Edition {number} is live. Patients read it now.",
        leads_on=True,
    ),
    "schedule": Step(
        Verb.PUBLISH,
        "Publish at this time",
        "It goes live by itself. Until then it can be cancelled.",
        ScheduleForm,
        actions.publish,
        "Edition {number} is scheduled.",
        leads_on=True,
    ),
    "cancel": Step(
        Verb.CANCEL,
        "Cancel the publication",
        "It does not go live. It stays approved and can be published later.",
        forms.Form,
        actions.cancel,
        "The publication of edition {number} is cancelled.",
        leads_on=True,
    ),
    "take-back": Step(
        Verb.TAKE_BACK,
        "Take it back",
        "The guide can be changed and submitted again. This edition stays on the record.",
        NoteForm,
        actions.take_back,
        "Edition {number} is taken back.",
    ),
    # Before the approval a return is a button of the review.
    "return": Step(
        Verb.RETURN,
        "Return it to the editors",
        "The approval no longer counts. Say in the note what should be changed.",
        ReturnForm,
        actions.give_back,
        "Edition {number} is returned to the editors.",
        only_in=State.APPROVED,
    ),
}


@dataclass(frozen=True)
class Offered:
    """A step as a person meets it: a form when they can take it now, else one line of reason."""

    name: str
    step: Step
    form: forms.Form
    why_not: str


def form_of(name: str, data: Mapping[str, Any] | None = None) -> forms.Form:
    """Return a step's form. Several stand on one screen, so each has its own ids."""
    return STEPS[name].form(data, auto_id=f"id_{name}_%s")


def offered(edition: Edition, person: Any, tried: Mapping[str, forms.Form]) -> list[Offered]:
    """Return every step on an edition, which comes with its state; `tried` are forms with what was typed."""
    return [
        Offered(name, step, tried.get(name) or form_of(name), why_not(step.verb, person, edition))
        for name, step in STEPS.items()
        if name in tried or step.only_in in (None, edition.state)
    ]


def reasons_why_not(steps: list[Offered], edition: Edition, person: Any) -> list[tuple[str, str]]:
    """Return each verb that cannot be done now with its reason, once."""
    found = {str(one.step.verb): one.why_not for one in steps if one.why_not}
    for verb in (*DECISIONS, Verb.WITHDRAW):
        if reason := why_not(verb, person, edition):
            found[str(verb)] = reason
    return list(found.items())
