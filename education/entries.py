"""The kinds of entry: which page each stands on, what it says, and its canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from education.canonical import canonical_text


class Evidence(TextChoices):
    """How good the evidence for a benefit is."""

    GOOD = "good", _("Good evidence")
    SOME = "some", _("Some evidence")
    LITTLE = "little", _("Little evidence")
    NONE_FOUND = "none-found", _("No evidence found")
    AGAINST = "against", _("Evidence against it")


class Frequency(TextChoices):
    """How often a side effect comes: bounds after the Council for International Organizations of Medical Sciences."""

    VERY_COMMON = "very-common", _("Very common")
    COMMON = "common", _("Common")
    UNCOMMON = "uncommon", _("Uncommon")
    RARE = "rare", _("Rare")
    NOT_KNOWN = "not-known", _("Not known")


# Words and numbers together: words alone are read as more often than they mean.
FREQUENCY_IN_NUMBERS = {
    Frequency.VERY_COMMON: _("at least 1 in 10 people"),
    Frequency.COMMON: _("between 1 and 10 in 100 people"),
    Frequency.UNCOMMON: _("between 1 and 10 in 1,000 people"),
    Frequency.RARE: _("fewer than 1 in 1,000 people"),
}


class Advice(TextChoices):
    """What a contraindication means for somebody whom it concerns."""

    DO_NOT_BOOK = "do-not-book", _("Do not book")
    TELL_US_FIRST = "tell-us-first", _("Tell us first")


ADVICE_MEANS = {
    Advice.DO_NOT_BOOK: _("If one of these is true for you, do not book this treatment. Talk to us or to your doctor."),
    Advice.TELL_US_FIRST: _("If one of these is true for you, or you are not sure, tell us before you book."),
}


@dataclass(frozen=True)
class EntryField:
    """One value of an entry. `kind` is str, int or bool; `longest` is in characters."""

    name: str
    label: Any
    kind: type = str
    required: bool = True
    longest: int = 300
    choices: type[TextChoices] | None = None
    several_lines: bool = False


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry. Its first field tells one entry from another in lists and differences."""

    name: str
    label: Any
    plural: Any
    pages: tuple[str, ...]
    fields: tuple[EntryField, ...]

    def title_of(self, entry: Mapping[str, Any]) -> str:
        """Return what an entry is called: its first text."""
        return str(entry[next(field.name for field in self.fields if field.kind is str)])


MOST_HEADLINES = 7
FIRST_DAY, LAST_DAY = -365, 730

KINDS = (
    EntryKind(
        "key-fact",
        _("Key fact"),
        _("Key facts"),
        ("overview",),
        (
            EntryField("label", _("What it is about"), longest=120),
            EntryField("value", _("Fact"), longest=400),
            EntryField("headline", _("In the box of the overview"), bool, required=False),
        ),
    ),
    EntryKind(
        "benefit",
        _("Benefit"),
        _("Benefits"),
        ("benefits",),
        (
            EntryField("claim", _("Benefit that people hope for"), longest=400),
            EntryField("evidence", _("Evidence"), longest=20, choices=Evidence),
            EntryField("finding", _("What studies found"), required=False, longest=600, several_lines=True),
        ),
    ),
    EntryKind(
        "side-effect",
        _("Side effect"),
        _("Side effects"),
        ("side-effects",),
        (
            EntryField("name", _("Side effect"), longest=200),
            EntryField("frequency", _("How often"), required=False, longest=20, choices=Frequency),
            EntryField("figure", _("Nearest figure, and what it is about"), required=False, longest=400),
            EntryField("duration", _("How long it lasts"), required=False, longest=200),
            EntryField("action", _("What to do"), required=False, longest=400, several_lines=True),
        ),
    ),
    EntryKind(
        "contraindication",
        _("Reason not to have it"),
        _("Reasons not to have it"),
        ("contraindications",),
        (
            EntryField("condition", _("Condition"), longest=200),
            EntryField("question", _("Plain question"), longest=300),
            EntryField("advice", _("Advice"), longest=20, choices=Advice),
            EntryField("why", _("Why"), longest=600, several_lines=True),
        ),
    ),
    EntryKind(
        "care-step",
        _("Care step"),
        _("Care steps"),
        ("preparation", "what-happens", "recovery"),
        (
            EntryField("from_day", _("From day"), int),
            EntryField("to_day", _("To day"), int),
            EntryField("text", _("What to do"), longest=600, several_lines=True),
            EntryField("ask_prescriber", _("Ask your prescriber"), bool, required=False),
        ),
    ),
    EntryKind(
        "question",
        _("Question"),
        _("Questions"),
        ("questions",),
        (
            EntryField("question", _("Question"), longest=300),
            EntryField("answer", _("Answer"), longest=3000, several_lines=True),
        ),
    ),
)
KIND_NAMED: Mapping[str, EntryKind] = {kind.name: kind for kind in KINDS}
KIND_OF_PAGE: Mapping[str, EntryKind] = {page: kind for kind in KINDS for page in kind.pages}


def canonical_entry(kind: EntryKind, values: Mapping[str, Any], sources: Iterable[str]) -> dict[str, Any]:
    """Return an entry as an edition keeps it: its kind, every field, and the keys of its sources by the alphabet.

    A missing text is empty, a missing tick false; a missing `to_day` is `from_day`.
    """
    entry: dict[str, Any] = {"kind": kind.name}
    for field in kind.fields:
        value = values.get(field.name)
        if field.kind is str:
            entry[field.name] = canonical_text(str(value or ""))
        elif field.kind is bool:
            entry[field.name] = bool(value)
        else:
            entry[field.name] = values["from_day"] if value is None else int(value)
    entry["sources"] = sorted(set(sources))
    return entry
