"""Forms over the clinic's facts and its information pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from clinic import actions
from clinic.actions import LOGO_LIMITS as LIMITS
from clinic.brand import DEFAULT_COLOUR, canonical_colour
from clinic.models import LOGO_HEIGHT, LOGO_WIDTH, Clinic, InformationPage
from education.actions.pictures import MEGABYTE, MILLION
from education.forms import CanonicalField, GuardedForm, LineField


class ColourField(CanonicalField):
    """A colour as it will be stored, `#rrggbb`. Nothing typed means the colour that the site comes with."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        try:
            return canonical_colour(typed) if typed else DEFAULT_COLOUR
        except ValueError:
            raise forms.ValidationError(actions.NO_COLOUR, code="invalid") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # With a space pasted before it, a colour is longer than it will be stored.
        # Its own class: the admin's makes a field as wide as the form.
        return {"size": 10, "class": "colour", "autocomplete": "off", "spellcheck": "false"}


def _logo(label: str, help_text: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": "This file is empty. Choose another."},
    )


# Facts of several lines.
TEXTS = ("emergency_text", "ownership", "notice", "estimate_notice")
CHOOSE_AGAIN = "Choose the logo's file again: browsers do not keep it."


class ClinicForm(GuardedForm):
    """The clinic's facts and its brand. The files of logos are judged by the action that stores them."""

    writes: ClassVar = {
        **{name: f"{name}_sha256" for name in actions.LOGOS},
        **{f"no_{name}": f"{name}_sha256" for name in actions.LOGOS},
    }

    logo = _logo(
        "Logo",
        f"PNG, JPEG or WebP, at most {LIMITS.bytes // MEGABYTE} MB and {LIMITS.pixels // MILLION} million pixels; best "
        "with a transparent ground. It stands at the top of every page in the place of the name. It is shown at most "
        f"{LOGO_HEIGHT} pixels high and {LOGO_WIDTH} wide.",
    )
    no_logo = forms.BooleanField(label="Take the logo away", required=False)
    dark_logo = _logo(
        "Logo for dark screens",
        "Wanted only where your logo cannot be seen on a dark ground. Without it the one above is shown there, or your "
        "name where that one could not be seen.",
    )
    no_dark_logo = forms.BooleanField(label="Take the logo for dark screens away", required=False)

    class Meta:
        model = Clinic
        fields = (
            *("name", "tagline", "phone", "email", "emergency_text", "ownership", "notice", "currency"),
            *("estimate_notice", "answer_within_hours", "keep_closed_days"),
            "brand_colour",
        )
        field_classes = {
            **dict.fromkeys(TEXTS, CanonicalField),
            **dict.fromkeys(actions.LINES, LineField),
            "brand_colour": ColourField,
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3, "cols": 80})
            for name in ("emergency_text", "ownership", "notice", "estimate_notice")
        }
        help_texts = {
            "email": "Where patients can write to. Shown beside the telephone number.",
            "brand_colour": (
                "Such as #1d5a46. Any colour will do: where it cannot be read, pages use the nearest shade that can. "
                "How your colour looks is shown below, once it is saved."
            ),
        }
        error_messages = {"name": {"required": "Give the clinic's name."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "brand_colour" in self.fields:
            self.fields["brand_colour"].required = False
        for name in actions.LOGOS:
            if not getattr(self.instance, name):
                self.fields.pop(f"no_{name}", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for name in actions.LOGOS:
            if cleaned.get(name) and cleaned.get(f"no_{name}"):
                self.add_error(name, "Choose a file or take the logo away, not both.")
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors:
            for name in actions.LOGOS:
                if self.files.get(self.add_prefix(name)) and name in self.fields and name not in self.errors:
                    self.add_error(name, CHOOSE_AGAIN)

    def _shown(self, name: str) -> str:
        if name not in self.writes:
            return super()._shown(name)
        return "Another logo than when you opened this screen. It is shown below." if self._stored[name] else ""

    def logos(self) -> dict[str, Any]:
        """Return what `save_clinic` takes as `logos`."""
        new = {name: self.cleaned_data[name] for name in actions.LOGOS if self.cleaned_data.get(name)}
        return new | {name: None for name in actions.LOGOS if self.cleaned_data.get(f"no_{name}")}


class InformationPageForm(GuardedForm):
    class Meta:
        model = InformationPage
        fields = ("title", "slug", "position", "markdown")
        field_classes = {"markdown": CanonicalField}
        widgets = {"markdown": forms.Textarea(attrs={"rows": 24, "cols": 80, "data-markdown": ""})}
        error_messages = {
            "title": {"required": "Give the page a title."},
            "slug": {"required": "Give the page an address, such as our-team.", "unique": "Another page has it."},
            "markdown": {"required": "Write the page's text."},
        }
