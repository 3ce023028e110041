"""The public price list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clinic.forms import PriceDayForm, SumForm
from clinic.models import Price
from clinic.price_list import price_list
from education.views.loading import public

READS = ("on", *SumForm.base_fields)


@public(reads=READS)
def prices(request: HttpRequest) -> HttpResponse:
    """`/prices/?on=DATE&procedure=SLUG`: what is, or was, charged; and what it comes to, as somebody asked for it."""
    asked = {name: request.GET[name].replace("\x00", "") for name in READS if name in request.GET}
    today = timezone.localdate()
    day_form = PriceDayForm(asked if "on" in asked else None, today=today)
    form = SumForm(asked, procedures=price_list(day_form.day))
    sums = form.sums()
    # What is asked for is one procedure's, or the whole list.
    procedure = form.chosen if sums or form.data.get("procedure") else None
    context: dict[str, Any] = {
        "form": form,
        "day_form": day_form,
        "day": day_form.day,
        "is_past": day_form.day < today,
        "procedure": procedure,
        "shown": form.shown,
        "sums": sums,
        "has_past": day_form.is_bound or bool(form.procedures) or Price.objects.exists(),
        "apart": procedure.consultations if sums and procedure else (),
        "ask_url": reverse("clinic:consultation")
        + (f"?{urlencode({'guide': form.unlisted})}" if form.unlisted else ""),
        "today_url": reverse("clinic:prices") + (f"?procedure={procedure.slug}" if procedure else ""),
    }
    return render(request, "clinic/prices.html", context)
