"""Where the clinic is, and when it is open there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic import actions
from clinic.forms import LocationForm
from clinic.hours import schedule_of
from clinic.models import Location
from clinic.places import status_line, timetable
from education.admin.newsroom import GuardedAdmin

HOW_TO_FIND = ("postal_address", "phone", "point", "directions")
ACCESS = ("step_free", "parking", "hearing_loop", "access_note")
ON_THE_SITE = ("time_zone", "position", "is_shown")


@admin.register(Location)
class LocationAdmin(GuardedAdmin):
    """A place on one screen: its facts, a week of seven rows, and rows for the days that differ."""

    form = LocationForm
    change_form_template = "admin/clinic/location.html"
    # Other pages link to it, and no redirect would be kept.
    key_fields = ("slug",)
    list_display = ("name", "postal_address", "now", "is_shown", "position")
    prepopulated_fields = {"slug": ("name",)}

    def get_form(self, request: HttpRequest, obj: Location | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = LocationForm.Meta.fields
        if not self.has_change_permission(request, obj):
            # Help is for whoever types.
            kwargs["help_texts"] = dict.fromkeys(LocationForm.Meta.fields, "")
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Location | None = None) -> Any:
        return [
            ("The place", {"fields": ("name", "slug")}),
            ("How to find it", {"fields": HOW_TO_FIND}),
            ("Access", {"fields": ACCESS}),
            ("On this site", {"fields": ON_THE_SITE}),
        ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Location | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        rows: Any = super().get_queryset(request)
        return rows.with_hours()

    @admin.display(description="just now")
    def now(self, location: Location) -> str:
        return status_line(schedule_of(location), timezone.now()) or "No hours yet"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        location = context.get("original")
        if location and not self.has_change_permission(request, location):
            context["timetable"] = timetable(schedule_of(location), timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Location, form: LocationForm, change: bool) -> None:
        actions.save_location(obj, by=request.user, hours=form.hours, special_days=form.special_days)
