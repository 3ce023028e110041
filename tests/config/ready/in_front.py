"""A layer in front of an application that stands for Django, and what it answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse

from config.ready.layer import ReadyPages

TEXT = "What helps against swelling? " * 40
NOON = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)
Answering = Callable[[], Any]


@contextmanager
def connected() -> Iterator[None]:
    """Let Django not close the connection at the ends of a request, and with it what the test has not kept."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Hearing:
    """Stands for the thread that listens to PostgreSQL."""

    def __init__(self, token: object) -> None:
        self.hears = True

    def start(self) -> None:
        """There is no thread."""


class Site:
    """A layer in front of an application that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answering: Answering = page
        self.layer = ReadyPages(self._django)

    def _django(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(environ)
        response = self.answering()
        headers = [*response.items(), *(("Set-Cookie", one.OutputString()) for one in response.cookies.values())]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        return response

    def get(self, path: str = "/", method: str = "GET", query: str = "", **headers: str) -> Answer:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
        told: list[tuple[str, list[tuple[str, str]]]] = []
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        with connected():
            answered = self.layer(environ, lambda *status: told.append(status[:2]))
            body = b"".join(answered)
            if isinstance(answered, FileResponse):
                answered.close()
        (status, given), *rest = told
        assert not rest, "answered twice"
        return Answer(int(status[:3]), given, body)


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body
        assert len(self.headers) == len(headers), "a header stands twice"


def page(text: str = TEXT, reads: tuple[str, ...] = (), kind: str = "text/html", **headers: str) -> HttpResponse:
    """Return an answer as Django gives it for a public page."""
    response = HttpResponse(text, content_type=kind, headers={"Cache-Control": "public, no-cache", **headers})
    response["Content-Length"] = str(len(response.content))
    response.query_read = reads
    return response


def never(now: datetime) -> None:
    """Stand for the question when the next edition goes live: none will."""
