"""A middleware for `bench/cached_settings.py`: lets Django's cache keep what a browser is told to ask for again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def keepable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Django takes “no-cache” for itself too, and would keep nothing.
        response.headers["Cache-Control"] = "public"
        return response

    return middleware
