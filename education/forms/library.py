"""What editors type about sources, terms and images."""

from __future__ import annotations

from typing import Any

from django import forms

from education.forms.guarded import CanonicalField, GuardedForm
from education.models import Image, Source, Term


class SourceForm(GuardedForm):
    class Meta:
        model = Source
        fields = ("key", "title", "strength", "authors", "publisher", "year", "url", "doi", "pmid", "note")
        field_classes = {"note": CanonicalField}
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        error_messages = {
            "key": {"required": "Give the source a key, such as fda-2023.", "unique": "Another source has this key."},
            "title": {"required": "Give the source's title."},
            "strength": {"required": "Choose what kind of source it is."},
        }


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


class ImageForm(GuardedForm):
    """An image's facts. Its file is judged by the action that stores it."""

    upload = forms.FileField(
        label="Picture",
        required=False,
        help_text="JPEG, PNG or WebP, at most 10 MB. The place and the camera that a photograph names are taken out.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose another."},
    )

    class Meta:
        model = Image
        fields = ("key", "upload", "alternative_text", "decorative", "credit", "licence")
        labels = {"decorative": "Decoration only"}
        help_texts = {
            "alternative_text": (
                "What the picture tells, for people who cannot see it: at most 125 characters. Leave it empty only for "
                "a picture that is decoration."
            ),
            "decorative": (
                "Tick when the picture tells nothing that the text does not. Screen readers then pass over it, and "
                "the text above stays empty."
            ),
        }
        error_messages = {
            "key": {"required": "Give the image a key, such as clinic-door.", "unique": "Another image has this key."}
        }

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
