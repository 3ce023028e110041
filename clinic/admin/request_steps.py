"""What can be done with a request: each step with its form, its action and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from clinic import actions
from clinic.actions.requests import why_not
from clinic.forms import AssignForm, CloseForm, ContactForm, OptionalNoteForm, RequestNoteForm
from clinic.forms.requests import StepForm
from clinic.models import ConsultationRequest, RequestStep
from clinic.rules import front_desk

Kind = RequestStep.Kind


@dataclass(frozen=True)
class Step:
    """`act` takes the request, `by`, and what the form gives."""

    kind: str
    label: str
    explained: str
    form: type[forms.Form]
    act: Callable[..., Any]
    done: str


STEPS: Mapping[str, Step] = {
    "take": Step(
        Kind.ASSIGNED, "Assign to me", "Others see that you look after it.", StepForm, actions.assign, "is yours"
    ),
    "assign": Step(
        Kind.ASSIGNED,
        "Assign to a colleague",
        "They see it in the list under their name.",
        AssignForm,
        actions.assign,
        "is assigned",
    ),
    "contact": Step(
        Kind.CONTACTED,
        "Mark as contacted",
        "Also when you left a message: say so under “How”.",
        ContactForm,
        actions.contact,
        "is marked as contacted",
    ),
    "book": Step(
        Kind.BOOKED,
        "Mark as booked",
        "You agreed on a date. Put the appointment itself into your calendar.",
        OptionalNoteForm,
        actions.book,
        "is marked as booked",
    ),
    "close": Step(
        Kind.CLOSED,
        "Close",
        "Nothing more is to be done. Some time later it is erased by itself.",
        CloseForm,
        actions.close,
        "is closed",
    ),
    "reopen": Step(
        Kind.REOPENED,
        "Open again",
        "There is more to do. It stands as contacted, or as new if nobody reached them. A date that still holds is "
        "marked as booked again.",
        OptionalNoteForm,
        actions.reopen,
        "is open again",
    ),
    "note": Step(
        Kind.NOTE,
        "Add a note",
        "Whoever opens this request reads it. Write nothing about anybody's health.",
        RequestNoteForm,
        actions.add_note,
        "has your note",
    ),
}


@dataclass(frozen=True)
class Offered:
    """A step as somebody meets it: its form, or why it cannot be taken now."""

    name: str
    step: Step
    form: forms.Form
    why_not: str


def form_of(name: str, request: ConsultationRequest, person: Any, data: Mapping[str, Any] | None = None) -> forms.Form:
    """Return a step's form. Several stand on one screen, so each has its own ids."""
    more: dict[str, Any] = {"initial": {"seen": _newest(request)}, "auto_id": f"id_{name}_%s"}
    if name == "assign":
        more["people"] = front_desk().exclude(pk__in=[person.pk, request.assigned_to_id or 0])
    return STEPS[name].form(data, **more)


def look_again(form: forms.Form, request: ConsultationRequest) -> None:
    """Let a form that was sent go again: what was done since is on the screen with it."""
    if "seen" in form.fields:
        form.data = {**form.data.dict(), "seen": _newest(request)}  # type: ignore[attr-defined]  # a QueryDict


def _newest(request: ConsultationRequest) -> int:
    return max((step.pk for step in request.steps.all()), default=0)


def offered(request: ConsultationRequest, person: Any, tried: Mapping[str, forms.Form]) -> list[Offered]:
    """Return every step; `tried` are forms with what was typed in them."""
    found = []
    for name, step in STEPS.items():
        reason = why_not(step.kind, request)
        if name == "take" and request.assigned_to_id == person.pk:
            reason = "It is yours already."
        form = tried.get(name) or form_of(name, request, person)
        found.append(Offered(name, step, form, reason))
    return found
