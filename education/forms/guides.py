"""What editors type about a guide and on its pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from education.forms.guarded import CanonicalField, GuardedForm
from education.forms.visitors import LineField
from education.models import RESERVED_PAGE_SLUGS, Archiving, Guide, Page
from education.rendering import MAX_CHARACTERS

SLUG_MAX = 80


class GuideForm(GuardedForm):
    """The facts of a guide."""

    translation_of = forms.ModelChoiceField(
        Guide.objects.none(),
        required=False,
        empty_label="no other guide",
        help_text="The guide that this one says in another language, if it does.",
    )

    class Meta:
        model = Guide
        fields = (
            "title", "slug", "kind", "summary", "also_known_as", "written_by", "funding", "review_interval_months",
            "language", "translation_of", "codes",
        )  # fmt: skip
        field_classes = {"summary": CanonicalField, "funding": CanonicalField}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 5, "cols": 80}),
            "funding": forms.Textarea(attrs={"rows": 3, "cols": 80}),
        }
        error_messages = {
            "title": {"required": "Give the guide a title."},
            "slug": {"required": "Give the guide an address, such as mesotherapy."},
            "review_interval_months": {"required": "Say after how many months it is due for review again."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "translation_of" in self.fields:
            others = Guide.objects.exclude(pk=self.instance.pk)
            self.fields["translation_of"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField


class OriginalField(forms.ModelChoiceField):
    """One of the clinic's guides; those in the archive say so."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} (in the archive)" if obj.is_archived else obj.title


class BeginForm(forms.Form):
    """How to begin a guide, and what it is called."""

    class Way(models.TextChoices):
        SKELETON = (
            "skeleton",
            "A skeleton for a procedure: the usual pages, each with headings and with what to write under them",
        )
        ADVICE = "advice", "A skeleton for general advice: fewer pages, for a question that is no single procedure"
        OWN = "own", "A copy of one of our guides, with its pages, texts and entries"
        SAMPLE = "sample", "A copy of the sample guide, on mesotherapy, to see how a whole guide reads"

    way = forms.ChoiceField(
        label="What to begin with",
        choices=Way.choices,
        initial=Way.SKELETON,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to begin with."},
    )
    original = OriginalField(
        Guide.objects.none(),
        required=False,
        empty_label="Choose …",
        label="Which of our guides to copy",
        help_text="Only for a copy of one of our guides. It is copied as it is being written, without its editions.",
        error_messages={"invalid_choice": "This guide is not there any more. Choose another."},
    )
    title = LineField(
        max_length=120,
        label="Title",
        help_text="The name that patients use, such as Mesotherapy.",
        error_messages={"required": "Give the guide a title."},
    )
    slug = forms.SlugField(
        max_length=SLUG_MAX,
        required=False,
        label="Address (optional)",
        help_text="The last part of the guide's web address. Leave it empty to make it from the title.",
        error_messages={"invalid": "Use letters without accents, digits and hyphens only, such as mesotherapy."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_archive = Archiving.objects.filter(guide=OuterRef("pk"), reopening=None)
        self.fields["original"].queryset = (  # type: ignore[attr-defined]  # a ModelChoiceField
            Guide.objects.annotate(is_archived=Exists(in_archive)).order_by("title", "pk")
        )
        if not Guide.objects.exists():
            del self.fields["original"]
            self.fields["way"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                choice for choice in self.Way.choices if choice[0] != self.Way.OWN
            ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("way") == self.Way.OWN and "original" not in self.errors and not cleaned["original"]:
            self.add_error("original", "Choose which guide to copy.")
        if cleaned.get("title") and cleaned.get("slug") == "":
            cleaned["slug"] = slugify(cleaned["title"])[:SLUG_MAX]
            if not cleaned["slug"]:
                self.add_error("slug", "Write an address, such as mesotherapy: none can be made from this title.")
        return cleaned


class BaseVersionField(forms.Field):
    """The saved text that a writer started from. Whatever is no number stands for none that exists."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int:
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class TextField(forms.CharField):
    """A page's text with line feeds only; blank lines at its start stay, so that lines count as they are seen."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class PageForm(forms.Form):
    """The title, the address and the text of a page."""

    title = forms.CharField(
        max_length=120,
        label="Title",
        help_text="Stands above the text and in the list of pages.",
        error_messages={"required": "Give the page a title."},
    )
    slug = forms.SlugField(
        max_length=SLUG_MAX,
        label="Address",
        help_text="The last part of the page's web address. An address that it had before goes on working.",
        error_messages={
            "required": "Give the page an address, such as side-effects.",
            "invalid": "Use letters without accents, digits and hyphens only, such as side-effects.",
        },
    )
    markdown = TextField(
        required=False,
        strip=False,
        label="Text",
        validators=[
            MaxLengthValidator(
                MAX_CHARACTERS,
                "This text has %(show_value)d characters; the most is %(limit_value)d. Move a part of it to another "
                "page. Nothing of it is lost meanwhile.",
            )
        ],
        widget=forms.Textarea(attrs={"rows": 28, "cols": 80, "spellcheck": "true", "data-markdown": ""}),
    )
    base = BaseVersionField(required=False)

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page.kind == Page.Kind.OVERVIEW:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = "The overview has the guide's own address."


class AddPageForm(forms.Form):
    """Which page to add. Only kinds that the guide has not yet are offered; the address follows from the kind."""

    kind = forms.ChoiceField(
        label="What the page is about",
        error_messages={
            "required": "Choose what the page is about.",
            "invalid_choice": "The guide has this page by now. Choose another kind.",
        },
    )
    title = forms.CharField(
        max_length=120, required=False, label="Title (optional)", help_text="Leave it empty to use the usual title."
    )
    skeleton = forms.BooleanField(
        required=False,
        initial=True,
        label="Begin with headings and with what to write",
        help_text="What stands in brackets as [write …] is for you to fill. An “other” page begins empty.",
    )

    def __init__(self, *args: Any, pages: list[Page], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [page for page in pages if page.removed_at is None]
        taken = {page.kind for page in kept} - {Page.Kind.OTHER}
        self._slugs = {page.slug for page in kept} | {*RESERVED_PAGE_SLUGS, Page.Kind.OVERVIEW.value}
        free = [("", "Choose …")] + [(kind, label) for kind, label in Page.Kind.choices if kind not in taken]
        self.fields["kind"].choices = free  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Page.Kind.OTHER:
            wish = slugify(cleaned.get("title", ""))[: SLUG_MAX - 4] or Page.Kind.OTHER.value
            places = [wish, *(f"{wish}-{number}" for number in range(2, 2 + len(self._slugs)))]
            cleaned["slug"] = next(place for place in places if place not in self._slugs)
        return cleaned
