"""Public pages of consultation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def consultation(request: HttpRequest) -> HttpResponse:
    raise Http404


def sent(request: HttpRequest) -> HttpResponse:
    raise Http404
