"""The review of an edition as it is written: its form, what each button does, and what the screen shows beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from education import actions
from education.actions import Refused
from education.admin.edition_screen import edition_screen
from education.admin.loading import edition_or_404, edition_url
from education.admin.newsroom import NOT_SAVED, screen
from education.admin.review_form import AS_BEFORE, REMOVE, draft_of, last_review, new_form, score_lines
from education.forms import BUTTON, ReviewForm
from education.models import Edition
from education.rules import Verb, WrongState


@dataclass(frozen=True)
class Decision:
    """What a button that decides does, and what is said when it is done."""

    act: Callable[..., Any]
    done: str
    judges: bool = True


DECISIONS: Mapping[str, Decision] = {
    str(Verb.APPROVE): Decision(
        actions.approve, "Edition {number} is approved. Patients do not read it before it is published."
    ),
    str(Verb.RETURN): Decision(actions.give_back, "Edition {number} is returned to the editors.", judges=False),
    str(Verb.CONFIRM): Decision(actions.confirm, "Edition {number} is confirmed. The next review date is set anew."),
}
KEPT = "Your notes are kept. Come back to this screen whenever you like."
# The script's own button: a comment that is being typed is none yet.
AUTOSAVE = "autosave"
# Where the screen goes on after a button.
PLACES = {"comment": "#your-comments", AS_BEFORE: "#questions"}


@screen("view_edition", "review editions", (ReviewForm,), belongs_to="../change/")
@require_POST
def review(request: HttpRequest, edition: int) -> HttpResponse:
    """`…/edition/<id>/review/`: keeps all that was typed, then does what the button says."""
    row = edition_or_404(edition)
    button = request.POST.get(BUTTON, "keep")
    form = new_form(row, request.user, request.POST, button=button)
    problem, status = _tried(request, row, form, button)
    if request.accepts("text/html"):
        if problem or form.errors:
            # It may stand elsewhere by now: somebody else was quicker.
            now = edition_or_404(edition)
            return edition_screen(request, now, review=form, problem=problem, status=status)
        return redirect(edition_url(row) + _place(button))
    return _said(request, row, problem, status)


def _tried(request: HttpRequest, edition: Edition, form: ReviewForm, button: str) -> tuple[str, int]:
    """Do what a button says; return why it was refused, or an empty text, and the status of the answer."""
    try:
        _press(request, edition, form, button)
    except WrongState as wrong:
        return str(wrong), 409
    except Refused as refusal:
        if refusal.field not in form.fields:
            return str(refusal), 409
        form.add_error(refusal.field, str(refusal))
    except DatabaseError:
        return NOT_SAVED, 503
    return "", 200


def _press(request: HttpRequest, edition: Edition, form: ReviewForm, button: str) -> None:
    by: Any = request.user
    valid = form.is_valid()
    cleaned = form.cleaned_data
    note = actions.keep_draft(
        edition, by=by, answers=form.answers, note=cleaned.get("note", ""), noted=form.noted_before
    ).note
    form.show_instead(note=note)
    if valid and cleaned["words"] and button != AUTOSAVE:
        actions.add_comment(edition, by=by, **{name: cleaned[name] for name in ("place", "quote", "words")})
        form.show_instead(words="", quote="")
    if not valid:
        return
    if decision := DECISIONS.get(button):
        judged = {"judged": cleaned["judged"]} if decision.judges else {}
        decision.act(edition, by=by, note=note, **judged)
        messages.success(request, decision.done.format(number=edition.number))
    elif button.startswith(REMOVE):
        actions.remove_comment(edition, by=by, mark=button.removeprefix(REMOVE))
    elif button == AS_BEFORE and (before := last_review(edition)):
        actions.answer_as_before(edition, by=by, review=before)
        messages.success(request, f"The open questions are answered as by {before.made_by_name}. Read each answer.")
    elif button == "keep":
        messages.success(request, KEPT)


def _place(button: str) -> str:
    return PLACES["comment"] if button.startswith(REMOVE) else PLACES.get(button, "")


def _said(request: HttpRequest, edition: Edition, problem: str, status: int) -> HttpResponse:
    """Answer a script that keeps what is typed as it goes: until when it is kept, and the scores so far."""
    draft = draft_of(edition, request.user)
    if problem or draft is None:
        return JsonResponse({"problem": problem}, status=status)
    kept = date_format(timezone.localtime(draft.saved_at), "H:i")
    return JsonResponse({"kept": f"Your answers and the note are kept: {kept}.", "scores": score_lines(draft.answers)})
