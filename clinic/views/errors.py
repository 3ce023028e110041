"""Pages for when something went wrong: they say what happened and where to go."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.db import DatabaseError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic
from clinic.views.pages import Unwritten
from config.whence import request_number
from education.admin.typed import keeps_typed, shown_again, typed_in

logger = logging.getLogger(__name__)

# Forms that anybody can send, and what is written in them by hand.
FOR_VISITORS = ("clinic:consultation", "education:mistake")
TYPED_BY_VISITORS = {
    "name": _("Your name"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "message": _("Your message"),
    "words": _("What is wrong"),
}
# How the reasons begin that name another site as the sender: what it wrote is shown to nobody.
FROM_ELSEWHERE = tuple(reason.partition("%s")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))
# What a full disk, a locked database, one that may only be read, or one that is not there has in common. PostgreSQL
# calls the third an internal error.
NOTHING_KEPT = (OperationalError, InternalError, OSError)
CANNOT_SAVE = "The site could not save this just now. Wait a minute, then try again."
SIGNED_IN_ANEW = (
    "You signed in after this screen was opened, or your browser keeps no cookies for this site. Nothing was saved."
)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: with the guides and how to reach the clinic."""
    return render(request, "404.html", {"unwritten": isinstance(exception, Unwritten)}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that no browser sends by itself."""
    return render(request, "400.html", {"clinic": Clinic(name="")}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, and not allowed. What somebody typed all the same is not lost with it."""
    if keeps_typed(request) and typed_in(request):
        return shown_again(request, f"{exception} Nothing was saved.".strip())
    response = render(request, "403.html", {"reason": str(exception)}, status=403)
    add_never_cache_headers(response)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection has run out, or a browser that keeps no cookies.

    What somebody typed into a form for visitors, or on a screen for staff, is shown, so that they can copy it; never
    what went to a sign-in, to a form of passwords or accounts, or came from another site.
    """
    if keeps_typed(request) and not reason.startswith(FROM_ELSEWHERE):
        return shown_again(request, SIGNED_IN_ANEW if request.user.is_authenticated else "")
    response = render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)
    add_never_cache_headers(response)
    return response


def _typed(request: HttpRequest) -> list[tuple[Any, str]]:
    if not request.resolver_match or request.resolver_match.view_name not in FOR_VISITORS:
        return []
    found = [(label, request.POST.get(name, "").strip()) for name, label in TYPED_BY_VISITORS.items()]
    return [(label, text) for label, text in found if text]


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs no database, but names the clinic's telephone where it can be had.

    503 where the database or the disk takes nothing: that passes, and what staff typed is shown again.
    The number on the page is the one that the log has beside what went wrong.
    """
    status = 503 if isinstance(sys.exception(), NOTHING_KEPT) else 500
    try:
        if status == 503 and keeps_typed(request) and typed_in(request):
            return shown_again(request, CANNOT_SAVE, status=status)
        clinic = Clinic.current()
    except DatabaseError:
        logger.warning("the clinic's facts could not be read for the error page")
        clinic = Clinic(name="")
    context = {"clinic": clinic, "number": request_number(), "nothing_kept": status == 503}
    response = render(request, "500.html", context, status=status)
    add_never_cache_headers(response)
    return response
