"""Forms that overwrite nobody: they notice what others saved in between, and keep what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.models import model_to_dict

from education.canonical import canonical_json, canonical_text, sha256

OPENED = "opened"
SAVED_MEANWHILE = (
    "Somebody else saved this after you opened it. Below is what they wrote. What you typed is still in the form: "
    "change it if you like, then save again to put yours in place of theirs."
)


class CanonicalField(forms.CharField):
    """A text as it will be stored, so that its length and its changes are those of the stored text."""

    def to_python(self, value: Any) -> str:
        return canonical_text(super().to_python(value) or "")


@dataclass(frozen=True)
class Theirs:
    """A field that somebody else changed, and what it holds now."""

    label: str
    value: str


class RefusableForm(forms.BaseForm):
    """A form that can show why an action refused its input: `refusal`, at the field that it names."""

    refusal: Exception | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if self.refusal:
            field = getattr(self.refusal, "field", "")
            self.add_error(field if field in self.fields else None, str(self.refusal))
        return cleaned


class GuardedForm(RefusableForm, forms.ModelForm):
    """A form over a row that several people may have open.

    The page carries `opened`, a digest of each value as the form showed it. Where the row holds another value by
    the time it is saved, and not the one typed, the form is refused once and shows `theirs`.
    """

    # Fields of the form that overwrite another field of the row, such as a file the hash by which it is kept.
    writes: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name in self._meta.model._meta._forward_fields_map]
        self._stored = model_to_dict(self.instance, fields=names) if self.instance.pk else {}
        if self._stored:
            written = {name: field for name, field in self.writes.items() if name in self.fields}
            self._stored |= {name: getattr(self.instance, field) for name, field in written.items()}
        for name in self.fields:
            # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
            if isinstance(self.fields[name].widget, forms.Textarea):
                self.fields[name].widget.attrs.pop("maxlength", None)

    @property
    def opened(self) -> str:
        """What the page carries along: the values that the row has now."""
        return json.dumps({name: _digest(value) for name, value in self._stored.items()})

    @property
    def theirs(self) -> list[Theirs]:
        """The fields that others changed since this form was opened, and that saving would overwrite."""
        if not self.is_bound or not self._stored:
            return []
        opened = self._opened()
        return [
            Theirs(str(self.fields[name].label), self._shown(name))
            for name in self.changed_data
            if name in self._stored and opened.get(name) != _digest(self._stored[name])
        ]

    def _opened(self) -> dict[str, str]:
        try:
            opened = json.loads(self.data.get(OPENED, ""))
        except ValueError:
            return {}
        return opened if isinstance(opened, dict) else {}

    def _shown(self, name: str) -> str:
        value, field = self._stored[name], self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # flat choices only
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else str(value)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.theirs:
            self.add_error(None, SAVED_MEANWHILE)
        return cleaned


def _digest(value: Any) -> str:
    return sha256(canonical_json(value if isinstance(value, bool | int | None) else str(value)))[:16]
