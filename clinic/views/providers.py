"""Public pages of providers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def providers(request: HttpRequest) -> HttpResponse:
    raise Http404


def provider(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
