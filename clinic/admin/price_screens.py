"""One price in the admin: what it says and how it came about, its end, and that end taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from clinic import actions
from clinic.forms import EndPriceForm
from clinic.models import Price
from clinic.price_list import cost, course, unit, upkeep
from education.actions import Refused
from education.admin.newsroom import NOT_SAVED
from education.rules import NotPermitted

State = Price.State
# A price that was changed more often shows its newest predecessors.
MOST_BEFORE = 10


def state_in_words(price: Price) -> str:
    """Return how a price stands today, for staff. It has its `last_day`."""
    first, last = day_in_words(price.valid_from), day_in_words(price.last_day) if price.last_day else ""
    until = f" until {last}" if last else ""
    return {
        State.CHARGED: f"charged now{until}",
        State.PLANNED: f"from {first}{until}",
        State.ENDED: f"ended: {first} to {last}",
        State.TAKEN_BACK: "taken back before it began",
    }[price.state_on(timezone.localdate())]


def days_in_words(price: Price) -> str:
    """Return the days on which a price is charged, for staff. It has its `last_day`."""
    if price.last_day is None:
        return f"from {day_in_words(price.valid_from)}"
    if price.last_day < price.valid_from:
        return "never: it was taken back before it began"
    return f"from {day_in_words(price.valid_from)} to {day_in_words(price.last_day)}"


def day_in_words(day: date) -> str:
    return date_format(day, "j M Y")


def seen_by(request: HttpRequest) -> int | None:
    """Return which end of the price a form was opened with; None where none says it."""
    told = request.POST.get("seen", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


def of_price(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Call `view(request, price)` for staff who may write prices; others get 403 and a sentence."""

    @wraps(view)
    def opened(request: HttpRequest, price: int) -> HttpResponseBase:
        if not request.user.has_perm("clinic.add_price"):
            raise PermissionDenied("Your account does not let you add, change or end a price. Ask the owner.")
        row = Price.objects.with_last_day().select_related("guide", "location", "source").filter(pk=price).first()
        if row is None:
            raise Http404("There is no such price.")
        try:
            return view(request, row)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error

    return opened


def price_screen(request: HttpRequest, price: Price) -> HttpResponse:
    """`…/price/<id>/change/`: what a price says and how it came about, with the ways to go on. To be read only."""
    may = request.user.has_perm("clinic.add_price")
    is_open = price.state_on(timezone.localdate()) in (State.CHARGED, State.PLANNED)
    shown = {
        "may_change": may and is_open,
        "may_keep": may and is_open and price.last_day is not None,
        "may_copy": may and not is_open,
        "course": course(price),
        "upkeep": upkeep(price),
        "ends": price.ends.order_by("pk"),
        "charged": days_in_words(price),
        "before": [(one, days_in_words(one)) for one in _before(price)],
        "after": [(one, days_in_words(one)) for one in _after(price)],
    }
    return _show(request, "price.html", f"{price.what}: {cost(price)} {unit(price)}", price, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@of_price
def end(request: HttpRequest, price: Price) -> HttpResponse:
    """`…/price/<id>/end/`: which day is its last."""
    today = timezone.localdate()
    planned = price.state_on(today) == State.PLANNED
    initial = {"last_day": today - timedelta(days=1) if planned else price.last_day or today}
    form = EndPriceForm(request.POST if request.method == "POST" else None, initial=initial)
    problem, status = "", 200
    if form.is_valid():
        try:
            actions.end_price(price, by=request.user, seen=seen_by(request), **form.cleaned_data)
            return _told(request, price)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DatabaseError:
            problem, status = NOT_SAVED, 503
    shown = {"form": form, "problem": problem, "wrong": problem or form.errors, "planned": planned}
    return _show(request, "price_end.html", f"End the price of “{price.what}”", price, shown, status)


@require_POST
@of_price
def keep(request: HttpRequest, price: Price) -> HttpResponse:
    """`…/price/<id>/keep/`: the end that was planned is taken back."""
    try:
        actions.keep_price(price, by=request.user, seen=seen_by(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:clinic_price_change", price.pk)
    except DatabaseError:
        messages.error(request, "The site could not save this just now. Wait a minute, then try again.")
        return redirect("admin:clinic_price_change", price.pk)
    return _told(request, price)


def _told(request: HttpRequest, price: Price) -> HttpResponse:
    now = Price.objects.with_last_day().get(pk=price.pk)
    messages.success(request, f"“{price.what}”: {state_in_words(now)}.")
    today = timezone.localdate()
    old = Price.objects.with_last_day().filter(pk=price.replaces_id or 0).first()
    if now.state_on(today) == State.TAKEN_BACK and old and old.last_day and old.last_day >= today:
        messages.warning(
            request,
            f"The price that it was to take the place of still ends: it is {state_in_words(old)}. To go on charging "
            "it, take its end back here.",
        )
        return redirect("admin:clinic_price_change", old.pk)
    return redirect("admin:clinic_price_change", price.pk)


def _show(
    request: HttpRequest, template: str, title: str, price: Price, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Price._meta,
        "price": price,
        "asked": str(cost(price)),
        "asked_for": unit(price),
        "state": state_in_words(price),
        # What whoever reads this screen has seen.
        "seen": price.end or 0,
        "list_url": reverse("admin:clinic_price_changelist"),
        **shown,
    }
    return TemplateResponse(request, f"admin/clinic/{template}", context, status=status)


def _after(price: Price) -> QuerySet[Price]:
    return Price.objects.with_last_day().filter(replaces=price).order_by("pk")


def _before(price: Price) -> list[Price]:
    """Return the prices that this one took the place of, the newest first."""
    found: list[Price] = []
    while price.replaces_id and len(found) < MOST_BEFORE:
        price = Price.objects.with_last_day().get(pk=price.replaces_id)
        found.append(price)
    return found
