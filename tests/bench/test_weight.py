"""The main pages keep their budgets of bytes and requests, and the weighing sees what a browser would ask for."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from bench import weight
from bench.loads import Loads, named_in_style
from bench.paint import Paint
from bench.weight import Answer, Budget, Size, guide_pages, missed, table, unexplained, weigh, weigh_all
from tests.html import get

MARKUP = """
<link rel="icon" href="/icon.svg"><link rel="preload stylesheet" href="/a.css"><link rel="stylesheet" href="/a.css">
<link rel="alternate" href="/feed.xml"><script src="/a.js"></script><img src="data:image/gif;base64,x" alt="">
<img src="small.webp" srcset="small.webp 400w, large.webp 800w" alt=""><img src="/late.webp" loading="lazy" alt="">
<a href="/b/">b</a><iframe src="/frame/#top"></iframe>
"""
STYLE = b"""@import "b.css"; /* url(no.png) */ a { background: url(#x) url("c.png") } i { src: url( data:x ) }"""
SITE = {
    "/page/": ("text/html", MARKUP.encode()),
    "/a.css": ("text/css", STYLE),
    "/frame/": ("text/html", b"<p>" * 90),
    "/page/large.webp": ("image/webp", b"l" * 800),
    "/page/small.webp": ("image/webp", b"s" * 400),
    "/late.webp": ("image/webp", b"x" * 5000),
}


def stored(address: str) -> Answer:
    media_type, body = SITE.get(address, ("text/plain", b""))
    return Answer(body, len(body), media_type)


@pytest.fixture
def sample(db, settings) -> None:
    settings.SAMPLE_STAFF_PASSWORD = "harbor-lantern-meadow"
    call_command("load_sample")


# The budgets


def test_every_main_page_keeps_its_budget(sample, client):
    def fetch(address: str) -> Answer:
        response = get(client, address)
        body = response.getvalue()
        return Answer(body, len(body), response["Content-Type"])

    weighed = weigh_all(fetch)
    assert [sentence for one, budget in weighed for sentence in missed(one, budget)] == []
    # Each has a style sheet, so none was weighed that is only a message.
    assert all(one.stylesheets.raw > 1000 for one, _ in weighed)


def test_the_pages_of_guides_are_those_of_the_site_map_without_what_stands_beside_them():
    beside = ("", "cost/", "all/", "sources/", "editions/", "check/")
    named = ["/", "/guides/", "/prices/", *(f"/guides/a/{one}" for one in beside)]
    body = "".join(f"<url><loc>http://localhost{path}</loc></url>" for path in named).encode()
    assert guide_pages(lambda address: Answer(body, 0, "application/xml")) == ["/guides/a/", "/guides/a/cost/"]


def test_a_missed_budget_is_named_with_by_how_much():
    one = weigh("/page/", stored)
    assert missed(one, Budget("/page/", one.whole.brotli, one.requests)) == []
    assert missed(one, Budget("/page/", one.whole.brotli - 3, one.requests - 1)) == [
        "/page/ makes 7 requests; its budget is 6.",
        f"/page/ is 3 bytes over its budget of {one.whole.brotli - 3:,}.",
    ]


def test_a_stylesheet_has_a_budget_of_its_own(monkeypatch):
    monkeypatch.setattr(weight, "STYLESHEET", 10)
    assert "style sheets" in missed(weigh("/page/", stored), Budget("/page/", 10_000))[0]


# What is counted


def test_what_a_page_loads_is_what_a_browser_would_ask_for():
    loads = Loads("/page/", MARKUP)
    assert loads.stylesheets == ["/a.css"]
    assert loads.others == [("/a.js",), ("/page/small.webp", "/page/large.webp"), ("/frame/",)]
    assert loads.later == [("/late.webp",)]
    assert named_in_style("/css/a.css", STYLE) == ["/css/b.css", "/css/c.png"]


def test_pictures_count_as_they_are_the_largest_of_several_and_lazy_ones_apart():
    one = weigh("/page/", stored)
    assert one.requests == 7  # the page, its sheet, script, picture, frame, and what the sheet names
    assert (one.later_requests, one.later) == (1, Size(5000, 5000, 5000))
    texts = sum(len(SITE[path][1]) for path in ("/page/", "/a.css", "/frame/"))
    assert one.whole.raw == texts + 800
    assert 800 < one.whole.brotli < one.whole.raw


def test_a_request_that_the_page_does_not_show_is_named():
    one = weigh("/page/", stored)
    asked = frozenset(
        ("http://x/page/", "http://x/a.css", "http://x/icon.svg", "http://x/favicon.ico", "http://y/tracker")
    )
    assert unexplained(one, Paint(1, 2, asked), "http://x") == [
        "/page/ asks for http://y/tracker, which its HTML does not show."
    ]


def test_the_table_has_every_number_beside_its_budget():
    one = weigh("/page/", stored)
    lines = table([(one, Budget("/page/", 14_336, 2))], {"/page/": Paint(0.5, 1.25, frozenset())}).splitlines()
    assert [len(lines), len({len(line) for line in lines})] == [3, 1]
    assert lines[2].split()[:4] == ["/page/", "7", "of", "2"]
    assert lines[2].split()[-2:] == ["0.50", "1.25"]
    assert "14,336" in lines[2]


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        weight.main(["--help"])
    assert "python -m bench.weight --no-paint" in capsys.readouterr().out
