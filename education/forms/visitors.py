"""What visitors of the public site type."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from education.canonical import canonical_line
from education.forms.guarded import CanonicalField, RefusableForm

# A person needs longer than this to fill a form in, and a page that is older may have been kept by a machine.
SOONEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)
_SIGNATURE = "education.forms.visitors"
NOT_CHECKED = _("The form could not be checked. What you typed is still here: send it again.")
NOT_FOR_PEOPLE = _("A field that is not for people was filled in, perhaps by your browser. Empty it, and send again.")


class DayInput(forms.DateInput):
    """A field for a day. What is no day is not given back in it: no browser shows it, and HTML forbids it."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        written = super().format_value(value)
        try:
            return written and date.fromisoformat(written).isoformat()
        except ValueError:
            return None


class MarkedSelect(forms.Select):
    """A list whose options say in which language they are, where it is another one than the page's."""

    marks: Mapping[str, Mapping[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= self.marks.get(str(value), {})
        return option


class OnDateForm(forms.Form):
    """Which day's edition a visitor wants to see."""

    on = forms.DateField(
        label=_("Show what was live on this day"),
        widget=DayInput(),
        error_messages={
            "required": _("Choose a day, or read the whole list below."),
            "invalid": _("Write the day as year-month-day, such as 2026-03-03."),
        },
    )


class LineField(CanonicalField):
    """A text of one line as it will be stored."""

    def to_python(self, value: Any) -> str:
        return canonical_line(super().to_python(value))


class SentForm(RefusableForm, forms.Form):
    """A form that anybody can send, with what keeps machines out: nothing of it asks a person to prove anything.

    `page` is a signed moment and number. It says when the page was made, and a page sent twice has the same `key`,
    which is empty until the form was found valid. `website` is hidden from people. Whoever fills it in, or is faster
    than a person, is asked to look once more: what they typed is still there, and sending it again works.
    """

    page = forms.CharField(
        widget=forms.HiddenInput, required=False, error_messages={"null_characters_not_allowed": NOT_CHECKED}
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
        error_messages={"null_characters_not_allowed": NOT_FOR_PEOPLE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"page": self.new_page(), **self.initial}
        self.key = ""
        self.helper = FormHelper()
        # components/sent_form.html begins the form, with what is signed for this page alone.
        self.helper.form_tag = False
        # The summary of errors stands above the page's heading.
        self.helper.form_show_errors = False

    @property
    def made_of(self) -> tuple[object, ...] | None:
        """Return what the visible fields show as long as nobody has sent anything, for `{% kept %}`; else None.

        None too for a choice that an address named and that is not there: there are endlessly many.
        """
        if self.is_bound:
            return None
        shown: list[object] = [type(self)]
        for bound in self.visible_fields():
            field: Any = bound.field
            choices, chosen = tuple(getattr(field, "choices", ())), bound.initial
            if chosen and chosen not in dict(choices):
                return None
            shown.append((bound.name, choices, chosen, repr(getattr(field.widget, "marks", ""))))
        return tuple(shown)

    @staticmethod
    def new_page() -> str:
        """Return the signed moment and number of a page that is made now."""
        return signing.dumps(secrets.token_hex(16), salt=_SIGNATURE, compress=False)

    def trap(self) -> Div:
        """Return the layout of the field that only machines see."""
        return Div("website", css_class="elsewhere")

    def full_clean(self) -> None:
        super().full_clean()
        if set(self.errors) > {"page"} and self.has_error("page", "quick"):
            # Whoever mends the rest is not that quick any more.
            del self.errors["page"]
        if "page" in self.errors:
            # That page cannot be sent any more: the answer is another one.
            self.renew("page", self.new_page())
        if "website" in self.errors:
            # It is shown now, to be emptied: the keyboard must get there.
            self.fields["website"].widget.attrs.pop("tabindex", None)

    def renew(self, name: str, value: str) -> None:
        """Let a hidden field carry another value in the answer than what was sent."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = value

    def clean_page(self) -> str:
        value = self.cleaned_data["page"]
        try:
            self.key = signing.loads(value, salt=_SIGNATURE, max_age=LATEST)
        except signing.SignatureExpired:
            raise forms.ValidationError(
                _("This page was open for more than a day. What you typed is still here: send it again."), code="old"
            ) from None
        except signing.BadSignature:
            raise forms.ValidationError(NOT_CHECKED, code="unsigned") from None
        try:
            signing.loads(value, salt=_SIGNATURE, max_age=SOONEST)
        except signing.SignatureExpired:
            return value
        raise forms.ValidationError(
            _(
                "That was very quick. Machines are too, so we ask you once more. "
                "What you typed is still here: send it again."
            ),
            code="quick",
        )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(NOT_FOR_PEOPLE, code="trap")
        return ""
