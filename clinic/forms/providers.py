"""The form over a provider: the whole profile on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.template.defaultfilters import date as format_date

from clinic.actions import PHOTO_LIMITS
from clinic.forms.rows import RowsField, SeveralField
from clinic.languages import choices, name_of
from clinic.models import Location, PerformedProcedure, Provider, User
from education.actions.pictures import MEGABYTE, MILLION
from education.forms import CanonicalField, GuardedForm, LineField
from education.models import Guide

CHOOSE_AGAIN = "Choose the photo's file again: browsers do not keep it."
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ROW_FIELDS = ("languages", "performed")


def _performed() -> dict[str, forms.Field]:
    """Return the controls of a procedure that somebody performs."""
    whole_number = {"inputmode": "numeric", "size": 6, "autocomplete": "off"}
    return {
        "guide": forms.TypedChoiceField(
            label="Procedure",
            coerce=int,
            error_messages={"required": "choose the procedure.", "invalid_choice": "choose a procedure of the list."},
        ),
        "since_year": forms.IntegerField(
            label="Since the year",
            required=False,
            widget=forms.TextInput(attrs=whole_number),
            error_messages={"invalid": "write a year such as 2015."},
        ),
        "treatments": forms.IntegerField(
            label="Treatments, about",
            required=False,
            max_value=1_000_000,
            widget=forms.TextInput(attrs=whole_number),
            error_messages={
                "invalid": "write a whole number of treatments.",
                "max_value": "write a number below a million.",
            },
        ),
        "counted_on": forms.DateField(
            label="Counted on",
            required=False,
            widget=DAY,
            error_messages={"invalid": "write the day as year-month-day, such as 2026-03-31."},
        ),
    }


class ProviderForm(GuardedForm):
    """A provider's facts, photo, languages, procedures and places. The photo is judged by the action that keeps it."""

    writes: ClassVar = {"photo": "photo_sha256", "no_photo": "photo_sha256"}

    languages = RowsField(
        "Language",
        {"code": forms.ChoiceField(label="", error_messages={"invalid_choice": "choose one of the list."})},
        label="Languages spoken with patients",
        help_text="The best one first. To add more than there is room for, save; the screen then has more rows.",
    )
    performed = RowsField(
        "Procedure",
        _performed(),
        label="Performs",
        help_text=(
            "Patients find this provider beside the guide. Year and number are optional. A number needs the day it was "
            "counted, which patients see, so that it stays true. To take a procedure away, empty its row."
        ),
    )
    locations = SeveralField(
        Location.objects.all(),
        label="Works at",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Places are added under Locations. Patients do not read of one that is not shown to them.",
    )
    account = forms.ModelChoiceField(
        User.objects.filter(is_staff=True),
        label="Staff account",
        required=False,
        help_text=(
            "Whoever reviews guides under this account is named on them with a link to this page. Closing the account "
            "changes nothing here."
        ),
    )
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text=(
            f"JPEG, PNG or WebP, at most {PHOTO_LIMITS.bytes // MEGABYTE} MB and {PHOTO_LIMITS.pixels // MILLION} "
            "million pixels. The place and the camera that it names are taken out. Pages show a square piece of it."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose another."},
    )
    no_photo = forms.BooleanField(label="Take the photo away", required=False)

    class Meta:
        model = Provider
        fields = (
            *("name", "post_nominals", "role", "is_physician", "slug", "short_biography", "biography"),
            *("photo_alternative_text", "photo_focal_point", "licence_authority", "licence_number", "licence_url"),
            *("certifications", "accepts_new_patients", "locations", "account", "position"),
            *("visible_from", "visible_until"),
        )
        field_classes = {
            **dict.fromkeys(("short_biography", "biography", "certifications"), CanonicalField),
            **dict.fromkeys(("name", "post_nominals", "role", "licence_authority", "licence_number"), LineField),
            "photo_alternative_text": LineField,
        }
        widgets = {
            "short_biography": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "biography": forms.Textarea(attrs={"rows": 14, "cols": 80}),
            "certifications": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "accepts_new_patients": forms.Select(
                choices=[("", "Do not say"), ("True", "Yes, welcome"), ("False", "Not at present")]
            ),
            "visible_from": DAY,
            "visible_until": DAY,
        }
        labels = {
            "slug": "Address",
            "photo_focal_point": "What matters in the photo is",
            "photo_alternative_text": "What the photo shows",
            "is_physician": "Is a physician",
            "position": "Order",
        }
        help_texts = {
            "post_nominals": "Such as MD or NP.",
            "role": "In plain words, such as: nurse practitioner.",
            "is_physician": "Tick for a medical doctor. Search engines are told so; the page looks the same.",
            "slug": "The last part of the page's web address. It stays, because other pages link to it.",
            "short_biography": "One or two sentences for the list of providers, at most 400 characters.",
            "biography": (
                "What a patient would ask: training, what they care for, how they work. Write it as you write a "
                "guide's page; sources in the library can be cited."
            ),
            "photo_alternative_text": (
                "For people who cannot see it, such as: Robin Sample at a desk, smiling. At most 125 characters. "
                "Needed with a photo."
            ),
            "photo_focal_point": "This part stays where a photo is not square and is cut.",
            "licence_authority": "Who gave the license, such as: Example State Board of Nursing.",
            "licence_url": "The authority's own page, where a patient can look the number up.",
            "certifications": "One a line.",
            "accepts_new_patients": "",
            "position": "Providers stand in this order; those with the same number by the alphabet.",
            "visible_from": "From this day on patients see the page. Before it, nobody but staff knows of it.",
            "visible_until": (
                "When somebody leaves, set their last day here. From the next day on the page says that they no longer "
                "see patients, what they did and who does it now. Guides that they reviewed still name them."
            ),
        }
        error_messages = {
            "name": {"required": "Give the provider's name."},
            "role": {"required": "Say what the provider is, such as: nurse practitioner."},
            "slug": {
                "required": "Give the page an address, such as robin-sample.",
                "unique": "Another provider has this address. Choose another one.",
            },
            "licence_url": {"invalid": "Write the web address of a page; it begins with https://."},
            "visible_from": {
                "required": "Say from which day patients see the page.",
                "invalid": "Write the day as year-month-day, such as 2026-03-31.",
            },
            "visible_until": {"invalid": "Write the day as year-month-day, such as 2026-03-31."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "languages" in self.fields:
            columns = self.fields["languages"].columns  # type: ignore[attr-defined]
            columns["code"].choices = [("", "–"), *choices()]
            columns = self.fields["performed"].columns  # type: ignore[attr-defined]
            guides = Guide.objects.filter(kind=Guide.Kind.PROCEDURE).order_by("title")
            columns["guide"].choices = [("", "–"), *guides.values_list("pk", "title")]
        if self.instance.pk:
            stored = {name: rows for name, rows in _stored_rows(self.instance).items() if name in self.fields}
            self._stored |= stored
            self.initial = {**self.initial, **stored}
        if not self.instance.photo_sha256:
            self.fields.pop("no_photo", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("photo") and cleaned.get("no_photo"):
            self.add_error("photo", "Choose a photo or take the one there away, not both.")
        has_photo = cleaned.get("photo") or (self.instance.photo_sha256 and not cleaned.get("no_photo"))
        if has_photo and "photo_alternative_text" in cleaned and not cleaned["photo_alternative_text"]:
            self.add_error("photo_alternative_text", "Say what the photo shows, for people who cannot see it.")
        first, last = cleaned.get("visible_from"), cleaned.get("visible_until")
        if first and last and last < first:
            # Here too, and not in the action alone: the database's constraint would speak first.
            self.add_error("visible_until", "This day is before the one from which patients see the page.")
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and self.files.get(self.add_prefix("photo")) and "photo" not in self.errors:
            self.add_error("photo", CHOOSE_AGAIN)

    def _shown(self, name: str) -> str:
        if name == "locations":
            return ", ".join(str(place) for place in self._stored[name])
        if name == "languages":
            return ", ".join(name_of(row["code"]) for row in self._stored[name])
        if name == "performed":
            titles = dict(self.fields[name].columns["guide"].choices)  # type: ignore[attr-defined]
            return "\n".join(_in_words(row, titles) for row in self._stored[name])
        if name in self.writes:
            return "Another photo than when you opened this screen." if self._stored[name] else ""
        return super()._shown(name)

    def parts(self) -> dict[str, Any]:
        """Return what `save_provider` takes beside the provider and the person, of a form that is valid."""
        return {
            "languages": [row["code"] for row in self.cleaned_data.get("languages") or ()],
            "performed": rows_of(self.cleaned_data.get("performed") or ()),
            "locations": list(self.cleaned_data.get("locations") or ()),
        }

    def photo_parts(self) -> dict[str, Any]:
        """Return what `save_provider` takes of the photo."""
        return {"photo": self.cleaned_data.get("photo"), "no_photo": self.cleaned_data.get("no_photo", False)}


def rows_of(rows: Sequence[Any]) -> list[PerformedProcedure]:
    """Return the rows of a form as unsaved procedures: one query."""
    guides = Guide.objects.in_bulk([row["guide"] for row in rows])
    return [PerformedProcedure(**{**row, "guide": guides[row["guide"]]}) for row in rows]


def _stored_rows(provider: Provider) -> dict[str, list[dict[str, Any]]]:
    columns = ("guide", "since_year", "treatments", "counted_on")
    return {
        "languages": list(provider.spoken_languages.order_by("position").values("code")),
        "performed": list(provider.performed.order_by("guide__title").values(*columns)),
    }


def _in_words(row: Any, titles: dict[int, str]) -> str:
    said = [titles.get(row["guide"], "")]
    if row["since_year"]:
        said.append(f"since {row['since_year']}")
    if row["treatments"]:
        said.append(f"{row['treatments']} treatments on {format_date(row['counted_on'], 'j M Y')}")
    return ", ".join(said)
