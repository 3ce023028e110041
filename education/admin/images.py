"""Images: the list with what each is used for, and the screen of one with its files and how to replace it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education import actions
from education.actions.image_files import image_path, smaller_file
from education.admin.newsroom import GuardedAdmin
from education.forms import ImageForm
from education.image_uses import counted, earlier_files, editions_with, named_in_texts, pages_with
from education.models import EditionImage, Image
from education.rendering import smaller_widths
from education.snapshot import image_url

# On a page a picture that is less wide looks like a stamp.
LEAST_WIDTH = 240
KILOBYTE = 1024
NO_LICENCE = "“{}” has no license yet. Write why you may use the picture: only then can somebody else answer for it."


class UseFilter(admin.SimpleListFilter):
    title = "where it is used"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("written", "On a page that is being written"),
            ("editions", "In editions only"),
            ("no", "Not used"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("written", "editions", "no"):
            return queryset
        named = list(named_in_texts())
        if self.value() == "written":
            return queryset.filter(key__in=named)
        shown = Exists(EditionImage.objects.filter(image=OuterRef("pk")))
        return queryset.exclude(key__in=named).filter(shown if self.value() == "editions" else ~shown)


class LicenceFilter(admin.SimpleListFilter):
    title = "license"
    parameter_name = "licence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Not written yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(licence="") if self.value() == "missing" else queryset


@dataclass(frozen=True)
class ImageFile:
    """One file of an image: its address, its size in points, and in bytes; None where it is missing."""

    url: str
    width: int
    height: int
    bytes: int | None

    @property
    def kilobytes(self) -> str:
        return "missing" if self.bytes is None else f"{max(1, round(self.bytes / KILOBYTE))} KB"


def files_of(image: Image) -> Iterator[ImageFile]:
    """Yield an image's files, the narrowest first. Smaller ones that are missing are made."""
    for width in smaller_widths(image.width):
        content = smaller_file(image.sha256, width)
        height = max(1, round(image.height * width / image.width))
        yield ImageFile(image_url(image.sha256, width), width, height, None if content is None else len(content))
    path = image_path(image.sha256)
    yield ImageFile(image.url, image.width, image.height, path.stat().st_size if path.is_file() else None)


@admin.register(Image)
class ImageAdmin(GuardedAdmin):
    """A key names an image in texts, so it stays. The screen says where it is used, and with which file."""

    form = ImageForm
    key_fields = ("key",)
    change_form_template = "admin/education/image.html"
    list_display = ("key", "picture", "told", "credit", "license", "used")
    list_display_links = ("key",)
    list_filter = (UseFilter, LicenceFilter)
    search_fields = ("key", "alternative_text", "credit", "licence")
    search_help_text = "Key, text, credit or license"

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        shown = ("key", "picture", *ImageForm.Meta.fields[1:]) if obj else ImageForm.Meta.fields
        return tuple(name for name in shown if name != "upload" or self.may_save(request, obj))

    def may_save(self, request: HttpRequest, obj: Image | None) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "picture")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listed = super().get_changelist_instance(request)
        used = counted(listed.result_list)
        for image in listed.result_list:
            image.use = used[image.pk]
        return listed

    @admin.display(description="Picture")
    def picture(self, image: Image) -> SafeString:
        return format_html('<img class="thumbnail" src="{}" alt="{}">', image.small_url, image.alternative_text)

    @admin.display(description="What it tells", ordering="alternative_text")
    def told(self, image: Image) -> str:
        return image.alternative_text or "Decoration"

    @admin.display(description="License", ordering="licence")
    def license(self, image: Image) -> str:
        return image.licence or "Not written yet"

    @admin.display(description="Used")
    def used(self, image: Any) -> str:
        counts = ((image.use.pages, "page"), (image.use.editions, "edition"))
        words = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
        return ", ".join(words) or "Not used"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("change"):
            # As it is kept, whatever was typed and refused.
            image = Image.objects.get(pk=kwargs["obj"].pk)
            editions = editions_with(image)
            context["image"] = image
            context["files"] = list(files_of(image))
            context["used_on"] = pages_with(image)
            context["editions"] = editions
            context["earlier"] = earlier_files(image, editions)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        upload = form.cleaned_data.get("upload")
        actions.add_image(obj, upload, by=request.user)
        if upload and obj.width < LEAST_WIDTH:
            messages.warning(
                request,
                f"“{obj.key}” is only {obj.width} by {obj.height} pixels, and pages show no picture larger than it is. "
                "Choose a larger one if you have it.",
            )
        if not obj.licence:
            messages.warning(request, NO_LICENCE.format(obj.key))
