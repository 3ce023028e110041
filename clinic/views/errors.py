"""Pages for when something went wrong: they say what happened and where to go."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.models import Clinic
from clinic.views.pages import Unwritten

logger = logging.getLogger(__name__)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: with the guides and how to reach the clinic."""
    return render(request, "404.html", {"unwritten": isinstance(exception, Unwritten)}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that no browser sends by itself."""
    return render(request, "400.html", {"clinic": Clinic(name="")}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, and not allowed."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection has run out, or a browser that keeps no cookies."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs no database, but names the clinic's telephone where it can be had."""
    try:
        clinic = Clinic.current()
    except DatabaseError:
        logger.warning("the clinic's facts could not be read for the error page")
        clinic = Clinic(name="")
    return render(request, "500.html", {"clinic": clinic}, status=500)
