"""Settings of a site that has a fault: where a header asks for it, an exception that quotes what somebody typed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.settings import *  # noqa: F403  # a settings module is its names
from config.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "tests.config.faulty.Fault"]


class Fault:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Fault" not in request.headers:
            return self.get_response(request)
        typed = f"{request.META['QUERY_STRING']} {request.POST.dict()}"
        try:
            raise KeyError(typed)
        except KeyError as error:
            logging.getLogger("clinic").error("it failed: %s", error)
            raise ValueError(f"invalid value: {typed}") from error
