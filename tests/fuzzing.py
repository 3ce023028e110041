"""What a hostile visitor sends: every address of the site from its URL configuration, and values for all it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import URLPattern, URLResolver, get_resolver

HOSTS = (
    *("", " ", "evil.example", "testserver.evil.example", "testserver:99999999", "testserver:port", "[::1", "[]"),
    *("..", "a" * 300, "testserver/../admin", "testserver\x00", "té.example", "user@testserver", "testserver,evil"),
    *("<script>", "%00"),
)
# As an address carries them: encoded, and some of them badly.
IN_A_PATH = (
    *("1", "0", "-1", "9" * 30, "%00", "%ff%fe", "%ed%a0%80", "..%2f..%2fetc", "%0d%0aSet-Cookie:x", "a" * 3000),
    *("%E2%80%AE", "%27%22%3Cscript%3E", "NaN", "cold-therapy", "side-effects", "0" * 64, "0" * 12, "add", "%25"),
)
NUL = "a\x00b"
TEXTS = (
    *(
        "",
        " ",
        "\x00",
        NUL,
        "\ud800",
        "\x1b[31m\r\n",
        "\u202e\u200b\ufeff",
        "é" * 2001,
        "<script>alert(1)</script>",
    ),
    *("' OR 1=1 --", "{{ 7*7 }}", "%s %(x)s {0}", "=1+1", "[@trial-2020]" * 200, "!!! do", "[x](javascript:a)"),
)
NUMBERS = ("-1", "0", "9" * 19, "9" * 400, "1e999", "NaN", "Infinity", "0x10", "٣", "²", "1.5", "-9223372036854775809")
DATES = (
    *("2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01", "2026-W53-7", "2026-03-08 02:30"),
    *("12/31/1999", "25:61", "2027-03-14T02:30", "99999999999999-01-01"),
)
VALUES = (*TEXTS, *NUMBERS, *DATES)
HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_HOST": HOSTS,
    "HTTP_RANGE": ("bytes=0-0", "bytes=5-1", "bytes=-0", "bytes=0-" + "9" * 40, "lines=1", "bytes=" + "0-1," * 300),
    "HTTP_IF_NONE_MATCH": ("*", 'W/"x"', '"' * 99, "\x00"),
    "HTTP_IF_MATCH": ("*", '"x"', "x"),
    "HTTP_IF_MODIFIED_SINCE": ("yesterday", "Thu, 31 Feb 2099 25:61:00 GMT", "9" * 40),
    "HTTP_IF_UNMODIFIED_SINCE": ("Thu, 01 Jan 1970 00:00:00 GMT", "0"),
    "HTTP_IF_RANGE": ('"x"', "never"),
    "HTTP_COOKIE": (
        "session=",
        "session=\x00; csrf=é",
        "=;=;=",
        "session=" + "a" * 5000,
        "csrf=%ff",
        'session="unclosed',
    ),
    "HTTP_ACCEPT_LANGUAGE": ("xx;q=9", "*" * 500, "en;q=NaN", "é"),
    "HTTP_ACCEPT_ENCODING": ("br;q=x", "identity;q=0", "*"),
    "HTTP_X_FORWARDED_FOR": ("not-an-address", "1.1.1.1," * 400, "[::1", "\x00"),
    "HTTP_X_FORWARDED_PROTO": ("https, http", "gopher"),
    "HTTP_X_REQUEST_ID": ("\r\nx", "a" * 999, "é"),
    "HTTP_REFERER": ("https://[", "\x00", "https://testserver/é"),
    "HTTP_ORIGIN": ("null", "https://[", "\x00"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "CONTENT_LENGTH": ("-1", "nine", "9" * 30),
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "")
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
BODIES: tuple[tuple[str, bytes], ...] = (
    (FORM, b""),
    (FORM, b"\xff\xfe=\x00&%ZZ=%&=&&&"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(2100))),
    (FORM, b"words=" + b"x" * (2 * 1024 * 1024 + 1)),
    (f"{FORM}; charset=utf-16", "words=x".encode("utf-16")),
    (f"{FORM}; charset=no-such", b"words=x"),
    ("application/json", b'{"words": [1, {}]}'),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
    ("multipart/form-data", b"no boundary"),
    (PARTS, b"garbage"),
    (PARTS, b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nunfinished'),
    (PARTS, b'--b\r\nContent-Disposition: form-data; name="\xff"; filename="../\x00"\r\n\r\nx\r\n--b--\r\n'),
    (PARTS, b'--b\r\nContent-Disposition: form-data; name="upload"; filename="x.png"\r\n\r\n\x89PNG\r\n--b--\r\n'),
    (
        PARTS,
        b'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--b--\r\n',
    ),
    (f"multipart/form-data; boundary={'b' * 300}", b"--b--"),
    ("multipart/mixed; boundary=b", b"--b--"),
    ("", b"words=x"),
)
# What addresses outside a form take: searches, filters and the admin's own.
ASKED = (
    *("q", "p", "o", "e", "all", "page", "guide", "on", "date", "sessions", "interval", "unit", "from", "to", "since"),
    *("paper", "size", "code", "procedure", "area", "keep", "years", "language", "location", "next", "full", "whole"),
    *("made_at__year", "made_at__month", "made_by__id__exact", "what__exact", "state__exact", "guide__id__exact"),
    *("password__startswith", "_popup", "_to_field", "slug", "term", "app_label", "model_name", "field_name", "ids"),
)


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the name of every address of the site, and its path with `<name>` where it takes a value."""

    def walk(found: list[Any], before: str, names: str) -> Iterator[tuple[str, str]]:
        for one in found:
            route = before + _route(one)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route, f"{names}{one.namespace}:" if one.namespace else names)
            elif isinstance(one, URLPattern):
                yield f"{names}{one.name or route}", f"/{route}"

    yield from walk(get_resolver().url_patterns, "", "")


def _route(one: URLPattern | URLResolver) -> str:
    """Return a pattern's text with `<name>` for each value; of a regular expression its first form."""
    text = str(one.pattern)
    if not hasattr(one.pattern, "regex") or "(?P<" in text or text.startswith("^"):
        text = (
            re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", text)
            .strip("^$")
            .replace("\\Z", "")
            .replace("\\", "")
        )
    return re.sub(r"<(?:[\w-]+:)?(\w+)>", r"<\1>", text)


def filled(path: str, value: str) -> str:
    """Return a path with this value, encoded already, in each place that takes one."""
    return re.sub(r"<\w+>", lambda _: value, path)


class _Fields(HTMLParser):
    """Collects the names and values of what a page's forms would send by POST, form by form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = facts.get("method", "get").lower() == "post"
            if self.inside:
                self.forms.append((facts.get("action", ""), {}))
        elif self.inside and tag in ("input", "select", "textarea", "button") and facts.get("name"):
            self.forms[-1][1].setdefault(facts["name"], facts.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def forms_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """Return the forms of a page that are posted: where to, and what each field holds by its name."""
    reader = _Fields()
    reader.feed(page)
    return reader.forms


def query(fields: dict[str, str]) -> str:
    """Return fields as an address or a form carries them; half a character goes as the bytes that no text has."""
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}, quote_via=quote)
