"""The clinic's look as files: kept for good under today's address, and never missing under another."""

from __future__ import annotations

import io
import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from PIL import Image as Picture

from clinic import actions
from clinic.brand import DEFAULT_COLOUR
from clinic.models import Clinic
from clinic.stylesheet import stylesheet
from tests import public
from tests.education.desk import signed_in
from tests.html import get, page
from tests.pictures import clear_png, png
from tests.test_headers_and_cookies import assert_safe, assert_the_same_for_everyone

LASTING = "public, max-age=31536000, immutable"
OTHER = "0" * 12


@pytest.fixture
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"], brand_colour="#8a2be2", tagline="Skin and more")


def _head(client, path: str = "/") -> dict[str, str]:
    """Return what a page's head names, by the name of the thing."""
    found = get(client, path).content.decode().partition("</head>")[0]
    links = re.findall(r'<link rel="(\w+)" href="([^"]*)"', found)
    facts = re.findall(r'<meta (?:name="description" )?property="([^"]*)" content="([^"]*)"', found)
    return {**dict(links), **dict(facts)}


def _addresses(client) -> list[str]:
    head = _head(client)
    return [head["stylesheet"], head["icon"], head["og:image"].partition("http://localhost:8000")[2]]


# Refusals


@pytest.mark.parametrize("path", ["site.css", "site.0.css", f"site.{OTHER}x.css", f"icon.{'g' * 12}.svg", "card..png"])
def test_an_address_that_is_no_hash_is_not_found(client, clinic, path):
    assert client.get(f"/brand/{path}").status_code == 404


def test_a_file_that_is_no_logo_of_today_is_not_served(client, clinic, cast):
    for digest in (OTHER, "0" * 64, "../" * 4):
        assert client.get(f"/brand/{digest}.webp").status_code == 404
    with_logo(clinic, cast)
    old = clinic.logo.url
    assert get(client, old)["Cache-Control"] == LASTING
    actions.save_clinic(clinic, by=cast["owner"], logos={"logo": io.BytesIO(png(colour="red"))})
    assert client.get(old).status_code == 404
    assert get(client, clinic.logo.url)


def test_none_of_them_takes_anything(client, clinic):
    for path in [*_addresses(client), "/favicon.ico", "/apple-touch-icon.png"]:
        assert client.post(path).status_code == 405


# What each is


def test_a_page_names_todays_files_and_browsers_keep_them_for_good(client, clinic):
    kinds = ["text/css; charset=utf-8", "image/svg+xml", "image/png"]
    for path, kind in zip(_addresses(client), kinds, strict=True):
        response = get(client, path)
        assert response["Cache-Control"] == LASTING
        assert response["Content-Type"] == kind
        assert client.head(path).status_code == 200


def test_every_file_is_safe_and_the_same_for_everyone(client, clinic, cast):
    with_logo(clinic, cast)
    for path in [*_addresses(client), clinic.logo.url, "/favicon.ico", "/apple-touch-icon.png"]:
        response = signed_in(cast["owner"]).get(path)
        assert response.content == get(client, path).content
        # The card stands beside links on other sites.
        assert_safe(response, path, **{"Cross-Origin-Resource-Policy": "cross-origin"} if "/card." in path else {})
        assert_the_same_for_everyone(response, path)


def test_after_a_change_the_old_addresses_give_todays_files_and_are_asked_again(client, clinic, cast):
    old = _addresses(client)
    before = [get(client, path).content for path in old]
    public.clinic(cast["owner"], brand_colour="#ffd700", name="Zebra")
    new = _addresses(client)
    for was, path, today in zip(before, old, new, strict=True):
        assert path != today
        response = get(client, path)
        assert response["Cache-Control"] == "public, no-cache"
        assert response.content == get(client, today).content != was


def test_each_costs_one_query_and_the_style_of_the_sites_own_colour_none(client, clinic, django_assert_num_queries):
    for path in [*_addresses(client), "/favicon.ico", "/apple-touch-icon.png"]:
        with django_assert_num_queries(1):
            get(client, path)
    with django_assert_num_queries(0):
        for name, with_tools in (("site", False), ("tools", True)):
            path = f"/brand/{name}.{stylesheet(DEFAULT_COLOUR, with_tools=with_tools).digest}.css"
            assert get(client, path)["Cache-Control"] == LASTING


def test_who_has_todays_icon_or_card_is_told_so_without_its_bytes_at_an_old_address_too(client, clinic, cast):
    old = _addresses(client)[1:]
    for path in [*old, "/favicon.ico", "/apple-touch-icon.png"]:
        etag = get(client, path)["ETag"]
        response = client.get(path, headers={"if-none-match": etag})
        assert (response.status_code, response.content) == (304, b"")
    public.clinic(cast["owner"], name="Zebra")
    assert client.get(old[0], headers={"if-none-match": etag}).status_code == 200
    for path in old:
        etag = get(client, path)["ETag"]
        response = client.get(path, headers={"if-none-match": etag})
        assert (response.status_code, response["Cache-Control"]) == (304, "public, no-cache")


