"""The layer before the real Django: what patients get from memory is what Django gave, for each public address."""

from __future__ import annotations

from typing import Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse

from config.ready.layer import ReadyPages
from tests import profiles, public
from tests.config.ready.in_front import connected

LARGEST_STYLE = 7500


class Front:
    """The layer, with a way to ask it."""

    def __init__(self) -> None:
        self.layer = ReadyPages(WSGIHandler())
        self.layer.begin()

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        environ = RequestFactory().generic(method, path, headers={"host": "localhost", **headers}).environ
        told: list[Any] = []
        with connected():
            answered = self.layer(environ, lambda *status: told.append(status))
            body = b"".join(answered)
            if hasattr(answered, "close"):
                answered.close()
        ((status, given),) = told
        return int(status[:3]), dict(given), body


@pytest.fixture
def front(db) -> Front:
    return Front()


@pytest.fixture
def addresses(live, cast) -> list[str]:
    public.whole_clinic(cast["owner"])
    profiles.whole(cast, live)
    machines = [reverse(f"clinic:{one}") for one in ("robots", "sitemap", "feed", "security-txt")]
    return [*public.SITE, *public.of_guide(live), *machines, "/prices/", "/search/", "/providers/robin-sample/", "/e/"]


def test_from_memory_come_django_s_bytes_and_headers_and_the_layer_s_own_beside_them(front, addresses):
    own = {"ETag", "Vary", "Content-Encoding", "Content-Length"}
    from_memory = 0
    for path in addresses:
        plain = Client().get(path, headers={"host": "localhost"})
        for _ in range(2):
            status, headers, body = front.get(path, **{"accept-encoding": "br"})
            assert status == plain.status_code, path
            packed = headers.get("Content-Encoding") == "br"
            assert (brotli.decompress(body) if packed else body) == plain.getvalue(), path
            django_s = {name: value for name, value in plain.headers.items() if name not in own}
            assert {name: value for name, value in headers.items() if name not in own} == django_s, path
        from_memory += bool(front.layer._pages.get(("localhost", None, path)))
    # The leaflets have a memory of their own.
    assert from_memory > len(addresses) - 4


def test_whoever_has_a_page_is_not_sent_it_again(front, addresses):
    for path in ("/", "/sitemap.xml", "/feed.xml", "/guides/cold-therapy/all/", "/robots.txt"):
        _, headers, _ = front.get(path)
        status, again, body = front.get(path, **{"if-none-match": headers["ETag"]})
        assert (status, body) == (304, b""), path
        assert again["X-Content-Type-Options"] == "nosniff"


def test_the_style_sheet_is_small_and_kept_by_browsers_for_good(front, addresses):
    _, _, home = front.get("/")
    path = home.decode().split('<link rel="stylesheet" href="')[1].partition('"')[0]
    for _ in range(2):
        _, headers, body = front.get(path, **{"accept-encoding": "br"})
        assert len(body) < LARGEST_STYLE
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_what_is_asked_for_is_not_kept_and_what_is_not_asked_for_is(front, addresses):
    for path in ("/search/?q=bruise", "/prices/?on=2026-01-01", "/guides/cold-therapy/editions/?on=2026-01-01"):
        front.get(path)
    assert not front.layer._pages
    for path in ("/search/?utm_source=x", "/prices/?on1=2026-01-01", "/guides/cold-therapy/?on=2026-01-01"):
        front.get(path)
    assert len(front.layer._pages) == 3


@pytest.mark.parametrize(
    "path",
    ["/consultation/", "/guides/cold-therapy/mistake/", "/accounts/login/", "/healthz"],
)
def test_a_form_and_what_is_personal_is_never_kept(front, addresses, path):
    for _ in range(2):
        status, headers, _ = front.get(path, **{"accept-encoding": "br"})
        assert status == 200
        assert "ETag" not in headers
        assert "no-store" in headers["Cache-Control"]
    assert not front.layer._pages


def test_one_content_at_endlessly_many_addresses_fills_no_memory(front, addresses, live):
    paths = (f"/e/{live.code.upper()}/", f"/e/{live.code[:4]}-{live.code[4:]}/", "/brand/site.0123456789ab.css")
    for path in paths:
        assert front.get(path)[0] == 200, path
    for path in ("/sitemap-01.xml", "/guides/cold-therapy/editions/01/"):
        assert front.get(path)[0] == 404, path
    assert not front.layer._pages
    front.get(f"/e/{live.code}/")
    assert len(front.layer._pages) == 1


def test_a_redirect_an_unknown_page_and_a_forged_host_are_never_kept(front, addresses):
    for path, status in (("/guides/cold-therapy/overview/", 301), ("/nothing/", 404), ("/guides", 301)):
        assert front.get(path)[0] == status
    assert front.get("/", host="evil.example")[0] == 400
    assert not front.layer._pages
