"""One entry on the screen on which a page is written: its fields, in words for people who write for patients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.text import Truncator

from education.entries import FIRST_DAY, FREQUENCY_IN_NUMBERS, KIND_NAMED, LAST_DAY, EntryField, EntryKind, Frequency
from education.entries import canonical_entry as as_data
from education.forms.guarded import CanonicalField

# Carries the rows in their order, and begins the name of every field of theirs.
ROW = "entry"

_DAYS = "Count from the treatment: -7 is a week before, 0 the day of treatment, 14 two weeks after."

HELP: Mapping[tuple[str, str], str] = {
    ("key-fact", "label"): "A few words, such as: How long it takes. Facts with the same words stand side by side.",
    ("key-fact", "value"): "One short sentence.",
    ("key-fact", "headline"): "At most 7 facts stand in the box at the top of the overview.",
    ("benefit", "claim"): "In the words that patients use, such as: Less fat under the chin.",
    ("benefit", "evidence"): "How good the studies are. “No evidence found” is an honest answer.",
    ("benefit", "finding"): "What was seen, in how many people, and how far it can be trusted.",
    ("side-effect", "name"): "In plain words, such as: bruises.",
    ("side-effect", "figure"): "Such as: 61 in 100 people in one study of the face.",
    ("side-effect", "duration"): "Such as: 3 to 7 days. Write “Not known” where nobody knows.",
    ("side-effect", "action"): "What helps, and when to call.",
    ("contraindication", "condition"): "Such as: pregnancy.",
    ("contraindication", "question"): "Answered with yes or no, such as: Are you pregnant?",
    ("care-step", "from_day"): _DAYS,
    ("care-step", "to_day"): "The last day on which it holds. Leave it empty for a single day.",
    ("care-step", "text"): "Say it to the patient: “Wear loose clothes.”",
    ("care-step", "ask_prescriber"): "Tick it for a medicine. The page then says to ask the prescriber first.",
    ("question", "question"): "As a patient would ask it.",
    ("question", "answer"): "An empty line begins a new paragraph.",
}
REQUIRED: Mapping[tuple[str, str], str] = {
    ("key-fact", "label"): "Say what the fact is about.",
    ("key-fact", "value"): "Write the fact.",
    ("benefit", "claim"): "Write the benefit that people hope for.",
    ("benefit", "evidence"): "Choose how good the evidence is.",
    ("side-effect", "name"): "Name the side effect.",
    ("contraindication", "condition"): "Name the condition.",
    ("contraindication", "question"): "Write the question that a patient is asked.",
    ("contraindication", "advice"): "Choose what a patient should do.",
    ("contraindication", "why"): "Say why.",
    ("care-step", "from_day"): "Say on which day it begins.",
    ("care-step", "text"): "Write what to do.",
    ("question", "question"): "Write the question.",
    ("question", "answer"): "Write the answer.",
}


LONGEST_KEYS = 5000


class SourceKeysField(forms.CharField):
    """Keys of sources, with commas, semicolons or spaces between; `[@key]` is taken for the key."""

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else ", ".join(value or ())
        # Nobody types more; what is sent beyond is cut before anything looks for each key in the library.
        text = text[:LONGEST_KEYS]
        return sorted({key for part in re.split(r"[\s,;]+", text.replace("\x00", "")) if (key := part.strip("[]@"))})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(value or ())


def _form_field(kind: EntryKind, field: EntryField) -> forms.Field:
    place = (kind.name, field.name)
    options: dict[str, Any] = {
        "label": str(field.label),
        "help_text": HELP.get(place, ""),
        # A care step of one day has no second one.
        "required": field.required and field.name != "to_day",
        "error_messages": {"required": REQUIRED.get(place, "Fill this in.")},
    }
    if field.kind is bool:
        return forms.BooleanField(**options)
    if field.kind is int:
        days = forms.IntegerField(min_value=FIRST_DAY, max_value=LAST_DAY, **options)
        days.error_messages["invalid"] = "Write a whole number of days, such as -7, 0 or 14."
        return days
    if field.choices:
        nothing = "Choose …" if field.required else "Not stated yet"
        return forms.ChoiceField(choices=[("", nothing), *_choices(field)], **options)
    if field.several_lines:
        options["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "true"})
    text = CanonicalField(max_length=field.longest, **options)
    # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
    text.widget.attrs.pop("maxlength", None)
    return text


def _choices(field: EntryField) -> list[tuple[str, str]]:
    numbers = {str(one): words for one, words in FREQUENCY_IN_NUMBERS.items()} if field.choices is Frequency else {}
    found = field.choices.choices if field.choices else []
    return [(value, f"{label}: {numbers[value]}" if value in numbers else str(label)) for value, label in found]


class EntryForm(forms.Form):
    """One entry. `row` names it on the screen; `number` is its place among those that stay, None when removed."""

    removed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kind: EntryKind, row: str, initial: dict[str, Any] | None = None) -> None:
        # An entry that was added and left empty is none.
        super().__init__(
            data, prefix=f"{ROW}-{row}", initial=initial, empty_permitted=True, use_required_attribute=False
        )
        self.kind, self.row = kind, row
        self.number: int | None = None
        self.is_first = self.is_last = False
        # Which of its buttons gets the focus.
        self.focus = ""
        # What a reviewer said of it, to be shown beside its fields.
        self.comments: list[Any] = []
        for field in kind.fields:
            self.fields[field.name] = _form_field(kind, field)
        self.fields["sources"] = SourceKeysField(
            required=False,
            label="Sources",
            help_text="Keys from “Keys of your sources, terms and images”, with commas between.",
            widget=forms.TextInput(attrs={"data-sources": "", "autocomplete": "off", "spellcheck": "false"}),
        )

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in each field, as it was typed."""
        return {name: self[name].value() for name in self.fields}

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """What is typed, each with the label of its field, a choice in its words."""
        found = []
        for name, value in self.typed.items():
            if name == "removed" or not value:
                continue
            choices = dict(getattr(self.fields[name], "choices", ()))
            words = "yes" if isinstance(self.fields[name], forms.BooleanField) else choices.get(value, value)
            found.append((str(self[name].label), str(words)))
        return found

    @property
    def is_removed(self) -> bool:
        return str(self["removed"].value() or "") not in ("", "False")

    @property
    def is_filled(self) -> bool:
        """Whether it goes onto the page: it stays, and something is typed."""
        values = [value for name, value in self.typed.items() if name != "removed"]
        return not self.is_removed and any(
            value is not None and value is not False and str(value).strip() for value in values
        )

    @property
    def keys(self) -> list[str]:
        """The keys of its sources, whether they exist or not."""
        found: Any = self.fields["sources"].to_python(self["sources"].value())
        return list(found)

    @property
    def title(self) -> str:
        """What it is called on the screen: the beginning of its first text."""
        first = next(field.name for field in self.kind.fields if field.kind is str)
        return Truncator(" ".join(str(self[first].value() or "").split())).chars(60)

    @property
    def heading(self) -> str:
        """What it is called where others are named beside it. No field of an entry has this name."""
        numbered = f"{self.kind.label} {self.number}" if self.number else f"{self.kind.label}"
        return f"{numbered}: {self.title}" if self.title else numbered

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_removed:
            self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_day"), cleaned.get("to_day")
        if first is not None and last is not None and last < first:
            self.add_error("to_day", "The last day comes before the first. Exchange them.")
        return cleaned

    def shown(self, known: Iterable[str]) -> dict[str, Any] | None:
        """Return the entry as far as it can be shown before everything is right; None without its day."""
        # A judged copy: what this form shows as wrong stays as it is.
        copy = EntryForm(
            {self.add_prefix(name): value for name, value in self.typed.items()}, kind=self.kind, row=self.row
        )
        copy.full_clean()
        values: dict[str, Any] = {}
        for field in self.kind.fields:
            typed = str(self[field.name].value() or "").replace("\x00", "")
            plain = typed if field.kind is str and not field.choices else None
            values[field.name] = copy.cleaned_data.get(field.name, plain)
        if "from_day" in values and values["from_day"] is None:
            return None
        return as_data(self.kind, values, set(self.keys) & set(known))


def in_words(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return entries, as an edition keeps them, to be read: what each is called, and its fields with their labels."""
    found = []
    for number, entry in enumerate(entries, start=1):
        kind = KIND_NAMED[entry["kind"]]
        facts = [(str(field.label), _in_words(field, entry[field.name])) for field in kind.fields]
        facts.append(("Sources", ", ".join(entry["sources"])))
        found.append((f"{kind.label} {number}", [(label, words) for label, words in facts if words]))
    return found


def _in_words(field: EntryField, value: Any) -> str:
    if field.choices:
        return dict(_choices(field)).get(value, str(value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)
