"""Public pages of prices."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def prices(request: HttpRequest) -> HttpResponse:
    raise Http404
