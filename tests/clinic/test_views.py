"""The home page, the information pages, and the pages for when something went wrong."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError
from django.template.loader import render_to_string

from clinic.models import Clinic
from education import actions
from tests import builders, public
from tests.html import get, page

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def clinic(cast) -> Clinic:
    return public.whole_clinic(cast["owner"])


# Not there, or not as asked


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/privacy/", "/accessibility/", "/about/nothing/", "/nothing", "/%00"])
def test_what_is_not_there_is_404_with_a_way_on(client, path):
    read = page(get(client, path, 404))
    assert read.link("All guides") == "/guides/"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/privacy/", "/accessibility/"])
def test_a_page_that_the_clinic_has_not_written_says_so(client, path):
    assert "has not written this page yet" in page(get(client, path, 404)).text
    assert "has not written" not in page(get(client, "/about/nothing/", 404)).text


def test_an_information_page_has_one_address(client, clinic):
    for slug in ("about", "privacy", "accessibility"):
        assert get(client, f"/about/{slug}/", 301)["Location"] == f"/{slug}/"


def test_a_page_not_found_says_how_to_reach_the_clinic(client, clinic):
    assert "(202) 555-0142" in page(get(client, "/nothing/", 404)).text


def test_a_forged_host_gets_a_plain_answer_that_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    page(response)


def test_the_page_for_a_fault_names_the_telephone(client, clinic, monkeypatch):
    monkeypatch.setattr("clinic.views.pages.live_guides", None)
    client.raise_request_exception = False
    read = page(get(client, "/", 500))
    assert "(202) 555-0142" in read.text


def test_the_page_for_a_fault_needs_no_database(client, db, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", broken)
    client.raise_request_exception = False
    read = page(get(client, "/", 500))
    assert read.title == "Something went wrong"


def test_a_form_whose_protection_ran_out_is_explained(cast):
    from_elsewhere = pytest.importorskip("django.test").Client(enforce_csrf_checks=True)
    response = from_elsewhere.post("/accounts/login/", {"login": "author", "password": builders.PASSWORD})
    assert response.status_code == 403
    assert "The form could not be sent" in page(response).text


# The home page


@pytest.mark.django_db
def test_a_new_site_says_that_there_is_nothing_to_read_yet(client):
    read = page(get(client, "/"))
    assert read.title == "Patient guides"
    assert "There is no guide to read here now." in read.text
    assert "There is no guide to read here now." in page(get(client, "/guides/")).text


@pytest.mark.parametrize("path", ["/", "/guides/"])
def test_a_site_without_guides_leads_to_whoever_can_be_asked(client, cast, path):
    read = page(get(client, path))
    assert "ask the people at the clinic" in read.text
    assert "call your local emergency number" in read.text
    public.clinic(cast["owner"], phone="(202) 555-0142", emergency_text="In an emergency call 911.")
    read = page(get(client, path))
    assert "Until then, ask us" in read.text
    assert "(202) 555-0142" in read.text
    assert "local emergency number" not in read.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/guides/", "/nothing/", "/privacy/"])
def test_no_page_of_an_empty_site_talks_to_staff_or_leads_to_them(client, path):
    read = page(client.get(path))
    assert not [href for href, _ in read.links if href.startswith(("/admin", "/accounts"))]
    for word in ("admin", "publish", "sign in", "add a guide", "None"):
        assert word not in read.text.lower() if word.islower() else word not in read.text


def test_the_home_page_says_who_the_clinic_is_what_it_has_to_read_and_how_to_reach_it(client, clinic, live):
    read = page(get(client, "/"))
    assert read.title == "Test Clinic"
    assert read.link("Cold therapy") == "/guides/cold-therapy/"
    for words in (
        "What cold therapy is and what to expect.",
        "Owned by its doctors.",
        "Closed on Friday.",
        "In an emergency call 911.",
    ):
        assert words in read.text
    assert read.link("hello@clinic.example") == "mailto:hello@clinic.example"


def test_guides_stand_by_the_alphabet_each_in_its_own_language(client, cast, live):
    arabic = builders.guide(cast["author"], title="Arabic cold", slug="cold-ar", language="ar")
    builders.published(arabic, cast)
    read = page(get(client, "/guides/"))
    assert [words for level, words in read.headings if level == 3] == ["Arabic cold", "Cold therapy"]
    assert [one["lang"] for tag, one in read.elements if tag == "li" and "lang" in one] == ["ar", "en"]


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("(202) 555-0142", "tel:2025550142"),
        ("+44 20 7946.0018", "tel:+442079460018"),
        ("030/1234-5", "tel:03012345"),
        ("(202) 555-0142 x12", None),
    ],
)
def test_the_telephone_can_be_dialled_unless_it_has_an_extension(client, cast, phone, dialled):
    public.clinic(cast["owner"], phone=phone)
    read = page(get(client, "/"))
    assert phone in read.text
    assert {href for href, _ in read.links if href.startswith("tel:")} == ({dialled} if dialled else set())


def test_nothing_that_the_owner_writes_becomes_markup(client, cast):
    facts = dict.fromkeys(("name", "emergency_text", "ownership", "notice"), f"x{SCRIPT}")
    public.clinic(cast["owner"], phone=SCRIPT, email=SCRIPT, **facts)
    public.information(cast["owner"], "about", f"{SCRIPT}\n\n[a](javascript:alert(1))", title=SCRIPT)
    for path in ("/", "/about/", "/nothing/"):
        read = page(client.get(path))
        assert SCRIPT in read.text
        assert not [href for href, _ in read.links if href.startswith("javascript:")]


# Information pages


def test_every_information_page_is_sound_and_in_the_foot_of_every_page(client, clinic):
    for path in public.SITE:
        read = page(get(client, path))
        for slug in ("about", "privacy", "accessibility", "how-we-work"):
            assert read.link(f"Page {slug}") in public.SITE


def test_an_information_page_explains_words_and_names_sources(client, cast):
    builders.source("law", title="A law", url="https://example.org/law")
    builders.term()
    public.information(cast["owner"], "about", "We know [numbness](term:numbness) [@law] [@law].")
    read = page(get(client, "/about/"))
    assert {"source-law", "term-numbness", "ref-about-law-1"} <= set(read.ids)
    assert read.link("A law") == "https://example.org/law"


def test_the_navigation_marks_the_page_one_is_on(client, clinic, live):
    for path in ("/about/", "/guides/"):
        current = [one.get("href") for one in page(get(client, path)).with_attribute("aria-current")]
        assert path in current
    assert not page(get(client, "/")).with_attribute("aria-current")


@pytest.mark.parametrize("name", ["providers", "prices", "consultation"])
def test_the_masthead_marks_each_of_its_pages(name):
    shown = render_to_string("components/masthead.html", {"clinic": Clinic(name="x"), "view": f"clinic:{name}"})
    assert re.findall(r'href="([^"]*)" aria-current="page"', shown) == [f"/{name}/"]


def test_every_page_has_a_way_to_the_search(client, clinic, live):
    for path in ("/", "/guides/cold-therapy/", "/guides/cold-therapy/side-effects/", "/prices/", "/search/"):
        assert page(get(client, path)).link("Search") == "/search/", path


def test_the_pages_about_a_withdrawn_guide_say_how_to_reach_the_clinic(client, clinic, live, cast):
    actions.withdraw(live, by=cast["author"], reason="Wrong.")
    text = page(get(client, "/guides/cold-therapy/", 410)).text
    assert "In an emergency call 911." in text
    assert "(202) 555-0142" in text


def test_machines_learn_that_it_is_alive_what_to_read_and_what_not(client, clinic, live, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert get(client, "/healthz").content == b"ok\n"
    assert b"Disallow: /admin/" in get(client, "/robots.txt").content
    sitemap = get(client, "/sitemap.xml").content.decode()
    for path in ("/", "/guides/", "/guides/cold-therapy/", "/guides/cold-therapy/side-effects/", "/about/"):
        assert f"{path}</loc>" in sitemap


# What the home page says


def test_the_home_page_says_what_is_different_and_leads_to_how_guides_are_made(client, clinic, cast):
    made = public.information(cast["owner"], "how-our-guides-are-made", title="How we make guides")
    read = page(get(client, "/"))
    assert "What makes these guides different" in [words for _, words in read.headings]
    assert read.link("How we make guides") == made.get_absolute_url()


def test_the_home_page_shows_the_guides_by_group_each_with_one_sentence(client, clinic, cast, live):
    heat = builders.guide(cast["author"], title="Heat", slug="heat", summary="Warm skin. It can burn.", kind="advice")
    builders.published(heat, cast)
    read = page(get(client, "/"))
    assert [words for level, words in read.headings if level == 3] == ["Before you decide"]
    assert [words for level, words in read.headings if level == 4] == ["Cold therapy", "Heat"]
    assert "Warm skin." in read.text
    assert "It can burn." not in read.text
    assert "It can burn." in page(get(client, "/guides/")).text
