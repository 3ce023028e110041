"""The clinic's facts, its brand, its information pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from clinic import actions, marks
from clinic.first_steps import starting_text
from clinic.forms import ClinicForm, InformationPageForm
from clinic.looks import looks, outcome
from clinic.models import Clinic, InformationPage
from clinic.views.pages import information_context
from education.admin.newsroom import GuardedAdmin
from education.admin.page_screen import whole_library
from education.admin.previews import Preview, Remark
from education.quality import ERROR

NAME_IN_THE_DARK = (
    "On dark screens your name stands as words, because this logo could not be seen there. "
    "Add a logo for dark screens to change that."
)


@admin.register(Clinic)
class ClinicAdmin(GuardedAdmin):
    """The facts and the brand. The form's screen shows what became of them, and is where saving leads back to."""

    form = ClinicForm
    change_form_template = "admin/clinic/clinic.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and not Clinic.objects.exists()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one clinic: its list is its form."""
        if self.has_view_or_change_permission(request) and Clinic.objects.exists():
            return redirect("admin:clinic_clinic_change", 1)
        return super().changelist_view(request, extra_context)

    def get_form(self, request: HttpRequest, obj: Clinic | None = None, change: bool = False, **kwargs: Any) -> Any:
        if not self.has_change_permission(request, obj):
            # Help is for whoever types.
            kwargs["help_texts"] = dict.fromkeys(ClinicForm.Meta.fields, "")
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Clinic | None = None) -> Any:
        brand = ["brand_colour"]
        if self.has_change_permission(request, obj):
            for name in actions.LOGOS:
                brand += [name, f"no_{name}"] if obj and getattr(obj, name) else [name]
        facts = [name for name in ClinicForm.Meta.fields if name not in brand]
        return [("The clinic", {"fields": facts}), ("Colour and logo", {"fields": brand})]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        clinic = context.get("original")
        if clinic:
            context |= {
                "looks": looks(clinic.brand_colour),
                "name_in_the_dark": NAME_IN_THE_DARK,
                "left_out": marks.left_out(clinic.name, clinic.tagline),
            }
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Clinic, form: ClinicForm, change: bool) -> None:
        actions.save_clinic(obj, by=request.user, logos=form.logos())

    def response_add(self, request: HttpRequest, obj: Clinic, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Clinic) -> HttpResponse:
        """Say what became of the brand, and show it."""
        said = [outcome(obj.brand_colour)]
        if not request.POST.get("brand_colour", "").strip():
            said = [f"You left the colour empty, so the site's own green is used: {obj.brand_colour}."]
        if obj.logo and not obj.logo_in_the_dark:
            said.append(NAME_IN_THE_DARK)
        address = reverse("admin:clinic_clinic_change", args=[obj.pk])
        message = format_html('Saved. {} <a href="{}#colour">See how it looks</a>.', " ".join(said), address)
        messages.success(request, message)
        return redirect(address)


@admin.register(InformationPage)
class InformationPageAdmin(GuardedAdmin):
    form = InformationPageForm
    fields = InformationPageForm.Meta.fields
    # Other pages link to the address, and no redirect would be kept.
    key_fields = ("slug",)
    list_display = ("title", "slug", "position")
    prepopulated_fields = {"slug": ("title",)}

    change_form_template = "admin/clinic/informationpage.html"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a page that has a starting text with it: `…/add/?slug=privacy`."""
        initial = super().get_changeform_initial_data(request)
        begun = _begun(request)
        return initial | {name: getattr(begun, name) for name in ("title", "slug", "markdown")} if begun else initial

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(preview)
        return [path("preview/", view, name="clinic_informationpage_preview"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if self.has_change_permission(request):
            begun = None if kwargs.get("obj") else _begun(request)
            context["preview"] = _preview(kwargs.get("obj") or begun or InformationPage(slug="page"))
            context["begun"] = begun is not None
            context |= whole_library()
        return super().render_change_form(request, context, *args, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: InformationPage | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def save_model(self, request: HttpRequest, obj: InformationPage, form: InformationPageForm, change: bool) -> None:
        actions.save_information_page(obj, by=request.user)


def _begun(request: HttpRequest) -> InformationPage | None:
    """Return the page, not saved, with the text that it can begin with, or None where there is none."""
    file = starting_text(request.GET.get("slug", ""))
    return InformationPage(**file.front.values, markdown=file.markdown) if file else None


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """`…/informationpage/preview/`: the unsaved text as the public page, for the script of the form."""
    if not request.user.has_perm("clinic.change_informationpage"):
        raise PermissionDenied("Your account does not let you change an information page.")
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in ("title", "slug", "markdown")}
    shown = _preview(InformationPage(**{**typed, "slug": slugify(typed["slug"]) or "page"}))
    return JsonResponse(shown.as_json())


def _preview(page: InformationPage) -> Preview:
    context = information_context(page)
    remarks = [Remark(ERROR, problem.message, problem.line) for problem in context["rendered"].problems]
    return Preview(render_to_string("clinic/information.html", context), remarks, {ERROR: "To put right"})
