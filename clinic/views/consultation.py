"""Asking for a consultation: the form, and what it says when it has been sent."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clinic import actions
from clinic.forms import ConsultationForm
from clinic.hours import DEFAULT_SCHEDULE, moment_after
from clinic.places import first_schedule
from clinic.templatetags.clinic import clinic_facts, information_pages
from education.actions import Refused
from education.actions.visitors import TooMany
from education.views.loading import address_of

logger = logging.getLogger(__name__)

PREFILLED = ("guide", "provider")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest) -> HttpResponse:
    """`/consultation/?guide=…&provider=…`: the form. What a link names that is not there any more is passed over."""
    status = 200
    if request.method == "POST":
        form = ConsultationForm(request.POST)
        status = _tried(request, form)
        if not form.errors:
            return redirect("clinic:sent")
    else:
        form = ConsultationForm(initial={name: request.GET.get(name, "") for name in PREFILLED})
    return render(request, "clinic/consultation.html", {"form": form, **_promise()}, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """`/consultation/sent/`: what happens next. It knows nobody, and loading it again sends nothing."""
    # When it was sent nobody knows here, so no day can be named.
    return render(request, "clinic/consultation_sent.html", {**_promise(), "answered_by": None})


def _tried(request: HttpRequest, form: ConsultationForm) -> int:
    """Keep the request, or leave in the form why it could not be kept; return the status of the answer."""
    if not form.is_valid():
        return 200
    try:
        actions.ask(address=address_of(request), **form.facts())
    except TooMany as refusal:
        form.add_error(None, str(refusal))
        return 429
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return 200
    except DatabaseError as error:
        logger.error("a request for a consultation could not be kept: %s", type(error).__name__)
        form.add_error(
            None, _("We could not keep your request just now. What you typed is still here: send it again, or call us.")
        )
        return 503
    actions.look_after()
    return 200


def _promise() -> dict[str, Any]:
    """Return how soon the clinic answers, by when if somebody asks now, and how long it keeps what they wrote."""
    clinic = clinic_facts()
    schedule = first_schedule()
    # Where nobody has written down the hours, a day would be a promise that nobody made.
    answered = (
        None
        if schedule is DEFAULT_SCHEDULE
        else moment_after(schedule, timezone.now(), timedelta(hours=clinic.answer_within_hours))
    )
    return {
        # The frame of the page shows them too.
        "clinic": clinic,
        "about_pages": information_pages(),
        "hours": clinic.answer_within_hours,
        # As the clocks of the place show it, whatever the site's time zone is.
        "answered_by": answered.replace(tzinfo=None) if answered else None,
        "kept_days": clinic.keep_closed_days,
        "untouched_days": actions.UNTOUCHED_KEPT.days,
    }
