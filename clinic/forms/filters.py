"""How visitors narrow the list of providers: by what they would have done, in which language, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.profiles import Profile

Choices = Sequence[tuple[str, str]]


class ProviderFilterForm(forms.Form):
    """Each field has the answers that providers give. One with a single answer asks nothing, so it is not shown."""

    # Whoever looks for something need not be told that they may leave it open.
    is_a_filter = True

    procedure = forms.ChoiceField(
        label=_("What you would have done"),
        required=False,
        error_messages={"invalid_choice": _("Nobody here performs this procedure. Choose one of the list.")},
    )
    language = forms.ChoiceField(
        label=_("Language you speak"),
        required=False,
        error_messages={"invalid_choice": _("Nobody here speaks this language. Choose one of the list.")},
    )
    location = forms.ChoiceField(
        label=_("Where"),
        required=False,
        error_messages={"invalid_choice": _("Nobody here works at this place. Choose one of the list.")},
    )

    def __init__(self, data: Mapping[str, Any], *, profiles: Sequence[Profile]) -> None:
        asked = any(data.get(name) for name in self.base_fields)
        super().__init__(data if asked else None)
        for name, answers in answers_of(profiles).items():
            field: Any = self.fields[name]
            field.choices = [("", _("Any")), *answers]
            if len(answers) < 2 and not data.get(name):
                del self.fields[name]
            elif len(answers) < 2:
                # A link named it: it is kept, and there is still nothing to choose.
                field.widget = forms.HiddenInput()

    def chosen(self, profiles: Sequence[Profile]) -> list[Profile]:
        """Return those who fit all that was chosen; everybody while nothing was, or nothing that is known."""
        if not self.is_bound or not self.is_valid():
            return list(profiles)
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        return [one for one in profiles if _answers(one, wanted)]


def _answers(one: Profile, wanted: Mapping[str, str]) -> bool:
    answers = answers_of([one])
    return all(value in dict(answers[name]) for name, value in wanted.items())


def answers_of(profiles: Sequence[Profile]) -> dict[str, Choices]:
    """Return what these providers answer to each question, each once and by its name."""
    found: dict[str, dict[str, str]] = {
        "procedure": {practice.slug: practice.title for one in profiles for practice in one.practices},
        "language": {
            code: name for one in profiles for code, name in zip(one.languages, one.language_names, strict=True)
        },
        "location": {place.slug: place.name for one in profiles for place in one.places},
    }
    return {name: sorted(answers.items(), key=lambda answer: answer[1].casefold()) for name, answers in found.items()}
