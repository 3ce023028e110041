"""The entries of a page on the screen on which it is written: read, ordered, judged together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from education.actions import EntryRefused
from education.entries import KIND_NAMED, EntryKind
from education.entries import canonical_entry as as_data
from education.forms.entry import ROW, EntryForm
from education.models import Source

# Says that the screen has entries at all, and what a button does with them.
WITH_ENTRIES, BUTTON = "with_entries", "change"
# Stands for a row's own number in the empty entry that the script copies.
NEW_ROW = "new"

_ROW_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """What is wrong in an entry, for the summary above the form. `place` is an id on the screen."""

    place: str
    message: str


class EntryForms:
    """The entries of a page on its screen, in their order, those that were removed among them.

    `are_sent`: they came from the screen, so that saving means them.
    """

    def __init__(self, kind: EntryKind, rows: Iterable[EntryForm], *, are_sent: bool = False) -> None:
        self.kind = kind
        self.rows = list(rows)
        self.are_sent = are_sent
        self._number()

    @classmethod
    def saved(cls, kind: EntryKind, entries: Sequence[Mapping[str, Any]]) -> EntryForms:
        """Return the entries as they are saved."""
        return cls(kind, (EntryForm(kind=kind, row=str(at), initial=_opened(one)) for at, one in enumerate(entries)))

    @classmethod
    def sent(cls, kind: EntryKind, data: QueryDict, *, judged: bool = True) -> EntryForms | None:
        """Return the entries as the screen sent them, None from a screen without entries.

        `judged` says whether they show what is wrong with them.
        """
        if WITH_ENTRIES not in data:
            return None
        rows = dict.fromkeys(row for row in data.getlist(ROW) if _ROW_NUMBER.fullmatch(row))
        found = [EntryForm(data, kind=kind, row=row) for row in rows]
        if not judged:
            found = [EntryForm(kind=kind, row=form.row, initial=form.typed) for form in found]
        return cls(kind, found, are_sent=True)

    @property
    def empty(self) -> EntryForm:
        """What the script copies for a new entry."""
        return EntryForm(kind=self.kind, row=NEW_ROW)

    @property
    def add_label(self) -> str:
        return f"Add a {str(self.kind.label).lower()}"

    @property
    def filled(self) -> list[EntryForm]:
        """The entries that go onto the page."""
        return [row for row in self.rows if row.is_filled]

    @property
    def faults(self) -> list[Fault]:
        found = []
        for row in self.rows:
            for name, messages in row.errors.items():
                at = f"entry-{row.number}" if name == "__all__" else row[name].auto_id
                label = "" if name == "__all__" else f", {row[name].label}"
                found += [Fault(at, f"{self.kind.label} {row.number}{label}: {message}") for message in messages]
        return found

    def is_valid(self) -> bool:
        """Whether they can be saved. An unknown source is named at each entry that has it."""
        known = self._known_keys()
        if any(key not in known for row in self.filled for key in row.keys):
            every_key = list(Source.objects.values_list("key", flat=True))
            for row in self.filled:
                if missing := [_unknown(key, every_key) for key in row.keys if key not in known]:
                    row.add_error("sources", forms.ValidationError(missing))
        return not self.faults

    def _known_keys(self) -> set[str]:
        """Return which of the sources that stand in the entries exist."""
        wanted = {key for row in self.filled for key in row.keys}
        return set(Source.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()

    def as_entries(self) -> list[dict[str, Any]]:
        """Return what is saved, after is_valid(); an entry of which nothing is typed is none."""
        return [as_data(self.kind, row.cleaned_data, row.cleaned_data["sources"]) for row in self.filled]

    def as_shown(self) -> list[tuple[EntryForm, dict[str, Any] | None]]:
        """Return, for the preview, each entry with what can be shown of it; None without its day."""
        known = self._known_keys()
        return [(row, row.shown(known)) for row in self.filled]

    def refuse(self, refusal: EntryRefused) -> None:
        """Show at its entry why it was not saved."""
        row = self.filled[min(refusal.number, len(self.filled)) - 1]
        row.add_error(refusal.field if refusal.field in row.fields else None, str(refusal))

    def press(self, button: str) -> str:
        """Do what a button of the screen says, such as “up 3”, and give the focus a place. Returns what was done."""
        verb, _, wanted = button.partition(" ")
        if verb == "add":
            self.rows.append(EntryForm(kind=self.kind, row=self._free_row()))
            self._number()
            self.rows[-1].fields[self.kind.fields[0].name].widget.attrs["autofocus"] = True
            return f"{self.kind.label} {self.rows[-1].number} is added, empty. It is not saved yet."
        row = next((one for one in self.rows if one.row == wanted), None)
        if row is None:
            return ""
        if verb in ("remove", "put-back"):
            typed = {**row.typed, "removed": "1" if verb == "remove" else ""}
            at, row = self.rows.index(row), EntryForm(kind=self.kind, row=row.row, initial=typed)
            self.rows[at] = row
            self._number()
            row.focus = "put-back" if row.is_removed else "remove"
            if row.is_removed:
                return f"“{row.title}” goes when you save. Until then you can put it back."
            return f"“{row.title}” stays."
        return self._move(row, up=verb == "up")

    def _move(self, row: EntryForm, *, up: bool) -> str:
        kept = [one for one in self.rows if not one.is_removed]
        place = kept.index(row) + (-1 if up else 1) if row in kept else -1
        if 0 <= place < len(kept):
            at = self.rows.index(kept[place])
            self.rows.remove(row)
            self.rows.insert(at, row)
        self._number()
        row.focus = "up" if up else "down"
        if row.number == 1:
            row.focus = "down"
        elif row.number == len(kept):
            row.focus = "up"
        return f"“{row.title}” is number {row.number} of {len(kept)} now. The order is not saved yet."

    def _free_row(self) -> str:
        return str(max((int(row.row) for row in self.rows), default=-1) + 1)

    def _number(self) -> None:
        kept = [row for row in self.rows if not row.is_removed]
        for row in self.rows:
            row.number = kept.index(row) + 1 if row in kept else None
            row.is_first, row.is_last = row in kept[:1], row in kept[-1:]


def typed_entries(data: QueryDict) -> list[tuple[str, str]]:
    """Return each entry that a screen sent to be read and copied: what it is called, and a line for each field."""
    kind = KIND_NAMED.get(data.get(WITH_ENTRIES, ""))
    if kind is None:
        return []
    entries = EntryForms.sent(kind, data, judged=False)
    return [
        (f"{kind.label} {row.number}", "\n".join(f"{label}: {words}" for label, words in row.in_words))
        for row in (entries.filled if entries else [])
    ]


def _opened(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields of a saved entry open with. A single day's end stays empty, so that it moves along."""
    single = "to_day" in entry and entry["to_day"] == entry["from_day"]
    return {**entry, "to_day": None} if single else dict(entry)


def _unknown(key: str, every_key: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, every_key, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    return f"There is no source with the key “{key[:60]}”.{meant} Correct it, or add the source to the library first."
