"""Providers: the list of them, the form over one, and the page as patients will see it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date as format_date
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from clinic import actions
from clinic.forms import ProviderForm
from clinic.languages import name_of
from clinic.models import Provider
from clinic.photos import photo_of
from clinic.profiles import Profile, profile_of, unsaved_profile
from clinic.views.providers import profile_context
from education.admin.newsroom import GuardedAdmin
from education.admin.previews import Preview, Remark, in_language
from education.quality import ERROR

NEW_PATIENTS = {True: "yes", False: "no", None: "not said"}


@admin.register(Provider)
class ProviderAdmin(GuardedAdmin):
    form = ProviderForm
    # Other pages link to the address, and no redirect would be kept.
    key_fields = ("slug",)
    list_display = ("name", "role", "visible", "new_patients", "position")
    search_fields = ("name", "role")
    search_help_text = "Name or role"
    prepopulated_fields = {"slug": ("name",)}
    view_on_site = False
    change_form_template = "admin/clinic/provider.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(preview)
        return [
            path("preview/", view, name="clinic_provider_preview"),
            path("<row:provider>/preview/", view, name="clinic_provider_preview"),
            *super().get_urls(),
        ]

    def may_save(self, request: HttpRequest, obj: Provider | None) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def get_form(self, request: HttpRequest, obj: Provider | None = None, change: bool = False, **kwargs: Any) -> Any:
        if not self.may_save(request, obj):
            # Help is for whoever types.
            kwargs["help_texts"] = dict.fromkeys(ProviderForm.Meta.fields, "")
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        typed = self.may_save(request, obj)
        there = bool(obj and obj.photo_sha256)
        photo = [*(["picture"] if there else []), *(["photo"] if typed else [])]
        photo += ["no_photo"] if typed and there else []
        rows = ["languages", "performed"] if typed else ["spoken", "performs"]
        return [
            ("Who it is", {"fields": ["name", "post_nominals", "role", "is_physician", "slug", "account"]}),
            ("What they do", {"fields": [*rows, "locations", "accepts_new_patients"]}),
            ("About them", {"fields": ["short_biography", "biography"]}),
            ("Photo", {"fields": [*photo, "photo_alternative_text", "photo_focal_point"]}),
            (
                "License and certifications",
                {"fields": ["licence_authority", "licence_number", "licence_url", "certifications"]},
            ),
            ("On the site", {"fields": ["position", "visible_from", "visible_until"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "picture", "spoken", "performs")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Provider | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if self.may_save(request, obj):
            context["preview"] = _preview(profile_of(obj) if obj else _empty())
            context["preview_url"] = reverse("admin:clinic_provider_preview", args=[obj.pk] if obj else [])
        context["page_answers"] = bool(obj and obj.visible_from <= timezone.localdate())
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Provider, form: ProviderForm, change: bool) -> None:
        actions.save_provider(obj, by=request.user, **form.parts(), **form.photo_parts())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: the action saved what belongs to the provider."""

    @admin.display(description="Visible", ordering="visible_until")
    def visible(self, one: Provider) -> str:
        if one.has_left():
            return f"left on {format_date(one.visible_until, 'j M Y')}"
        if one.visible_from > timezone.localdate():
            return f"from {format_date(one.visible_from, 'j M Y')}"
        return f"yes, until {format_date(one.visible_until, 'j M Y')}" if one.visible_until else "yes"

    @admin.display(description="New patients", ordering="accepts_new_patients")
    def new_patients(self, one: Provider) -> str:
        return NEW_PATIENTS[one.accepts_new_patients]

    @admin.display(description="The photo now")
    def picture(self, one: Provider) -> SafeString:
        shown = photo_of(one)
        if shown is None:
            return SafeString("–")
        return format_html('<img class="thumbnail" src="{}" alt="{}">', shown.url, shown.alternative_text)

    @admin.display(description="Languages")
    def spoken(self, one: Provider) -> str:
        return ", ".join(name_of(row.code) for row in one.spoken_languages.all()) or "–"

    @admin.display(description="Performs")
    def performs(self, one: Provider) -> str:
        return ", ".join(str(row) for row in one.performed.select_related("guide")) or "–"


@require_POST
def preview(request: HttpRequest, provider: int | None = None) -> HttpResponse:
    """`…/provider/preview/`, `…/provider/<n>/preview/`: what is typed as the public page, for the form's script."""
    verb = "add" if provider is None else "change"
    if not request.user.has_perm(f"clinic.{verb}_provider"):
        raise PermissionDenied(f"Your account does not let you {verb} a provider.")
    stored = Provider() if provider is None else get_object_or_404(Provider, pk=provider)
    form = ProviderForm(request.POST, instance=stored)
    # What is wrong in it leaves the stored value standing: a preview shows what can be shown.
    form.is_valid()
    return JsonResponse(_preview(unsaved_profile(form.instance, **form.parts())).as_json())


def _empty() -> Profile:
    return Profile(Provider(), (), (), ())


def _preview(profile: Profile) -> Preview:
    if not profile.provider.name:
        profile.provider.name = "Name"
    profile.provider.slug = profile.provider.slug or "provider"
    context = profile_context(profile)
    remarks = [Remark(ERROR, problem.message, problem.line) for problem in context["rendered"].problems]
    return Preview(in_language("clinic/provider.html", context), remarks, {ERROR: "To put right"})
