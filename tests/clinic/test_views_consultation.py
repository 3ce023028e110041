"""The public form: what it says, what it takes, and that nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.forms.consultation import CONSENT
from clinic.models import ConsultationRequest, ErasedRequest
from education.actions import visitors
from tests import public
from tests.clinic import asking
from tests.clinic.asking import ASK, SENT, TYPED, page, send
from tests.html import Page

MONDAY_MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 9 in New York


@pytest.fixture
def clinic(cast):
    return public.whole_clinic(cast["owner"])


def shown(response) -> str:
    return response.content.decode()


# What it says


def test_the_page_says_what_happens_how_soon_how_long_it_is_kept_and_how_to_call(client, clinic, cast):
    public.place(cast["owner"], hours=dict.fromkeys(range(5), ((time(9), time(17)),)))
    with time_machine.travel(MONDAY_MORNING, tick=False):
        text = shown(client.get(ASK))
    assert "within 8 hours, counting only the time that we are open" in text
    assert "by 5 p.m. on Monday, March 2" in text
    assert "Only our front desk and the owner of this site read what you write" in text
    assert "We erase it 90 days after we are done" in text
    assert "erased after 180 days" in text
    assert "(202) 555-0142" in text
    assert "In an emergency call 911." in text
    assert "write nothing about your health" in text
    assert str(CONSENT) in text


def test_a_clinic_of_which_nothing_is_known_has_a_form_too(client, db):
    text = shown(client.get(ASK))
    assert "call your emergency number" in text
    assert 'name="guide"' not in text
    assert 'name="provider"' not in text
    assert "If you send your request now" not in text
    assert send(client).status_code == 302
    assert client.get(SENT).status_code == 200


def test_a_link_fills_in_the_procedure_and_the_provider(client, cast):
    asking.procedure(cast)
    asking.provider()
    text = shown(client.get(f"{ASK}?guide=warm-therapy&provider=pia"))
    assert '<option value="warm-therapy" selected' in text
    assert '<option value="pia" selected' in text


def test_of_a_provider_who_takes_no_new_patients_the_list_says_so(client, db):
    asking.provider(accepts_new_patients=False)
    asking.provider("Ola Open", "ola", accepts_new_patients=True)
    read = Page(shown(client.get(ASK)))
    assert "Pia Provider, nurse practitioner – no new patients at present" in read.text
    assert read.text.count("no new patients") == 1


@pytest.mark.parametrize("link", ["?guide=nothing&provider=nobody", "?guide=%00&provider=%ff", "?guide=cold-therapy"])
def test_what_a_link_names_that_cannot_be_chosen_is_passed_over(client, live, cast, link):
    asking.procedure(cast)
    asking.provider(visible_from="2020-01-01", visible_until="2021-01-01")
    response = client.get(f"{ASK}{link}&provider=pia")
    assert response.status_code == 200
    chosen = [one["value"] for one in Page(shown(response)).with_attribute("selected")]
    assert chosen == ["en"]


def test_only_live_procedures_and_providers_of_today_can_be_chosen(client, live, cast):
    asking.procedure(cast)
    asking.provider()
    asking.provider("Gone Away", "gone", visible_from="2020-01-01", visible_until="2021-01-01")
    assert send(client, guide="cold-therapy").status_code == 200
    assert send(client, provider="gone").status_code == 200
    assert not ConsultationRequest.objects.exists()


def test_the_title_of_a_guide_says_in_which_language_it_is(client, cast):
    asking.procedure(cast, title="علاج", slug="warm-ar", language="ar")
    assert '<option value="warm-ar" lang="ar" dir="rtl">' in shown(client.get(ASK))


def test_it_is_kept_in_no_cache_and_sets_the_one_cookie_of_a_form(client, clinic):
    for path in (ASK, SENT):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
    assert set(client.get(ASK).cookies) <= {"csrf"}
    assert set(Client().get(ASK).cookies) == {"csrf"}
    assert not Client().get(SENT).cookies


@pytest.mark.parametrize(("path", "queries"), [(ASK, 6), (SENT, 3)])
def test_the_pages_ask_the_database_as_often_for_many_as_for_few(
    client, clinic, cast, django_assert_num_queries, path, queries
):
    for number in range(4):
        asking.procedure(cast, title=f"Therapy {number}", slug=f"therapy-{number}")
        asking.provider(slug=f"pia-{number}")
    with django_assert_num_queries(queries):
        client.get(path)


# What it takes


def test_a_request_is_kept_whole_and_the_next_page_says_what_happens(client, cast, clinic):
    edition, pia = asking.procedure(cast), asking.provider()
    response = send(client, guide="warm-therapy", provider="pia", language="es", phone="+44 (20) 7946-0018 ext. 5")
    assert (response.status_code, response["Location"]) == (302, SENT)
    row = ConsultationRequest.objects.get()
    assert (row.name, row.email, row.phone) == (TYPED["name"], TYPED["email"], "+44 (20) 7946-0018 ext. 5")
    assert (row.guide, row.provider, row.language) == (edition.guide, pia, "es")
    assert (row.best_time, row.message, row.consent) == ("morning", TYPED["message"], str(CONSENT))
    assert (row.state, row.assigned_to) == ("new", None)
    text = shown(client.get(SENT))
    assert "you need not send it again" in text
    assert "within 8 hours" in text
    for private in (row.name, row.email, row.message):
        assert private not in text


@pytest.mark.parametrize(
    "phone",
    [
        *("(202) 555-0142", "202.555.0142", "+380 44 123 45 67", "+1-202-555-0142 x12", "2025550142 ext 9"),
        *("030/1234567", "٠٢٠٢٥٥٥٠١٤٢", "+33 1 23 45 67 89", "202–555–0142", "555 0142 Extension 4"),
    ],
)
def test_numbers_of_many_countries_are_kept_as_they_were_typed(client, db, phone):
    assert send(client, email="", phone=phone).status_code == 302
    assert ConsultationRequest.objects.get().phone == phone


@pytest.mark.parametrize(("phone", "said"), [("call me", "with digits"), ("123", "too short"), ("1" * 30, "too long")])
def test_what_is_no_number_is_said_kindly_and_stays_in_the_form(client, db, phone, said):
    text = shown(send(client, email="", phone=phone))
    assert said in text
    assert f'value="{phone}"' in text
    assert not ConsultationRequest.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Write your name"),
        ({"email": "", "phone": ""}, "Write an e-mail address or a phone number"),
        ({"email": "zuzana"}, "like name@example.org"),
        ({"consent": ""}, "Tick the box"),
        ({"message": "x" * 1001}, "Your message has 1001 characters. Shorten it to 1000"),
        ({"best_time": "noon"}, "Choose one of these times"),
        ({"language": "xx"}, "Choose one of the list"),
        ({"website": "https://spam.example"}, "not for people"),
    ],
)
def test_what_is_wrong_is_said_above_the_heading_and_nothing_typed_is_lost(client, clinic, wrong, said):
    response = send(client, **wrong)
    text = shown(response)
    assert response.status_code == 200
    assert "<title>Error: Ask for a consultation" in text
    assert text.index("There is a problem") < text.index("<h1>")
    assert said in text
    for name in ("name", "email", "message"):
        if name not in wrong:
            assert TYPED[name] in text
    assert not ConsultationRequest.objects.exists()


def test_a_message_of_the_greatest_length_is_counted_as_it_is_kept(client, db):
    assert send(client, message=("x" * 499 + "\r\n") * 2 + " ").status_code == 302
    assert len(ConsultationRequest.objects.get().message) == 999


def test_a_page_that_is_too_old_gives_the_text_back_and_can_be_sent_again(client, clinic):
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        old = page()
    response = send(client, page=old)
    assert "open for more than a day" in shown(response)
    assert TYPED["message"] in shown(response)
    fresh = next(one for one in Page(shown(response)).with_attribute("name") if one["name"] == "page")["value"]
    with time_machine.travel(timezone.now() + asking.WHILE, tick=False):
        assert send(client, page=fresh).status_code == 302


def test_too_many_requests_are_refused_with_the_text_and_the_number(client, clinic, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_FROM_ONE", 1)
    assert send(client).status_code == 302
    response = send(client, message="My second.")
    assert response.status_code == 429
    assert "Too many forms" in shown(response)
    assert "My second." in shown(response)
    assert "(202) 555-0142" in shown(response)
    assert "<title>Error:" in shown(response)
    assert ConsultationRequest.objects.count() == 1


def test_a_database_that_cannot_write_gives_the_text_back(client, clinic, monkeypatch, caplog):
    def locked(**facts) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(actions, "ask", locked)
    response = send(client)
    assert response.status_code == 503
    assert "could not keep your request" in shown(response)
    for name in ("name", "email", "message"):
        assert TYPED[name] in shown(response)
        assert TYPED[name] not in caplog.text
    assert "(202) 555-0142" in shown(response)


# Once


def test_a_double_click_or_a_reload_of_the_same_page_makes_one_row_and_counts_once(client, clinic, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_FROM_ONE", 1)
    one = page()
    assert [send(client, page=one).status_code for _ in range(3)] == [302, 302, 302]
    assert ConsultationRequest.objects.count() == 1


def test_a_reload_after_the_request_was_erased_brings_nothing_back(client, clinic, cast, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    one = page()
    send(client, page=one)
    actions.erase(ConsultationRequest.objects.get(), by=cast["front_desk"])
    assert send(client, page=one).status_code == 302
    assert not ConsultationRequest.objects.exists()
    assert ErasedRequest.objects.count() == 1


def test_loading_the_last_page_again_sends_nothing(client, clinic):
    for _ in range(2):
        client.get(SENT)
    assert client.post(SENT).status_code == 405
    assert not ConsultationRequest.objects.exists()


def test_an_error_of_looking_after_other_requests_takes_nothing_from_this_one(client, clinic, monkeypatch):
    def broken(**facts) -> None:
        raise DatabaseError

    monkeypatch.setattr("clinic.actions.retention.purge", broken)
    assert send(client).status_code == 302
    assert ConsultationRequest.objects.count() == 1


# Cookies


def test_without_cookies_the_answer_says_to_call_and_shows_what_was_typed(clinic):
    blocked = Client(enforce_csrf_checks=True)
    response = send(blocked, message="<b>Call</b> me")
    assert response.status_code == 403
    text = shown(response)
    for kept in ("(202) 555-0142", TYPED["name"], TYPED["email"], "&lt;b&gt;Call&lt;/b&gt; me", "Nothing was sent"):
        assert kept in text
    assert f'href="{ASK}"' in text
    assert "no-store" in response["Cache-Control"]
    assert not ConsultationRequest.objects.exists()


def test_what_goes_to_the_sign_in_is_never_shown_back(clinic):
    blocked = Client(enforce_csrf_checks=True)
    response = blocked.post("/accounts/login/", {"login": "owner", "password": "secret-pass", "name": "secret-name"})
    assert response.status_code == 403
    assert "secret" not in shown(response)
