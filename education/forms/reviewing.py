"""What a reviewer types: a comment on a place, answers to the questions, the note of a decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from education.actions.reviewing import LONGEST_COMMENT, LONGEST_QUOTE
from education.commented import CommentPlace
from education.forms.guarded import CanonicalField
from education.models import ReviewDraft
from education.quality.questions import (
    ACTIONABILITY,
    ANSWERS,
    JUDGEMENT,
    QUESTION,
    QUESTIONS,
    UNDERSTANDABILITY,
    asked_before,
)

ADD_COMMENT = "comment"
_TOO_LONG = "Write at most %(limit_value)d characters. You wrote %(show_value)d."
GROUPS = (
    (UNDERSTANDABILITY, "Is it easy to understand?"),
    (ACTIONABILITY, "Does it help a reader to act?"),
    (JUDGEMENT, "Can the clinic stand behind it?"),
)


class PlaceSelect(forms.Select):
    """A list of places. Each says where it stands in the text, so that a script can choose it."""

    anchors: Mapping[str, Sequence[str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if anchors := self.anchors.get(str(value)):
            option["attrs"]["data-anchors"] = " ".join(anchors)
        return option


@dataclass(frozen=True)
class Asked:
    """A question as the screen asks it."""

    field: forms.BoundField
    serves: str


class ReviewForm(forms.Form):
    """A whole review as it is written. `button`: what was pressed, for what that needs."""

    place = forms.ChoiceField(
        required=False,
        label="Place",
        widget=PlaceSelect,
        error_messages={"invalid_choice": "Choose a place of this edition."},
    )
    quote = CanonicalField(
        required=False,
        label="Which words (optional)",
        help_text="The words of the text that you mean.",
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"max_length": _TOO_LONG},
    )
    words = CanonicalField(
        required=False,
        label="Comment",
        help_text="The editor reads it at this place. It goes on the record with your decision.",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"max_length": _TOO_LONG},
    )
    note = CanonicalField(
        required=False,
        label="Note",
        help_text="For the editors and for the record. It goes with your decision, whichever you take.",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
    judged = forms.CharField(required=False, widget=forms.HiddenInput)
    # The note as this window showed it. The script takes it away once somebody writes in the note.
    noted = CanonicalField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[CommentPlace], button: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = button
        self.places = places
        self.fields["place"].widget.anchors = {one.value: one.anchors for one in places}
        self.put_first(())
        for name in ("quote", "words"):
            # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
            self.fields[name].widget.attrs.pop("maxlength", None)
        for question in QUESTIONS:
            self.fields[question.id] = forms.ChoiceField(
                required=False,
                label=question.asked,
                choices=[(answer, ANSWERS[answer]) for answer in question.answers],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choose one of the answers."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "words" not in self.errors and not cleaned.get("words"):
            if self.button == ADD_COMMENT:
                self.add_error("words", "Write your comment.")
            elif cleaned.get("quote"):
                self.add_error("words", "Write what you have to say about these words, or take them out.")
        return cleaned

    def put_first(self, changed: Collection[str]) -> None:
        """Let the list of places begin with the pages of these addresses, after the whole guide."""
        places = sorted(self.places, key=lambda one: bool(one.slug) and one.slug not in changed)
        self.fields["place"].choices = _grouped(places, changed)  # type: ignore[attr-defined]  # a ChoiceField

    def lines_of_errors(self, given: Mapping[str, str], *, urgent: bool) -> list[tuple[str, str]]:
        """Return what is wrong, each with the id of the control to go to. `given`: the answers that are kept."""
        return [
            (self._control(field), self._said(field, str(error), given, urgent))
            for field in self
            for error in field.errors
        ]

    def _control(self, field: forms.BoundField) -> str:
        return f"{field.auto_id}_0" if field.name in QUESTION else str(field.auto_id)

    def _said(self, field: forms.BoundField, error: str, given: Mapping[str, str], urgent: bool) -> str:
        if field.name not in QUESTION:
            return f"{field.label}: {error}"
        if field.name in given:
            return f"{field.label} {error}"
        count = sum(one.id not in given for one in asked_before(urgent=urgent))
        said = "1 question is open." if count == 1 else f"{count} questions are open."
        return f"{said} Begin with “{field.label}”"

    @property
    def answers(self) -> dict[str, str]:
        """The answers of a form that was judged, by id of the question."""
        return {one.id: self.cleaned_data[one.id] for one in QUESTIONS if self.cleaned_data.get(one.id)}

    @property
    def groups(self) -> list[tuple[str, str, list[Asked]]]:
        """The questions under what they are about: its name, its heading, its questions."""
        return [
            (about, title, [Asked(self[one.id], one.serves) for one in QUESTIONS if one.about == about])
            for about, title in GROUPS
        ]

    @property
    def noted_before(self) -> str | None:
        """The note that this window showed, of a form that was judged; None where it was not sent."""
        return self.cleaned_data.get("noted") if "noted" in self.data else None

    def show_instead(self, **texts: str) -> None:
        """Put these texts into their fields, in a form that is shown again."""
        self.data = {**dict(self.data.items()), **texts}

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed and chosen, with the name of its field, for somebody who can no longer send it."""
        found = []
        for field in self:
            value = str(field.value() or "")
            if value and not field.is_hidden and field.name != "place":
                found.append((str(field.label), ANSWERS.get(value, value) if field.name in QUESTION else value))
        return found


def initial_of(draft: ReviewDraft | None) -> dict[str, Any]:
    """Return what the form begins with: what was kept."""
    return {**draft.answers, "note": draft.note, "noted": draft.note} if draft else {}


def typed_answers(sent: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the answers that were sent, each behind its question, for somebody whose sign-in has run out."""
    return [(QUESTION[id_].asked, str(ANSWERS.get(answer, answer))) for id_, answer in sent.items() if id_ in QUESTION]


def _grouped(places: Iterable[CommentPlace], changed: Collection[str]) -> list[tuple[str, Any]]:
    """Return places as a select takes them: the whole guide, then each page's in a group with the page's name.

    Each names its page as well: whoever types the beginning of a name in a closed list lands there.
    """
    choices: list[tuple[str, Any]] = []
    for (slug, title), group in groupby(places, key=lambda one: (one.slug, one.title)):
        rows = [(one.value, f"{title}: {one.words[:1].lower()}{one.words[1:]}" if slug else one.words) for one in group]
        choices += [(f"{title} (changed)" if slug in changed else title, rows)] if slug else rows
    return choices
