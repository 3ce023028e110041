"""What editors type about sources, terms and images."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.template.defaultfilters import date as format_date

from education.actions.identity import KINDS, bare_doi, bare_pmid, why_taken
from education.forms.guarded import CanonicalField, GuardedForm
from education.models import Image, Source, SourceCheck, Term

CHANGE_IS_A_CHECK = (
    "Another work is another source: add it as a new one. Correcting the title, the web address, the DOI or the PubMed "
    "number of a source that stands counts as a check by you, so look first whether it still says what it is cited "
    "for. A source that was superseded or withdrawn stays so until somebody records a check."
)


class PastedField(CanonicalField):
    """A text field whose browser does not cut what is pasted before the server has taken the number out of it."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class DoiField(PastedField):
    def to_python(self, value: Any) -> str:
        return bare_doi(super().to_python(value))


class PmidField(PastedField):
    def to_python(self, value: Any) -> str:
        return bare_pmid(super().to_python(value))


class SourceForm(GuardedForm):
    class Meta:
        model = Source
        fields = (
            *("key", "title", "strength", "authors", "publisher", "year", "url", "doi", "pmid", "note"),
            "check_again_months",
        )
        field_classes = {"note": CanonicalField, "doi": DoiField, "pmid": PmidField}
        help_texts = {
            "doi": "Such as 10.1000/182. An address that begins with https://doi.org/ will do too.",
            "pmid": "The number that PubMed gives it. Its address there will do too.",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        error_messages = {
            "key": {"required": "Give the source a key, such as fda-2023.", "unique": "Another source has this key."},
            "title": {"required": "Give the source's title."},
            "strength": {"required": "Choose what kind of source it is."},
            "check_again_months": {"required": "Say after how many months somebody should look at it again."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "title" in self.fields:
            self.fields["title"].help_text = CHANGE_IS_A_CHECK

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        # Here too, and not in the action alone: the database's constraint would speak first and name no source.
        typed = {name: cleaned.get(name, "") for name in KINDS}
        for name, reason in why_taken(Source(pk=self.instance.pk, **typed)).items():
            # A refused value does not get there by itself, and by it the screen finds the other source.
            setattr(self.instance, name, typed[name])
            self.add_error(name, reason)
        return cleaned


class SourceCheckForm(forms.Form):
    """What somebody found who looked at a source again."""

    outcome = forms.ChoiceField(
        label="What you found",
        choices=SourceCheck.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found.", "invalid_choice": "Choose one of these."},
    )
    note = CanonicalField(
        label="Note",
        required=False,
        help_text=(
            "What happened to the source, such as: retracted by the journal on 3 March. Patients read it beside the "
            "source when it was superseded or withdrawn; then it is required. At most 600 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )
    next_check = forms.DateField(
        label="Check again by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day such as 2027-03-31."},
    )

    def __init__(self, *args: Any, due: date, **kwargs: Any) -> None:
        """`due`: when a source that stands is due again, should nobody choose a day."""
        super().__init__(*args, **kwargs)
        self.fields[
            "next_check"
        ].help_text = f"Left empty, a source that stands is due again on {format_date(due, 'j M Y')}."


class TermForm(GuardedForm):
    class Meta:
        model = Term
        fields = ("key", "term", "plain_meaning")
        field_classes = {"plain_meaning": CanonicalField}
        widgets = {"plain_meaning": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        error_messages = {
            "key": {"required": "Give the term a key, such as cellulitis.", "unique": "Another term has this key."},
            "term": {"required": "Write the medical word."},
            "plain_meaning": {"required": "Say in plain words what it means."},
        }


PICTURE_HELP = (
    "JPEG, PNG or WebP, at most 10 MB. It is kept upright, at most 1600 pixels wide, and in smaller widths for phones. "
    "The place and the camera that a photograph names are taken out; of a picture that moves, its first moment is kept."
)
REPLACE_HELP = (
    "JPEG, PNG or WebP, at most 10 MB; only to put another picture in place of this one. Editions keep the one that "
    "they have. Pages that are being written show the new one, and so does each edition that is submitted from now on. "
    "Look at the alternative text and the credit too: they stay as they are."
)


class ImageForm(GuardedForm):
    """An image's facts. Its file is judged by the action that stores it."""

    writes: ClassVar[Mapping[str, str]] = {"upload": "sha256"}

    upload = forms.FileField(
        label="Picture",
        required=False,
        help_text=PICTURE_HELP,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose another."},
    )

    class Meta:
        model = Image
        fields = ("key", "upload", "alternative_text", "decorative", "credit", "licence")
        labels = {"decorative": "Decoration only", "licence": "License"}
        help_texts = {
            "alternative_text": (
                "What the picture tells, for people who cannot see it: at most 125 characters. Leave it empty only for "
                "a picture that is decoration."
            ),
            "decorative": (
                "Tick when the picture tells nothing that the text does not. Screen readers then pass over it, and "
                "the text above stays empty."
            ),
            "credit": "Who made it, as patients read it under the picture, such as: Photo: Ann Example.",
            "licence": (
                "Why you may use it, such as: taken by us, the person shown agreed in writing on 3 March 2026 – CC BY "
                "4.0, commons.wikimedia.org – bought from the photographer, invoice 123. Kept with each edition; "
                "patients do not read it."
            ),
        }
        error_messages = {
            "key": {"required": "Give the image a key, such as clinic-door.", "unique": "Another image has this key."}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "upload" in self.fields:
            self.fields["upload"].label = "Replace the picture"
            self.fields["upload"].help_text = REPLACE_HELP

    def _shown(self, name: str) -> str:
        return "Another picture than when you opened this screen." if name in self.writes else super()._shown(name)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        text, decorative = cleaned.get("alternative_text"), cleaned.get("decorative")
        if decorative and text:
            self.add_error("alternative_text", "Decoration needs no text. Empty this field, or take the tick away.")
        elif "alternative_text" in cleaned and not decorative and not text:
            self.add_error("alternative_text", "Say what the picture tells, or tick that it is decoration.")
        if not self.instance.pk and not cleaned.get("upload") and "upload" not in self.errors:
            self.add_error("upload", "Choose a picture to upload.")
        return cleaned
