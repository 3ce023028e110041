"""What editors and reviewers type about an edition: submitting, judging, publishing, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from education.forms.guarded import CanonicalField

# Nobody plans a publication further ahead, and a slip of the year shows at once.
FURTHEST = timedelta(days=2 * 366)
NOTE = forms.Textarea(attrs={"rows": 3, "cols": 80})
LONGEST_REASON = 2000
NO_REASON = "Say why this is right as it is, or mend it."
NEW_LINE = "This was not in the report that you saw. Check that the reason given last time still holds, or mend it."


class SubmitForm(forms.Form):
    """What the next edition takes, and what it says of itself."""

    ticked = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        label="Pages that this edition changes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "The pages changed while you looked at them. Tick them again."},
    )
    what_changed = CanonicalField(
        label="What changed",
        help_text="In one sentence, compared with what patients read now. They will read it, and so will the reviewer.",
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        error_messages={"required": "Say in one sentence what changed, for the reviewer and for patients."},
    )
    urgent = forms.BooleanField(
        required=False,
        label="This is an urgent correction",
        help_text=(
            "A second person still has to approve it. Reviewers are told at once, and it stands first on their desk. "
            "The reason stands on the public record."
        ),
    )
    urgent_reason = CanonicalField(required=False, label="Why it is urgent", widget=NOTE)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("urgent") and "urgent_reason" in cleaned and not cleaned["urgent_reason"]:
            self.add_error("urgent_reason", "Say why it is urgent, for the reviewer and for the record.")
        if not cleaned.get("urgent"):
            cleaned["urgent_reason"] = ""
        return cleaned


class ReasonsForm(forms.Form):
    """Why what the report names is right as it is: a field for each key of a finding.

    `labels`: what each field is called, by key. `before`: reasons that were given earlier; a field that was not sent
    begins with its one. What was sent for other keys is kept in fields of its own, so that nothing typed is lost.
    """

    PREFIX = "reason-"

    def __init__(
        self, sent: Mapping[str, str] | None = None, *, labels: Mapping[str, str], before: Mapping[str, str]
    ) -> None:
        typed = self._typed(sent or {})
        kept = {key: f"Typed before, for “{key}”" for key, text in typed.items() if text.strip() and key not in labels}
        values = {self._name(key): typed.get(key, before.get(key, "")) for key in (*labels, *kept)}
        super().__init__(None if sent is None else values, initial=values)
        self._asked = set(labels)
        self._unseen = {key for key in labels if key not in typed and before.get(key)}
        for key, label in {**labels, **kept}.items():
            field = CanonicalField(
                required=False,
                label=label,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
            )
            # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
            field.widget.attrs.pop("maxlength")
            self.fields[self._name(key)] = field

    @classmethod
    def _name(cls, key: str) -> str:
        return cls.PREFIX + key.replace(" ", "/")

    @classmethod
    def _typed(cls, sent: Mapping[str, str]) -> dict[str, str]:
        names = (name for name in sent if name.startswith(cls.PREFIX))
        return {name.removeprefix(cls.PREFIX).replace("/", " "): sent[name] for name in names}

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons of a form that was sent, by key."""
        return self._typed(self.cleaned_data)

    @property
    def seen(self) -> dict[str, str]:
        """The reasons of a form that was sent, without those that this person could not have seen in it."""
        return {key: reason for key, reason in self.reasons.items() if key not in self._unseen}

    def field_of(self, key: str) -> forms.BoundField | None:
        """Return the field for the reason of a key, if the report asks for it."""
        return self[self._name(key)] if key in self._asked else None

    @property
    def kept(self) -> list[forms.BoundField]:
        """The fields with what was typed for keys that the report no longer asks for."""
        asked = {self._name(key) for key in self._asked}
        return [field for field in self if field.name not in asked]

    def ask(self, key: str) -> None:
        """Say at the field of this key, once, that its reason is missing, or was not yet seen by this person."""
        name = self._name(key)
        if name not in self.errors:
            self.add_error(name, NEW_LINE if key in self._unseen else NO_REASON)


class NoteForm(forms.Form):
    """A decision that may carry a note."""

    note = CanonicalField(required=False, label="Note (optional)", help_text="Kept on the record.", widget=NOTE)


class ReturnForm(NoteForm):
    """A return of an approved edition, which says why."""

    note = CanonicalField(required=False, label="Note", help_text="For the editors and for the record.", widget=NOTE)


class WithdrawForm(forms.Form):
    reason = CanonicalField(
        label="Reason",
        help_text="Patients will read it where the text was.",
        widget=NOTE,
        error_messages={"required": "Give the reason. Patients will read it where the text was."},
    )


class ArchiveForm(forms.Form):
    reason = CanonicalField(
        label="Reason",
        help_text="Patients will read it where the guide was, such as: We no longer offer this treatment.",
        widget=NOTE,
        error_messages={"required": "Give the reason. Patients will read it where the guide was."},
    )


class ScheduleForm(forms.Form):
    """A day and a time of the clinic's clock. It gives `live_from`, the moment that they name."""

    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as year-month-day: 2027-03-03."},
    )
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose the time.", "invalid": "Write the time as hours and minutes: 09:30."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time"].help_text = f"By the clinic's clock: {timezone.get_current_timezone_name()} time."

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("This day has passed. Choose today or a later day.")
        if day > today + FURTHEST:
            raise forms.ValidationError("This is more than two years ahead. Check the year.")
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if "day" in cleaned and "time" in cleaned:
            local = datetime.combine(cleaned["day"], cleaned["time"])
            if problem := clock_change(local):
                self.add_error("time", problem)
            else:
                return {"live_from": timezone.make_aware(local)}
        return cleaned


def clock_change(local: datetime) -> str:
    """Return why a naive local time names no one moment, or an empty text when it does."""
    zone = timezone.get_current_timezone()
    earlier, later = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if earlier is None or later is None or earlier == later:
        return ""
    if earlier < later:
        return "The clocks go forward that night, so this time does not exist. Choose an hour later."
    return "The clocks go back that night, so this time comes twice. Choose another time."
