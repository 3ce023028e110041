"""One kept page: the coding that a browser takes, the tags of what it has, and no body where none is asked for."""

from __future__ import annotations

import gzip

import brotli
import pytest

from config.ready.encodings import LONGEST
from config.ready.page import MOST_CHOSEN
from config.ready.token import token
from tests.config.ready.in_front import TEXT, page


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("", None, bytes),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
@pytest.mark.parametrize("kept", [True, False])
def test_a_page_comes_in_the_coding_that_a_browser_takes(site, accepted, coding, unpack, kept):
    site.answering = page if kept else lambda: page(**{"Cache-Control": "private"})
    for _ in range(2):
        answer = site.get(accept_encoding=accepted)
        assert unpack(answer.body).decode() == TEXT
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Length"] == str(len(answer.body))
    assert len(site.asked) == (1 if kept else 2)


def test_whoever_sends_many_or_long_headers_fills_no_memory(site):
    site.get()
    (kept,) = site.layer._pages.values()
    site.get(accept_encoding="gzip" + " " * LONGEST)
    for number in range(MOST_CHOSEN * 2):
        answer = site.get(accept_encoding=f"gzip;q=0.{number}")
        assert answer.headers.get("Content-Encoding") == ("gzip" if number else None)
    assert len(kept.chosen) == MOST_CHOSEN
    assert all(len(accepted or "") <= LONGEST for accepted in kept.chosen)


def test_what_is_no_text_or_short_is_left_as_it_is(site):
    for answering in (lambda: page(kind="image/png"), lambda: page("ok")):
        site.answering = answering
        for path in ("/a", "/b"):
            answer = site.get(f"{path}{len(site.asked)}", accept_encoding="br")
            assert answer.body == answering().content
            assert not {"Content-Encoding", "Vary"} & set(answer.headers)


def test_a_head_has_the_headers_of_a_get_and_no_body(site):
    for kept in (page, lambda: page(**{"Cache-Control": "private"})):
        site.answering = kept
        path = f"/{len(site.asked)}"
        whole = site.get(path, accept_encoding="br")
        for _ in range(2):
            bare = site.get(path, method="HEAD", accept_encoding="br")
            assert (bare.status, bare.headers, bare.body) == (200, whole.headers, b"")


def test_a_head_that_comes_first_fills_the_page_for_a_get(site):
    assert site.get(method="HEAD").body == b""
    assert site.get().body.decode() == TEXT
    assert len(site.asked) == 1


def test_whoever_has_the_page_is_told_that_it_still_holds(site):
    etag = site.get(accept_encoding="br").headers["ETag"]
    bare = site.get().headers["ETag"]
    assert etag != bare, "two codings are two representations"
    for known in (etag, bare, "*", f'"x", {etag}', f"W/{etag}", f'W/"x",W/{bare}'):
        answer = site.get(accept_encoding="br", if_none_match=known)
        assert (answer.status, answer.body) == (304, b""), known
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(answer.headers)
    for known in ('"x"', "x", '""', etag.strip('"'), '"*"'.replace("*", "y"), ","):
        assert site.get(accept_encoding="br", if_none_match=known).status == 200, known
    assert len(site.asked) == 1


def test_the_tag_is_another_when_the_page_is(site):
    etag = site.get().headers["ETag"]
    site.answering = lambda: page(f"{TEXT}!")
    token().change()
    answer = site.get(if_none_match=etag)
    assert answer.status == 200
    assert answer.headers["ETag"] != etag


def test_whoever_wants_the_page_as_it_was_alone_gets_no_other(site):
    etag = site.get(accept_encoding="br").headers["ETag"]
    for wanted in ('"x"', '"x", "y"', f"W/{etag}", ""):
        for method in ("GET", "HEAD"):
            answer = site.get(method=method, accept_encoding="br", if_match=wanted, if_none_match=etag)
            assert (answer.status, answer.body, answer.headers["Content-Length"]) == (412, b"", "0"), wanted
    for wanted in (etag, "*", f'"x", {etag}'):
        assert site.get(accept_encoding="br", if_match=wanted).status == 200, wanted
    assert len(site.asked) == 1


@pytest.mark.parametrize("header", ["range", "if_range", "if_modified_since", "if_unmodified_since"])
def test_a_range_or_a_date_changes_nothing_as_with_django(site, header):
    site.get()
    answer = site.get(**{header: "bytes=0-4"})
    assert (answer.status, answer.body.decode()) == (200, TEXT)
    assert len(site.asked) == 1
