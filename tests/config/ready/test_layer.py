"""What stands in front of Django: kept is only what is the same for everybody, and only until something changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import brotli
import pytest
import time_machine
from django.core.signals import request_finished
from django.db import OperationalError
from django.http import FileResponse, HttpResponse, parse_cookie

from config.ready import layer
from config.ready.page import HEADERS_SIZE, MOST_PARAMETERS
from config.ready.token import token
from tests.config.ready.in_front import NOON, TEXT, Site, page


def scheduled(now: datetime) -> datetime:
    return NOON.replace(second=20)


# What reaches Django each time


def with_cookie() -> HttpResponse:
    response = page()
    response.set_cookie("seen", "1")
    return response


def unmarked() -> HttpResponse:
    response = page()
    del response.query_read
    return response


@pytest.mark.parametrize(
    "answering",
    [
        with_cookie,
        unmarked,
        lambda: page(**{"Cache-Control": "private, no-cache"}),
        lambda: page(**{"Cache-Control": "public, no-store"}),
        lambda: page(**{"Cache-Control": "max-age=60"}),
        lambda: page(Vary="Cookie"),
        lambda: page(Vary="Accept-Language"),
        lambda: page(ETag='"own"'),
        lambda: page("x" * (layer.MOST_BYTES_OF_A_PAGE + 1)),
        *(lambda status=status: _with_status(status) for status in (206, 301, 302, 400, 404, 405, 410, 500, 503)),
    ],
)
def test_an_answer_that_is_not_the_same_for_all_is_not_kept(site, answering):
    site.answering = answering
    assert site.get().body == site.get().body == answering().content
    assert len(site.asked) == 2


def _with_status(status: int) -> HttpResponse:
    response = page()
    response.status_code = status
    return response


def test_a_file_is_handed_on_as_it_is(site, tmp_path):
    file = tmp_path / "picture.webp"
    file.write_bytes(b"RIFF" * 100)
    site.answering = lambda: FileResponse(file.open("rb"), headers={"Cache-Control": "public, max-age=31536000"})
    assert site.get().body == site.get().body == b"RIFF" * 100
    assert len(site.asked) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get"])
def test_any_other_method_reaches_django_though_the_page_is_kept(site, method):
    site.get()
    site.get(method=method)
    assert [one["REQUEST_METHOD"] for one in site.asked] == ["GET", method]


def test_whoever_is_signed_in_reaches_django_and_gets_private_pages_as_long_as_they_are(site):
    site.get()
    site.answering = lambda: page(**{"Cache-Control": "private, no-store"})
    answer = site.get(cookie="csrf=1; session=abc", accept_encoding="br")
    assert answer.body.decode() == TEXT
    assert "Content-Encoding" not in answer.headers
    assert len(site.asked) == 2
    site.get(cookie="csrf=1")
    assert len(site.asked) == 2


@pytest.mark.parametrize("cookie", ["session=a", "csrf=1;session=a", "session =a", "csrf=1; \t session\x1c=a"])
def test_the_session_is_known_by_its_name_however_it_is_written(site, cookie):
    site.get()
    site.get(cookie=cookie)
    assert parse_cookie(cookie)["session"] == "a"
    assert len(site.asked) == 2


@pytest.mark.parametrize("cookie", ["", "xsession=a", "csrf=session=a", "session", "sessions=a", "Session=a"])
def test_a_cookie_of_a_name_like_it_is_nobody_s_session(site, cookie):
    site.get()
    site.get(cookie=cookie)
    assert "session" not in parse_cookie(cookie)
    assert len(site.asked) == 1


def test_what_staff_got_is_not_what_the_public_gets(site):
    site.answering = lambda: page("for staff")
    site.get(cookie="session=abc")
    site.answering = page
    assert site.get().body.decode() == TEXT


@pytest.mark.parametrize("host", ["evil.example", "localhost:1", "LOCALHOST", "localhost.", "", "127.0.0.1:99"])
def test_under_a_name_that_is_none_of_the_site_s_nothing_is_kept(site, host):
    site.get()
    site.get(host=host)
    site.get(host=host)
    assert len(site.asked) == 3


def test_each_of_the_site_s_names_and_each_scheme_has_its_own_page(site, settings):
    texts = iter(range(9))
    site.answering = lambda: page(f"{next(texts)}" * 300)
    for ask in ({}, {"host": "127.0.0.1"}, {"host": f"localhost:{settings.PORT}"}, {"x_forwarded_proto": "https"}):
        assert site.get(**ask).body == site.get(**ask).body
    assert len(site.asked) == 4
    site.get(x_forwarded_proto="http")
    site.get(x_forwarded_proto="http")
    assert len(site.asked) == 6


def test_without_a_data_folder_nothing_is_kept_and_everybody_is_answered(settings, caplog):
    settings.DATA_DIR = settings.DATA_DIR / "missing"
    site = Site()
    site.layer.begin()
    assert site.get().body.decode() == TEXT
    assert site.get().body.decode() == TEXT
    assert len(site.asked) == 2
    assert "made anew for each reader" in caplog.text


def test_before_the_process_has_begun_nothing_is_kept():
    site = Site()
    site.get()
    site.get()
    assert len(site.asked) == 2


# What is answered from memory


def test_a_kept_page_has_exactly_django_s_headers_beside_its_own(site):
    site.answering = lambda: page(**{"Content-Language": "en", "Link": "</x>", "Content-Security-Policy": "none"})
    first, second = site.get(accept_encoding="br"), site.get(accept_encoding="br")
    assert len(site.asked) == 1
    assert first.headers == second.headers
    own = {"ETag", "Vary", "Content-Encoding", "Content-Length"}
    assert {name: value for name, value in second.headers.items() if name not in own} == {
        **{"Content-Type": "text/html", "Cache-Control": "public, no-cache", "Content-Language": "en"},
        **{"Link": "</x>", "Content-Security-Policy": "none"},
    }
    assert second.headers["Vary"] == "Accept-Encoding"
    assert second.headers["Content-Length"] == str(len(second.body))


# The query


@pytest.mark.parametrize(
    "query", ["x=1", "utm_source=mail&fbclid=2", "%00", "%ff=%fe", "&&=", "onn=1", "x=on", "a" * 9000]
)
def test_a_query_that_the_page_does_not_read_neither_passes_the_memory_nor_fills_it(site, query):
    site.answering = lambda: page(reads=("on",))
    site.get(query=query)
    site.get(query=f"{query}2")
    site.get()
    assert len(site.asked) == 1
    assert len(site.layer._pages) == 1


@pytest.mark.parametrize("query", ["on=2026-01-01", "on=", "on", "x=1&on=2", "%6fn=1", "on=1&on=2"])
def test_a_query_that_the_page_reads_is_for_django_each_time(site, query):
    site.answering = lambda: page(reads=("on",))
    site.get()
    for _ in range(2):
        site.get(query=query)
    assert [one["QUERY_STRING"] for one in site.asked] == ["", query, query]
    assert len(site.layer._pages) == 1


def test_a_query_of_more_parameters_than_anybody_writes_is_not_taken_apart_here(site):
    site.answering = lambda: page(reads=("on",))
    site.get()
    site.get(query="&a=1" * MOST_PARAMETERS)
    assert len(site.asked) == 2
    site.answering = page
    token().change()
    site.get()
    site.get(query="&a=1" * MOST_PARAMETERS)
    assert len(site.asked) == 3, "a page that reads no query has no use for one"


# Until when


def test_after_a_change_the_next_reader_has_it(site):
    site.get()
    site.answering = lambda: page("changed" * 50)
    assert site.get().body.decode() == TEXT
    token().change()
    assert site.get().body.decode() == "changed" * 50


def test_a_page_that_was_being_made_while_something_changed_is_given_to_nobody_else(site):
    def late() -> HttpResponse:
        token().change()
        return page()

    site.answering = late
    site.get()
    site.get()
    assert len(site.asked) == 2


def test_a_page_lives_to_the_end_of_the_minute(site):
    site.get()
    for moment, times in ((NOON.replace(second=59, microsecond=999000), 1), (NOON.replace(minute=1, second=0), 2)):
        with time_machine.travel(moment, tick=False):
            site.get()
        assert len(site.asked) == times


def test_where_the_clock_is_set_back_a_page_lives_to_the_end_of_its_minute_then(site):
    site.get()
    for minute, times in ((-60, 2), (-59, 3), (0, 4)):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            site.get()
            site.get()
        assert len(site.asked) == times


def test_a_page_lives_no_longer_than_to_the_next_publication(site, settings):
    settings.NEXT_PUBLICATION = f"{__name__}.scheduled"
    site.get()
    for second, times in ((19, 1), (20, 2)):
        with time_machine.travel(NOON.replace(second=second), tick=False):
            site.get()
        assert len(site.asked) == times


def test_where_the_next_publication_cannot_be_read_the_page_is_given_and_not_kept(site, monkeypatch):
    def broken(now: float) -> float:
        raise OperationalError

    monkeypatch.setattr(layer, "next_change", broken)
    assert site.get().body.decode() == TEXT
    site.get()
    assert len(site.asked) == 2


def test_a_page_that_came_out_the_same_is_not_compressed_anew(site, monkeypatch):
    first = site.get(accept_encoding="br")
    monkeypatch.setattr(layer, "made", None)
    token().change()
    assert site.get(accept_encoding="br").headers == first.headers
    assert len(site.asked) == 2
    site.get()
    assert len(site.asked) == 2


def test_while_another_page_is_prepared_nobody_waits_for_it(site):
    with site.layer._preparing:
        assert brotli.decompress(site.get(accept_encoding="br").body).decode() == TEXT
    assert not site.layer._pages
    site.get()
    assert site.layer._pages


def test_the_memory_has_an_end_and_the_page_that_was_made_longest_ago_goes_first(site, monkeypatch):
    monkeypatch.setattr(layer, "MOST_BYTES", 3 * (len(TEXT) + HEADERS_SIZE) + 1000)
    site.answering = lambda: page(kind="image/png")
    for name in "abc":
        site.get(f"/{name}")
    site.get("/d")
    asked = len(site.asked)
    for name in "bcd":
        site.get(f"/{name}")
    assert len(site.asked) == asked
    site.get("/a")
    assert len(site.asked) == asked + 1
    assert site.layer._size == sum(one.size for one in site.layer._pages.values())


@pytest.mark.parametrize("wanted", [True, False])
def test_an_answer_from_memory_has_its_line_in_the_log_where_requests_are_logged(site, settings, caplog, wanted):
    site.get("/gu\u00c3\u00adas\n/")
    settings.LOG_REQUESTS = wanted
    etag = site.get("/gu\u00c3\u00adas\n/", query="q=Zuzana").headers["ETag"]
    site.get("/gu\u00c3\u00adas\n/", if_none_match=etag, method="HEAD")
    said = [one.getMessage() for one in caplog.records]
    assert said == ([r"GET /gu\xedas\n/ 200 in 0 ms", r"HEAD /gu\xedas\n/ 304 in 0 ms"] if wanted else [])
    assert len(site.asked) == 1


def test_django_is_told_that_each_of_its_requests_ended(site):
    ended: list[object] = []
    request_finished.connect(lambda sender, **_: ended.append(sender), weak=False, dispatch_uid="test")
    try:
        site.get()
        site.answering = lambda: page(**{"Cache-Control": "private"})
        site.get("/other")
    finally:
        request_finished.disconnect(dispatch_uid="test")
    assert len(ended) == 2
