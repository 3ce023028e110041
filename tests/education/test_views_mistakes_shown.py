"""What a reader sees who reports a mistake: the form, the thanks, in each language; and what the answers carry."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from education.models import Edition, MistakeReport
from tests import builders, public
from tests.education.reporting import ABOUT, AT, opened, send
from tests.html import get, page
from tests.test_headers_and_cookies import assert_safe, assert_the_same_for_everyone


@pytest.fixture
def person(live) -> Client:
    return Client()


def test_the_form_says_what_it_is_about_and_what_it_is_not_for(person, live, cast):
    public.whole_clinic(cast["owner"])
    read = page(get(person, ABOUT))
    assert read.title == "Report a mistake – Cold therapy – Test Clinic"
    assert "What you report on Side effects" in read.text
    assert f"Edition 1 · {live.short_hash}" in read.text
    assert "Write nothing about your health." in read.text
    assert "This is not for getting help" in read.text
    assert read.text.count("In an emergency call 911.") == 1
    assert "(202) 555-0142" in read.text
    assert '<meta name="robots" content="noindex">' in read.markup


def test_each_page_of_the_guide_links_to_the_form_for_itself(person, live):
    at = live.guide.get_absolute_url()
    for path, rest in (("", "?page=overview"), ("side-effects/", "?page=side-effects"), ("all/", "")):
        assert page(get(person, f"{at}{path}")).link("Report a mistake") == f"{AT}{rest}"


def test_the_thanks_survive_a_reload_and_lead_back_to_the_page(person):
    path = send(person, opened(person))["Location"]
    for _ in range(2):
        read = page(get(person, path))
        assert read.title.startswith("We have your report")
        assert read.link("Back to the guide") == "/guides/cold-therapy/side-effects/"
        assert "My doctor" not in read.text


@pytest.mark.parametrize("key", ["", "x", "\x00", "a" * 32, "A" * 32])
def test_nobody_is_thanked_for_a_report_that_is_not_there(person, key):
    assert person.get(f"{AT}sent/", {"report": key})["Location"] == AT


def test_nobody_is_thanked_on_another_guide(person, live, cast):
    report = builders.reported(live)
    builders.published(builders.guide(cast["author"], title="Warm", slug="warm"), cast)
    response = person.get("/guides/warm/mistake/sent/", {"report": report.key})
    assert response["Location"] == "/guides/warm/mistake/"


def test_an_arabic_guide_has_its_own_words_marked_and_the_errors_in_the_words_of_the_site(cast):
    guide = builders.guide(cast["author"], title="العلاج بالبرودة", slug="cold-ar", language="ar")
    builders.published(guide, cast)
    client = Client()
    at = "/guides/cold-ar/mistake/"
    read = page(get(client, f"{at}?page=overview"))
    assert (read.language, read.direction) == ("en-us", "ltr")
    assert {"lang": "ar", "dir": "rtl", "class": "of-guide"} in read.with_attribute("lang")
    response = send(client, opened(client, at), at, words="")
    assert "Write what is wrong." in page(response).text
    assert send(client, opened(client, at), at, words="اثنا عشر، وليس عشرة.").status_code == 303
    assert MistakeReport.objects.get().words == "اثنا عشر، وليس عشرة."


# Cookies, headers, queries


def test_the_form_alone_sets_a_cookie_and_nobody_keeps_its_answers(person):
    response = get(person, ABOUT)
    assert set(response.cookies) == {"csrf"}
    for answer in (response, send(person, opened(person))):
        assert "no-store" in answer["Cache-Control"]
        assert_safe(answer, AT)
    thanks = get(Client(), answer["Location"])
    assert "no-store" in thanks["Cache-Control"]
    assert_safe(thanks, AT)
    assert_the_same_for_everyone(thanks, AT)


def test_a_report_is_mailed_to_staff_without_a_word_of_it(person, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(person, opened(person), email="ada@example.org")
    assert mail.outbox
    for message in mail.outbox:
        assert "doctor" not in message.body
        assert "ada@example.org" not in message.body + message.subject


def test_the_pages_cost_a_fixed_number_of_queries(person, live, guide, cast, django_assert_num_queries):
    for number in range(3):
        builders.next_edition(guide, cast, f"Text {number}.")
        builders.reported(live)
    with django_assert_num_queries(5):
        get(person, ABOUT)
    path = f"{AT}sent/?report={builders.reported(Edition.objects.live().get()).key}"
    with django_assert_num_queries(3):
        get(person, path)
