"""One kept page: its bytes in each coding, and the answer to a request for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from django.utils.http import parse_etags

from config.ready.encodings import IDENTITY, LONGEST, QUICK, best, chosen, compressed

Headers = list[tuple[str, str]]
Environ = Mapping[str, Any]
StartResponse = Callable[..., object]

# In a query, before Django is to say what it thinks of it: to take apart many thousand takes longer than to count them.
MOST_PARAMETERS = 100
# Below this many bytes nothing is worth unpacking.
LEAST = 256
_TEXTS = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
# What the headers of all forms of a page take up in memory, beside its bytes.
HEADERS_SIZE = 12 * 1024
# Of headers whose form is remembered with a page.
MOST_CHOSEN = 16
# A 304 describes no content.
_OF_CONTENT = {"content-type", "content-length", "content-encoding", "content-language"}


@dataclass(frozen=True, slots=True)
class Form:
    """A page in one coding: the headers of the whole answer and of a 304, its strong tag, and its bytes."""

    headers: Headers
    unchanged: Headers
    etag: str
    body: list[bytes]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as long as `token` is the site's and until `until`, in seconds since 1970.

    `reads`: the parameters of a query that would have made it another page; any other changes nothing.
    """

    token: bytes
    until: float
    reads: frozenset[str]
    given: Headers
    content: bytes
    forms: Mapping[str, Form]
    digest: str
    # The form for each `Accept-Encoding` that somebody sent: browsers send few.
    chosen: dict[str | None, Form] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        """Return about how many bytes it takes up."""
        return HEADERS_SIZE + sum(len(form.body[0]) for form in self.forms.values())

    def lasting(self, token: bytes, until: float) -> Page:
        """Return the same page, which was made anew and came out the same."""
        return replace(self, token=token, until=until)

    def answer(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer a GET or HEAD (RFC 9110, sections 8.8.3, 12.5.3 and 13.2.2)."""
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        form = self.chosen.get(accepted) or self._choose(accepted)
        wanted = environ.get("HTTP_IF_MATCH")
        if wanted is not None and not self._is_among(wanted, weak=False):
            start_response("412 Precondition Failed", [*form.unchanged, ("Content-Length", "0")])
            return []
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (known == form.etag or self._is_among(known)):
            start_response("304 Not Modified", form.unchanged)
            return []
        start_response("200 OK", form.headers)
        return form.body if environ["REQUEST_METHOD"] == "GET" else []

    def _choose(self, accepted: str | None) -> Form:
        form = self.forms[chosen(accepted, tuple(self.forms))]
        if len(self.chosen) < MOST_CHOSEN and len(accepted or "") <= LONGEST:
            self.chosen[accepted] = form
        return form

    def _is_among(self, known: str, *, weak: bool = True) -> bool:
        """Whether a list of tags names this page in any coding: whoever has it unpacked has it."""
        tags = (tag.removeprefix("W/").strip('"') for tag in parse_etags(known) if weak or not tag.startswith("W/"))
        return any(tag == "*" or tag.partition("-")[0] == self.digest for tag in tags)


def depends_on(query: str, reads: frozenset[str]) -> bool:
    """Whether a query names a parameter that a page reads."""
    if not reads or not query:
        return False
    try:
        named = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return True
    return not reads.isdisjoint(name for name, _ in named)


def made(headers: Headers, content: bytes, *, reads: Iterable[str], token: bytes, until: float) -> Page:
    """Return a page with its bytes in each coding, as small as each gets while somebody waits."""
    bodies = compressed(content, quality=best(len(content))) if is_text(headers, content) else {IDENTITY: content}
    digest = hashlib.sha256(content).hexdigest()[:20]
    forms = {coding: _form(headers, body, coding, digest, len(bodies) > 1) for coding, body in bodies.items()}
    return Page(token, until, frozenset(reads), headers, content, forms, digest)


def _form(headers: Headers, body: bytes, coding: str, digest: str, has_others: bool) -> Form:
    etag = f'"{digest}"' if coding == IDENTITY else f'"{digest}-{coding}"'
    whole = [*in_coding(headers, body, coding, varies=has_others), ("ETag", etag)]
    unchanged = [(name, value) for name, value in whole if name.lower() not in _OF_CONTENT]
    return Form(whole, unchanged, etag, [body])


def in_coding(headers: Headers, body: bytes, coding: str, *, varies: bool = True) -> Headers:
    """Return Django's headers with those that a coding of the content changes."""
    told = [(name, value) for name, value in headers if name.lower() not in ("content-length", "vary")]
    vary = [value for name, value in headers if name.lower() == "vary"]
    if varies:
        vary.append("Accept-Encoding")
    told += [("Vary", ", ".join(dict.fromkeys(vary)))] if vary else []
    told += [("Content-Encoding", coding)] if coding != IDENTITY else []
    return [*told, ("Content-Length", str(len(body)))]


def is_text(headers: Headers, content: bytes) -> bool:
    """Whether a content gets smaller by a coding, and has none yet."""
    named = {name.lower(): value for name, value in headers}
    kind = named.get("content-type", "").lower()
    return len(content) >= LEAST and kind.startswith(_TEXTS) and "content-encoding" not in named


def quickly(environ: Environ, headers: Headers, content: bytes) -> tuple[Headers, bytes]:
    """Return the headers and bytes of an answer that is made for one reader, in the coding that they take."""
    coding = chosen(environ.get("HTTP_ACCEPT_ENCODING"))
    body = compressed(content, [coding], QUICK)[coding] if coding in QUICK else content
    return in_coding(headers, body, coding), body
