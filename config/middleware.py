"""What surrounds every request: headers that Django has no setting for, and the number by which the log knows it."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.whence import numbered

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Where an answer says nothing else. Caches in between could keep 404, 405 and 301 by a rule of their own (RFC 9111,
    # section 4.2.2), and a guide that is published a moment later would still not be there.
    "Cache-Control": "no-cache",
}

# A style sheet of our own, in the head of a page, which is not longer than this.
_STYLE = re.compile(rb'<link rel="stylesheet" href="(/[\w./-]+)">')
FAR_ENOUGH = 8192

logger = logging.getLogger("plainleaf.requests")


class SecurityHeadersMiddleware:
    """Stands outermost, so that static files and errors carry the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # One that takes a worn-out session away, for example: what goes to one browser is for no cache in between.
        if response.cookies and "public" in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-cache"
        return response


class EarlyStyleMiddleware:
    """Names a page's style sheet in a header: a slow browser asks for it before it has begun to read the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            found = _STYLE.search(response.content, 0, FAR_ENOUGH)
            if found and not response.has_header("Link"):
                response["Link"] = f"<{found[1].decode()}>; rel=preload; as=style"
        return response


class RequestNumberMiddleware:
    """Gives each request a number, for the log and for the page of a fault.

    No other answer carries it: a page is the same for everybody, and may be kept by whoever stands between.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a proxy of our own it is the visitor who would choose the number.
        offered = request.headers.get("X-Request-ID", "") if settings.PROXY_COUNT else ""
        begun = time.monotonic()
        with numbered(offered):
            response = self.get_response(request)
            if settings.LOG_REQUESTS:
                note_request(request.method or "", request.path, response.status_code, time.monotonic() - begun)
        return response


def note_request(method: str, path: str, status: int, seconds: float) -> None:
    """Write the line of a request that was answered."""
    # The path as Django escapes it: no line feed of a visitor begins a line of ours.
    escaped = path.encode("unicode_escape").decode("ascii")
    logger.info("%s %s %s in %s ms", method, escaped, status, round(seconds * 1000))
