"""Times of the day as people write them, and the four of a day on which a place is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.formats import get_format

from clinic.actions.places import TIMES, wrong_times
from clinic.hours import Span, time_from

LABELS = dict(zip(TIMES, ("Opens", "Closes", "Opens again", "Closes again"), strict=True))
NO_TIME = "Write a time of the day, such as 9, 9:30 a.m., 5 p.m. or 17:00."
PARTNER = {"opens": "closes", "closes": "opens", "opens_again": "closes_again", "closes_again": "opens_again"}
MISSING = {
    "opens": "Write when it opens, or take the closing time away.",
    "closes": "Write when it closes, or take the opening time away.",
    "opens_again": "Write when it opens again, or take the closing time away.",
    "closes_again": "Write when it closes again, or take the opening time away.",
}


def shown(at: time) -> str:
    """Return a time as staff of this site write it, in a way that `time_from` reads."""
    if get_format("TIME_FORMAT") != "P":
        return f"{at:%H:%M}"
    if at == time(12):
        return "noon"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'p.m.' if at.hour >= 12 else 'a.m.'}"


def in_words(spans: Iterable[Span]) -> str:
    """Return the times of a day in one line, or “closed”."""
    return ", ".join(f"{shown(opens)} to {shown(closes)}" for opens, closes in spans) or "closed"


class TimeField(forms.Field):
    """A time of the day, typed as text: a browser's own field for times drops one that is half typed."""

    def __init__(self, *, row: str, name: str, **options: Any) -> None:
        super().__init__(
            label=f"{row}, {LABELS[name].lower()}",
            required=False,
            widget=forms.TextInput(attrs={"size": 10, "class": "time", "autocomplete": "off", "spellcheck": "false"}),
            **options,
        )
        # Beside the row's name the short one will do.
        self.short_label = LABELS[name]

    def to_python(self, value: Any) -> time | None:
        if value is None or isinstance(value, time):
            return value
        text = str(value).strip()
        found = time_from(text) if text else None
        if text and found is None:
            raise forms.ValidationError(NO_TIME, code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, time) else value


def times_fields(prefix: str, row: str) -> dict[str, forms.Field]:
    """Return the four fields of one row, by their names in the form."""
    return {f"{prefix}-{name}": TimeField(row=row, name=name) for name in TIMES}


def clean_spans(form: forms.BaseForm, prefix: str) -> tuple[Span, ...]:
    """Return the spans that a row's fields name; what is wrong with them is said at its field."""
    given: dict[str, time | None] = {name: form.cleaned_data.get(f"{prefix}-{name}") for name in TIMES}
    if any(f"{prefix}-{name}" in form.errors for name in TIMES):
        return ()
    missing = [name for name in TIMES if given[name] is None and given[PARTNER[name]] is not None]
    for name in missing:
        form.add_error(f"{prefix}-{name}", MISSING[name])
    pairs = ((given["opens"], given["closes"]), (given["opens_again"], given["closes_again"]))
    spans = tuple((opens, closes) for opens, closes in pairs if opens is not None and closes is not None)
    if missing:
        return ()
    if pairs[0] == (None, None) and spans:
        form.add_error(f"{prefix}-opens", "Write the first times here. The other two are for after a break.")
        return ()
    if refusal := wrong_times(spans):
        form.add_error(f"{prefix}-{refusal.field}", str(refusal))
        return ()
    return spans
