"""A WSGI application in front of Django that answers from memory what Django said is the same for everybody."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, MutableMapping
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse

from config.middleware import note_request
from config.ready.changes import lasts, next_change
from config.ready.listening import Listener
from config.ready.page import Environ, Headers, Page, StartResponse, depends_on, is_text, made, quickly
from config.ready.token import Token, token
from config.ready.until_changed import Standing, rely_on
from config.whence import numbered

logger = logging.getLogger("plainleaf.ready")

Key = tuple[str | None, str | None, str]

READING = ("GET", "HEAD")
# For all pages of a worker together, in each coding; the largest site of a clinic takes a third of it.
MOST_BYTES = 96 * 1024 * 1024
MOST_BYTES_OF_A_PAGE = 2 * 1024 * 1024


class ReadyPages:
    """Keeps public pages until a change, and compresses what else Django answers to visitors who are not signed in.

    Kept is only an answer with 200 that Django marked public, that sets no cookie and depends on no header, for GET
    and HEAD under one of the site's own names. Staff who are signed in always reach Django.
    """

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.token: Token | None = None
        self.listener: Listener | None = None
        self._pages: dict[Key, Page] = {}
        self._size = 0
        self._storing = threading.Lock()
        self._preparing = threading.Lock()
        self._until = b"", 0.0
        # As Django reads cookies, spaces around the name included.
        self._session = re.compile(rf"(?:^|;)\s*{re.escape(settings.SESSION_COOKIE_NAME)}\s*=")
        self._hosts = hosts()

    def begin(self) -> None:
        """Keep pages from now on; to be called in each process that answers, after the last fork.

        The token changes: a process that this one replaces may have been killed between a change and its telling.
        """
        try:
            opened = token()
            opened.change()
        except OSError as error:
            logger.warning("public pages are made anew for each reader: %s", error)
            return
        if connection.vendor == "postgresql":
            self.listener = Listener(opened)
            self.listener.start()
        self.token = opened
        rely_on(self.standing)

    def standing(self) -> Standing | None:
        """Return the state of the site in this moment; None where a change may have been missed."""
        if self.token is None or not self._hears():
            return None
        seen, now = self.token.read(), time()
        try:
            return Standing(seen, self._next_change(seen, now))
        except DatabaseError:
            return None

    def _next_change(self, seen: bytes, begun: float) -> float:
        """Return when the clock may next change a page of this state that was begun then. Raises DatabaseError."""
        known = self._until
        if known[0] != seen or not lasts(known[1], begun):
            known = self._until = seen, next_change(begun)
        return known[1]

    def __call__(self, environ: MutableMapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get
        key = asked("HTTP_HOST"), asked("HTTP_X_FORWARDED_PROTO"), environ["PATH_INFO"]
        page = self._pages.get(key)
        # All that a hit usually needs to know is asked here: calls of functions were half of what it cost.
        if (
            page is not None
            and page.token == self.token.read()  # type: ignore[union-attr]  # there is one if there is a page
            and lasts(page.until, time())
            and (self.listener is None or self.listener.hears)
            and environ["REQUEST_METHOD"] in READING
            and ("HTTP_COOKIE" not in environ or not self._is_signed_in(environ))
            and (not environ["QUERY_STRING"] or not depends_on(environ["QUERY_STRING"], page.reads))
        ):
            return page.answer(environ, noted(environ, start_response) if settings.LOG_REQUESTS else start_response)
        return self._from_django(key, environ, start_response)

    def _is_signed_in(self, environ: Environ) -> bool:
        cookies = environ.get("HTTP_COOKIE")
        return cookies is not None and self._session.search(cookies) is not None

    def _is_ours(self, key: Key) -> bool:
        """Whether somebody asked under one of the site's names: few, so that nobody fills the memory with others."""
        return key[0] in self._hosts and key[1] in (None, "https")

    def _hears(self) -> bool:
        return self.listener is None or self.listener.hears

    def _from_django(
        self, key: Key, environ: MutableMapping[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        # Both before Django reads anything: what changes meanwhile makes the page old from the start.
        seen, begun = self.token.read() if self.token else b"", time()
        if environ["REQUEST_METHOD"] not in READING:
            return self.application(environ, start_response)
        told: list[tuple[str, Headers]] = []
        response = self.application(environ, lambda status, headers, *_: told.append((status, headers)))
        status, headers = told[-1]
        if not isinstance(response, HttpResponse) or response.has_header("ETag"):
            start_response(status, headers)
            return response
        content, page, signed_in = response.content, None, self._is_signed_in(environ)
        if seen and not signed_in and self._is_ours(key) and self._hears() and may_keep(response):
            page = self._kept(key, response, headers, environ["QUERY_STRING"], seen, begun)
        response.close()
        if page is not None:
            return page.answer(environ, start_response)
        # Not what only staff see: its length would tell of it, beside words that somebody else put into the address.
        if is_text(headers, content) and (is_public(response) or not signed_in):
            headers, content = quickly(environ, headers, content)
        start_response(status, headers)
        return [content] if environ["REQUEST_METHOD"] == "GET" else []

    def _kept(
        self, key: Key, response: HttpResponse, headers: Headers, query: str, seen: bytes, begun: float
    ) -> Page | None:
        """Return the page that an answer makes, kept where it may be; nothing where it is for this reader alone."""
        reads = frozenset(response.query_read)  # type: ignore[attr-defined]  # may_keep() looked
        if depends_on(query, reads):
            return None
        try:
            until = self._next_change(seen, begun)
        except DatabaseError:
            return None
        before, page = self._pages.get(key), None
        if before and (before.content, before.given, before.reads) == (response.content, headers, reads):
            page = before.lasting(seen, until)
        elif self._preparing.acquire(blocking=False):
            # One at a time: whoever comes meanwhile is answered quickly, not after the others.
            try:
                page = made(headers, response.content, reads=reads, token=seen, until=until)
            finally:
                self._preparing.release()
        if page and self.token and self.token.read() == seen:
            self._store(key, page)
        return page

    def _store(self, key: Key, page: Page) -> None:
        with self._storing:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (before.size if before else 0)
            while self._size > MOST_BYTES:
                # The one that was not made anew for longest.
                self._size -= self._pages.pop(next(iter(self._pages))).size


def noted(environ: Environ, start_response: StartResponse) -> StartResponse:
    """Return what also writes a line of the answer from memory into the log, as Django's middleware does of its own."""
    begun = time()

    def answered(status: str, headers: Headers) -> object:
        with numbered(environ.get("HTTP_X_REQUEST_ID", "") if settings.PROXY_COUNT else ""):
            # WSGI has the bytes of a path as if each were a letter.
            path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
            note_request(environ["REQUEST_METHOD"], path, int(status[:3]), time() - begun)
        return start_response(status, headers)

    return answered


def may_keep(response: HttpResponse) -> bool:
    """Whether Django's answer is the same for everybody until something changes."""
    return (
        response.status_code == 200
        and getattr(response, "query_read", None) is not None
        and is_public(response)
        and not response.cookies
        and not response.has_header("Vary")
        and not response.has_header("Content-Encoding")
        and len(response.content) <= MOST_BYTES_OF_A_PAGE
    )


def is_public(response: HttpResponse) -> bool:
    caching = {part.strip().lower() for part in response.get("Cache-Control", "").split(",")}
    return "public" in caching and caching.isdisjoint(("private", "no-store"))


def hosts() -> frozenset[str]:
    """Return the site's names as requests give them."""
    own = {urlsplit(settings.SITE_URL).netloc, *settings.ALLOWED_HOSTS}
    return frozenset(own | {f"{name}:{settings.PORT}" for name in settings.ALLOWED_HOSTS})
