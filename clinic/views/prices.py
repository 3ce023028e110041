"""The public price list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clinic.forms import PriceDayForm, SumForm
from clinic.models import Price
from clinic.price_list import Procedure, price_list
from education.views.loading import public

# A table each: more at once are slow to load on a phone, and nobody reads through them.
PROCEDURES_ON_A_PAGE = 40
READS = ("on", *SumForm.base_fields, "page")


@public(reads=READS)
def prices(request: HttpRequest) -> HttpResponse:
    """`/prices/?on=DATE&procedure=SLUG&page=N`: what is, or was, charged; and what it comes to, as somebody asked."""
    asked = {name: request.GET[name].replace("\x00", "") for name in READS if name in request.GET}
    today = timezone.localdate()
    day_form = PriceDayForm(asked if "on" in asked else None, today=today)
    form = SumForm(asked, procedures=price_list(day_form.day))
    sums = form.sums()
    # What is asked for is one procedure's, or the whole list.
    procedure = form.chosen if sums or form.data.get("procedure") else None
    shown = Paginator(form.shown, PROCEDURES_ON_A_PAGE).get_page(asked.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "form_key": None if asked else form.made_of,
        "day_form": day_form,
        "day": day_form.day,
        "is_past": day_form.day < today,
        "procedure": procedure,
        "shown": shown.object_list,
        "pages": None if sums else _ways(shown, asked),
        "sums": sums,
        "has_past": day_form.is_bound or bool(form.procedures) or Price.objects.exists(),
        "apart": procedure.consultations if sums and procedure else (),
        "ask_url": reverse("clinic:consultation")
        + (f"?{urlencode({'guide': form.unlisted})}" if form.unlisted else ""),
        "today_url": reverse("clinic:prices") + (f"?procedure={procedure.slug}" if procedure else ""),
    }
    return render(request, "clinic/prices.html", context)


def _ways(shown: Page[Procedure], asked: dict[str, str]) -> dict[str, Any] | None:
    """Return what components/pagination.html takes, or None where everything stands on one page."""
    if not shown.has_other_pages():
        return None
    kept = {"on": asked["on"]} if "on" in asked else {}

    def url(number: int) -> str:
        return f"{reverse('clinic:prices')}?{urlencode({**kept, 'page': number})}"

    return {
        "number": shown.number,
        "count": shown.paginator.num_pages,
        "previous_url": url(shown.previous_page_number()) if shown.has_previous() else "",
        "next_url": url(shown.next_page_number()) if shown.has_next() else "",
    }
