"""What every answer carries, and what no public answer does: the promises of safety and of privacy."""

from __future__ import annotations

import re

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from education import actions
from tests import builders, profiles, public

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The photographs of providers, and facts for machines, which no browser runs.
OWN = re.compile(
    r'<script type="application/ld\+json">[^<]*</script>| (?:src|srcset)="/providers/photos/[^":]+"',
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def assert_safe(response, path: str, **others: str) -> None:
    """Assert that an answer carries the headers of safety, but for `others`, which it has with these values."""
    directives = dict(one.strip().partition(" ")[::2] for one in response["Content-Security-Policy"].split(";"))
    assert POLICY.items() <= directives.items(), path
    assert "unsafe" not in response["Content-Security-Policy"]
    for name, value in {**HEADERS, **others}.items():
        assert response[name] == value, (path, name)
    assert "camera=()" in response["Permissions-Policy"]


def assert_the_same_for_everyone(response, path: str) -> None:
    assert not response.cookies, path
    assert "cookie" not in response.get("Vary", "").lower(), path


@pytest.fixture
def answers(live, cast) -> dict[str, int]:
    """Public addresses of every kind, with the status of each."""
    public.whole_clinic(cast["owner"])
    gone = builders.published(builders.guide(cast["author"], title="Gone", slug="gone"), cast)
    actions.withdraw(gone, by=cast["author"], reason="Wrong.")
    found = dict.fromkeys([*public.SITE, *public.of_guide(live), *public.of_history(gone)], 200)
    robin = profiles.whole(cast, live)
    photo = f"/providers/photos/{robin.photo_sha256}-320.webp"
    found |= dict.fromkeys(
        ["/providers/?language=es", "/providers/?language=xx", "/providers/robin-sample/", photo], 200
    )
    found |= {"/providers/gus-gone/": 410, "/providers/nobody/": 404}
    found |= dict.fromkeys(
        ["/healthz", "/robots.txt", "/sitemap.xml", "/feed.xml", f"{live.get_absolute_url()}../?on=x"], 200
    )
    found |= dict.fromkeys(public.of_live_guide(gone), 410)
    found |= {"/nothing/": 404, "/guides/nothing/": 404, "/guides/cold-therapy/nothing/": 404, "/guides": 301}
    found |= {"/guides/cold-therapy/overview/": 301, "/about/about/": 301, "/e/nothing1/": 404}
    return found


def test_every_answer_is_safe_and_none_knows_who_asks(client, answers):
    for path, status in answers.items():
        response = client.get(path.replace("1/../", ""))
        assert response.status_code == status, path
        assert_safe(response, path)
        assert_the_same_for_everyone(response, path)


def test_staff_get_the_same_bytes_as_everyone(client, answers, cast):
    signed_in = Client()
    # The form, so that a message waits for whichever page would show it.
    signed_in.post("/accounts/login/", {"login": "owner", "password": builders.PASSWORD})
    for path in answers:
        assert signed_in.get(path).content == client.get(path).content, path


def test_an_answer_that_takes_a_worn_out_session_away_is_for_no_cache_in_between(client, answers):
    client.cookies["session"] = "short"
    response = client.get("/guides/")
    assert response.cookies["session"]["max-age"] == 0
    assert response["Cache-Control"] == "private, no-cache"


def test_no_cache_in_between_may_choose_how_long_an_answer_holds(client, answers):
    """As RFC 9111, section 4.2.2 lets it, also 404 and 301: a guide could be published, an address be used again."""
    told = {path: client.get(path).get("Cache-Control", "") for path in answers}
    told["a refused method"] = client.post("/").get("Cache-Control", "")
    told["a forged host"] = client.get("/", headers={"host": "evil.example"}).get("Cache-Control", "")
    assert [what for what, said in told.items() if not re.search("no-cache|no-store|max-age", said)] == []


def test_the_page_for_a_fault_is_safe_too(client, db, monkeypatch):
    monkeypatch.setattr("clinic.views.pages.live_guides", None)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert_safe(response, "/")
    assert_the_same_for_everyone(response, "/")


def test_a_refused_method_and_a_forged_host_are_safe_too(client, db):
    for response, status in (
        (client.post("/"), 405),
        (client.get("/", headers={"host": "evil.example"}), 400),
    ):
        assert response.status_code == status
        assert_safe(response, "/")
        assert_the_same_for_everyone(response, "/")


def test_static_files_are_safe_and_set_no_cookie(client):
    for name, kind in (("css/site.css", "text/css"), ("img/favicon.svg", "image/svg+xml")):
        response = client.get(f"/static/{name}")
        assert b"".join(response.streaming_content)
        assert response["Content-Type"].startswith(kind)
        assert_safe(response, name)
        assert_the_same_for_everyone(response, name)


def test_the_style_sheet_fetches_nothing_and_stays_small():
    with open(finders.find("css/site.css"), encoding="utf-8") as file:
        style = file.read()
    assert "url(" not in style
    assert "@import" not in style
    assert len(brotli.compress(style.encode())) <= 9 * 1024


def test_no_page_loads_anything_from_another_site(client, answers):
    for path in answers:
        response = client.get(path)
        if response["Content-Type"].startswith(("image/", "application/pdf", "application/atom+xml")):
            continue
        content = OWN.sub("", response.content.decode())
        for attribute in ("src=", "srcset=", "<script", "<iframe", "<style", " style=", "@import", "data:"):
            assert attribute not in content, (path, attribute)
        for link in content.split("<link ")[1:]:
            # Where the page stands, and the feed, are for machines: no browser asks for them.
            loads = not link.startswith(('rel="canonical"', 'rel="alternate"'))
            assert not loads or 'href="/brand/' in link.partition(">")[0], path


def test_the_sign_in_page_sets_its_cookie_for_this_site_alone(client, db):
    response = client.get("/accounts/login/")
    assert_safe(response, "/accounts/login/")
    for cookie in response.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
    assert "no-store" in response["Cache-Control"]


def test_a_page_names_its_style_sheet_before_its_first_word_and_nothing_else_does(answers, client):
    named = 0
    for path in answers:
        response = client.get(path)
        style = re.search(rb'<link rel="stylesheet" href="([^"]*)">', b"" if response.streaming else response.content)
        assert response.get("Link") == (f"<{style[1].decode()}>; rel=preload; as=style" if style else None), path
        named += style is not None
    assert 20 < named < len(answers)
