"""Prices in the admin: a list with states in words. A price is added, changed, ended and kept, never edited."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from clinic import actions
from clinic.admin import price_screens
from clinic.admin.price_screens import day_in_words, of_price, price_screen, seen_by, state_in_words
from clinic.forms import EndPriceForm, PriceForm
from clinic.models import Clinic, Price
from clinic.money import plain
from clinic.price_list import cost, unit
from education.admin.newsroom import KeptAdmin
from education.admin.typed import keeping_typed


class StateFilter(admin.SimpleListFilter):
    """The list begins with what counts; the past is one step away."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Ended"), ("all", "All that there ever were")]

    def choices(self, changelist: Any) -> Any:
        shown = list(super().choices(changelist))
        shown[0]["display"] = "Charged now or later"
        return shown

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.ended() if self.value() == "ended" else queryset.open()


class GuideFilter(admin.RelatedFieldListFilter):
    """Only guides that have prices: a long list of others helps nobody."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        priced = Price.objects.order_by().values("guide")
        return field.get_choices(include_blank=False, limit_choices_to={"pk__in": priced}, ordering=("title",))


@admin.register(Price)
class PriceAdmin(KeptAdmin):
    """Rows of the record: every button calls an action that adds a row."""

    form = PriceForm
    change_form_template = "admin/clinic/price_form.html"
    list_display = ("guide", "what", "asked", "asked_for", "where", "state")
    list_display_links = ("what",)
    list_select_related = ("guide", "location")
    list_filter = (StateFilter, ("guide", GuideFilter))
    search_fields = ("what", "guide__title", "note")
    search_help_text = "What it is for, procedure, or note"
    ordering = ("guide__title", "position", "what", "valid_from", "pk")
    fieldsets = (
        ("The price", {"fields": PriceForm.Meta.fields[:8]}),
        ("What patients should know", {"fields": PriceForm.Meta.fields[8:12]}),
        ("The whole course", {"fields": PriceForm.Meta.fields[12:17]}),
        ("In the table", {"fields": PriceForm.Meta.fields[17:]}),
    )

    def get_urls(self) -> list[Any]:
        opened = self.admin_site.admin_view
        new = keeping_typed(opened(self.new_view), (PriceForm,))
        end = keeping_typed(opened(price_screens.end), (EndPriceForm,))
        keep = keeping_typed(opened(price_screens.keep), belongs_to="../change/")
        return [
            path("<row:price>/new/", new, name="clinic_price_new"),
            path("<row:price>/end/", end, name="clinic_price_end"),
            path("<row:price>/keep/", keep, name="clinic_price_keep"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.with_last_day()

    # The list

    @admin.display(description="Price")
    def asked(self, price: Price) -> str:
        return str(cost(price))

    @admin.display(description="Of")
    def asked_for(self, price: Price) -> str:
        return unit(price)

    @admin.display(description="Where")
    def where(self, price: Price) -> str:
        return price.location.name if price.location else "everywhere"

    @admin.display(description="State")
    def state(self, price: Price) -> str:
        return state_in_words(price)

    # One price

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        price = self.get_object(request, object_id)
        if not self.has_view_permission(request, price) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied("A price is on record: nobody edits it. Change or end it instead.")
        if price is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return price_screen(request, price)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {"title": "Add a price", **(extra_context or {})})

    def new_view(self, request: HttpRequest, price: int) -> HttpResponseBase:
        """`…/price/<id>/new/`: the price with other figures; the old one ends the day before and stays on record."""
        return of_price(self._changed)(request, price)

    def _changed(self, request: HttpRequest, price: Price) -> HttpResponse:
        request.replaced = price  # type: ignore[attr-defined]
        shown = {
            "title": f"Change the price of “{price.what}”",
            "replaced": price,
            "state": state_in_words(price),
            "seen": price.end or 0,
            "show_save_and_continue": False,
        }
        return self.changeform_view(request, None, "", shown)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        before = getattr(request, "replaced", None) or _like(request)
        if before is None:
            initial = {"currency": Clinic.current().currency, **super().get_changeform_initial_data(request)}
        else:
            # As somebody would type it: 300 rather than 300.000, and one number where both are the same.
            values = model_to_dict(before, PriceForm.Meta.fields)
            initial = {name: plain(one) if isinstance(one, Decimal) else one for name, one in values.items()}
            initial |= {last: "" for last, first in actions.PAIRS if values[last] == values[first]}
        return {**initial, "valid_from": timezone.localdate()}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        for name in ("guide", "location", "source"):
            # Their own screens are one step away in the menu; windows over windows are not for everybody.
            widget = form.base_fields[name].widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        if replaced := getattr(request, "replaced", None):
            # A price of another guide is another price.
            form.base_fields["guide"].disabled = True
            form.base_fields["guide"].initial = replaced.guide_id
        return form

    def save_model(self, request: HttpRequest, obj: Price, form: PriceForm, change: bool) -> None:
        old = getattr(request, "replaced", None)
        if old is None:
            actions.add_price(obj, by=request.user)
        else:
            actions.change_price(old, obj, by=request.user, from_day=obj.valid_from, seen=seen_by(request))

    def response_add(self, request: HttpRequest, obj: Price, post_url_continue: str | None = None) -> HttpResponse:
        said = f"“{obj.what}” is on the price list: {cost(obj)} {unit(obj)}, from {day_in_words(obj.valid_from)}."
        messages.success(request, said)
        return redirect("admin:clinic_price_change", obj.pk)


def _like(request: HttpRequest) -> Price | None:
    """Return the price that a new one is to be like, if the address names one."""
    asked = request.GET.get("like", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return Price.objects.filter(pk=asked).first()