def test_icons_without_a_hash_are_asked_for_again_after_a_day(client, clinic):
    for path, kind, size in (("/apple-touch-icon.png", "PNG", (180, 180)), ("/favicon.ico", "ICO", (48, 48))):
        response = get(client, path)
        assert response["Cache-Control"] == "public, max-age=86400"
        with Picture.open(io.BytesIO(response.content)) as picture:
            assert (picture.format, picture.size) == (kind, size)


def test_the_style_carries_the_clinics_colour(client, clinic):
    assert b"--accent:#8a2be2;" in get(client, _head(client)["stylesheet"]).content


# What a page says of itself


def test_a_shared_link_says_what_it_is_and_whose(client, clinic, live):
    head = _head(client, "/guides/cold-therapy/")
    assert head["og:title"] == "Cold therapy – Test Clinic"
    assert head["og:title"] == page(get(client, "/guides/cold-therapy/")).title
    assert head["og:site_name"] == "Test Clinic"
    assert head["og:description"] == "What cold therapy is and what to expect."
    assert head["og:image"].startswith("http://localhost:8000/brand/card.")
    assert "og:description" not in _head(client)


def test_a_name_with_signs_of_its_own_breaks_out_of_no_head(client, cast):
    public.clinic(cast["owner"], name="\"><script>alert('1')</script>&amp;")
    head = get(client, "/").content.decode().partition("</head>")[0]
    assert "<script>" not in head
    assert head.count("&quot;&gt;&lt;script&gt;") == 3
    for path in _addresses(client):
        assert b"<script>" not in get(client, path).content


def test_a_quotation_mark_of_a_translation_ends_no_attribute():
    text = '{% load clinic %}{% remember as title %} The "best" of {{ name }} {% endremember %}|{{ title }}'
    shown = Template(text).render(Context({"name": "A & B"}))
    assert shown == "|".join(["The &quot;best&quot; of A &amp; B"] * 2)
    with pytest.raises(TemplateSyntaxError, match="remember as name"):
        Template("{% load clinic %}{% remember %}{% endremember %}")


def test_pages_for_a_fault_have_a_style_and_an_icon_without_a_database(client):
    response = client.get("/", headers={"host": "evil.example"})
    head = response.content.decode().partition("</head>")[0]
    assert f"/brand/site.{stylesheet(DEFAULT_COLOUR).digest}.css" in head
    assert re.search(r'rel="icon" href="/brand/icon\.[0-9a-f]{12}\.svg"', head)
    assert "og:image" not in head


def test_before_the_clinic_is_named_everything_answers(client, db):
    for path in [*_addresses(client), "/favicon.ico", "/apple-touch-icon.png"]:
        assert get(client, path).content


# The logo at the top of a page


def with_logo(clinic: Clinic, cast, **more: str) -> Clinic:
    logos = {"logo": png(800, 400), **{name: png(200, 40, colour) for name, colour in more.items()}}
    return actions.save_clinic(
        clinic, by=cast["owner"], logos={name: io.BytesIO(content) for name, content in logos.items()}
    )


def _masthead(clinic: Clinic) -> str:
    return render_to_string("components/masthead_brand.html", {"clinic": clinic}).strip()


def test_without_a_logo_the_name_stands_as_text(clinic):
    clinic.name = "<Harbor>"
    assert _masthead(clinic) == '<span dir="auto">&lt;Harbor&gt;</span>'
    assert _masthead(Clinic(name="")) == '<span dir="auto">Home</span>'


def test_a_logo_is_named_like_the_clinic_and_has_its_size(clinic, cast):
    with_logo(clinic, cast)
    url = clinic.logo.url
    assert _masthead(clinic) == f'<picture><img src="{url}" width="104" height="52" alt="Test Clinic"></picture>'


def test_dark_screens_have_their_own_logo_where_there_is_one(clinic, cast):
    with_logo(clinic, cast, dark_logo="white")
    wanted = f'srcset="{clinic.dark_logo.url}" width="200" height="40"'
    assert (
        f'<source media="screen and (prefers-color-scheme: dark)" {wanted}><img src="{clinic.logo.url}"'
        in _masthead(clinic)
    )


def test_where_the_logo_could_not_be_seen_in_the_dark_the_name_stands_there_as_words(clinic, cast):
    actions.save_clinic(clinic, by=cast["owner"], logos={"logo": io.BytesIO(clear_png("black"))})
    shown = _masthead(clinic)
    assert shown.startswith('<picture class="only-light"><img ')
    assert shown.endswith('</picture><span class="only-dark" dir="auto">Test Clinic</span>')
