"""What the front desk types about a request for a consultation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from clinic.models import ConsultationRequest, RequestStep, User
from education.forms import CanonicalField
from education.forms.editions import clock_change

_NOTE = forms.Textarea(attrs={"rows": 3, "cols": 80})
LONGEST_NOTE = 1000
TOO_LONG = f"This note is too long. Shorten it to {LONGEST_NOTE} characters."


class StepForm(forms.Form):
    """A step with a request. `seen` is the last step that the screen showed."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class _NoteField(CanonicalField):
    """A note; one that is too long is not cut by the browser, but said to be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_NOTE, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > LONGEST_NOTE:
            raise forms.ValidationError(TOO_LONG, code="max_length")


class OptionalNoteForm(StepForm):
    note = _NoteField(required=False, label="Note (optional)")


class RequestNoteForm(forms.Form):
    note = _NoteField(label="Note", error_messages={"required": "Write the note."})


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return str(person)


class AssignForm(StepForm):
    """To whom a request is given."""

    to = PersonChoice(
        queryset=User.objects.none(),
        label="Colleague",
        empty_label="Choose somebody",
        error_messages={"required": "Choose somebody.", "invalid_choice": "Choose somebody of the list."},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField


class ContactForm(StepForm):
    """How and when a visitor was contacted. It gives `when`, or None for just now."""

    how = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *RequestStep.How.choices],
        error_messages={"required": "Say how.", "invalid_choice": "Choose one of the list."},
    )
    day = forms.DateField(
        label="Day (optional)",
        required=False,
        help_text="Only if it was not just now.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as year-month-day: 2027-03-03."},
    )
    time = forms.TimeField(
        label="Time (optional)",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as hours and minutes: 09:30."},
    )
    note = _NoteField(required=False, label="Note (optional)")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        day, time = cleaned.pop("day", None), cleaned.pop("time", None)
        cleaned["when"] = None
        if self.errors or not (day or time):
            return cleaned
        if not time:
            self.add_error("time", "Write the time too, or leave both empty if it was just now.")
            return cleaned
        local = datetime.combine(day or timezone.localdate(), time)
        if problem := clock_change(local):
            self.add_error("time", problem)
        else:
            cleaned["when"] = timezone.make_aware(local)
        return cleaned

    # The action names the moment; on the screen it stands in two fields.
    error_fields = {"when": "time"}


class CloseForm(StepForm):
    """What became of a request."""

    outcome = forms.ChoiceField(
        label="What became of it",
        choices=[("", "Choose"), *ConsultationRequest.Outcome.choices],
        error_messages={"required": "Say what became of it.", "invalid_choice": "Choose one of the list."},
    )
    note = _NoteField(required=False, label="Note (optional)")
