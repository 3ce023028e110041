"""Sources, terms and images: one library for the whole clinic."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education import actions
from education.admin.newsroom import GuardedAdmin
from education.forms import ImageForm, SourceForm, TermForm
from education.models import Image, Page, Source, Term
from education.rendering import keys


def pages_naming(kind: str, begins: str, key: str) -> list[Page]:
    """Return the kept pages whose text names a key. `kind` is a field of Keys, `begins` how a text names it."""
    # The database narrows the search; whether the text really names the key is read from the text.
    named = Page.objects.kept().filter(markdown__contains=begins).select_related("guide")
    return [page for page in named.order_by("guide__title", "position") if key in getattr(keys(page.markdown), kind)]


class LibraryAdmin(GuardedAdmin):
    """A key names a row in the texts, so it stays; the screen says which pages use it."""

    change_form_template = "admin/education/library.html"
    key_fields = ("key",)
    # A field of Keys, and how a text names a key.
    names = ("", "")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        kind, named = self.names
        if kwargs.get("change"):
            key = kwargs["obj"].key
            context["used_on"] = pages_naming(kind, named.format(key), key)
            context["how_to_name"] = named.format(key)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Source)
class SourceAdmin(LibraryAdmin):
    form = SourceForm
    fields = SourceForm.Meta.fields
    names = ("sources", "[@{}]")
    list_display = ("key", "title", "publisher", "year", "strength")
    list_filter = ("strength",)
    search_fields = ("key", "title")
    search_help_text = "Key or title"

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        actions.save_source(obj, by=request.user)


@admin.register(Term)
class TermAdmin(LibraryAdmin):
    form = TermForm
    fields = TermForm.Meta.fields
    names = ("terms", "term:{}")
    list_display = ("term", "key", "plain_meaning")
    search_fields = ("key", "term", "plain_meaning")
    search_help_text = "Key, word or meaning"

    def save_model(self, request: HttpRequest, obj: Term, form: TermForm, change: bool) -> None:
        actions.save_term(obj, by=request.user)


@admin.register(Image)
class ImageAdmin(LibraryAdmin):
    form = ImageForm
    names = ("images", "image:{}")
    list_display = ("key", "picture", "alternative_text", "decorative", "credit")
    search_fields = ("key", "alternative_text", "credit")
    search_help_text = "Key, text or credit"

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        shown = ("key", "picture", *ImageForm.Meta.fields[1:]) if obj else ImageForm.Meta.fields
        return tuple(name for name in shown if name != "upload" or self.may_save(request, obj))

    def may_save(self, request: HttpRequest, obj: Image | None) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "picture")

    @admin.display(description="Picture")
    def picture(self, image: Image) -> SafeString:
        return format_html('<img class="thumbnail" src="{}" alt="{}">', image.url, image.alternative_text)

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        actions.add_image(obj, form.cleaned_data.get("upload"), by=request.user)
