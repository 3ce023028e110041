"""What visitors ask the history of a guide: which edition a code names, and what changed between two."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from education.canonical import CODE_ALPHABET, CODE_LENGTH
from education.models import Edition

MOST_TYPED = 200
_PATH = "/e/"


def code_of(typed: str) -> str:
    """Return the letters and digits of what somebody typed as a code, or pasted as the whole address of its page."""
    text = unicodedata.normalize("NFKC", typed).lower()
    after = text.partition(_PATH)[2].partition("?")[0] if _PATH in text else text
    return "".join(one for one in after if one.isalnum())


class CodeForm(forms.Form):
    """The code on a printed copy. Once it is valid, `edition` is the one that it names, with its guide."""

    edition: Edition

    code = forms.CharField(
        label=_("Code"),
        max_length=MOST_TYPED,
        help_text=_("8 letters and digits, such as k7mq 2xab. Capital letters, spaces and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Type the code that stands on your copy."),
            "max_length": _("This is too long for a code. Type only its 8 letters and digits."),
            "null_characters_not_allowed": _("Type only the letters and digits of the code."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The server says what is too long: a browser would cut a pasted address off without a word.
        self.fields["code"].widget.attrs.pop("maxlength", None)

    def clean_code(self) -> str:
        code = code_of(self.cleaned_data["code"])
        if strange := [one for one in dict.fromkeys(code) if one not in CODE_ALPHABET]:
            raise forms.ValidationError(
                _(
                    "A code never has 0, 1, i, l, o or u, because they are easy to mix up. You typed %(strange)s. "
                    "Look at your copy once more."
                ),
                params={"strange": ", ".join(f"“{one}”" for one in strange[:5])},
            )
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _("A code has 8 letters and digits, and you typed %(typed)s."),
                params={"typed": len(code)},
            )
        found = Edition.objects.public().select_related("guide").filter(code=code).first()
        if found is None:
            raise forms.ValidationError(
                _("We know no copy with the code “%(code)s”. Compare each letter and digit with your copy."),
                params={"code": code},
            )
        self.edition = found
        return code


class CompareForm(forms.Form):
    """Which two editions of a guide to lay side by side: `from` and `to`, each the number of an edition."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                error_messages={
                    "required": _("Choose an edition."),
                    "invalid_choice": _("Choose one of the editions in the list."),
                },
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if "from" in cleaned and cleaned["from"] == cleaned.get("to"):
            self.add_error("to", _("You chose the same edition twice. Choose another one to compare with."))
        return cleaned
