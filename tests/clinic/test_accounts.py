"""Signing in and passwords: the pages that staff see before and beside the admin."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from tests import builders
from tests.html import get, page

LOGIN = "/accounts/login/"
OPEN = [
    LOGIN,
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
]
SIGNED_IN = [
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/second-step/",
    "/accounts/second-step/app/",
    "/accounts/second-step/passkeys/",
    "/accounts/second-step/passkeys/new/",
]


def sign_in(client, **typed: str):
    return client.post(LOGIN, {"login": "author", "password": builders.PASSWORD, **typed})


# What is refused


@pytest.mark.django_db
def test_nobody_can_make_an_account(client):
    typed = {
        "username": "me",
        "email": "me@example.org",
        "password1": builders.PASSWORD,
        "password2": builders.PASSWORD,
    }
    for gone in ("signup", "email", "confirm-email", "3rdparty", "login/code"):
        assert client.post(f"/accounts/{gone}/", typed).status_code == 404
    assert sign_in(client, login="me").status_code == 200


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, cast):
    answers = []
    for typed in ({"password": "wrong"}, {"login": "nobody"}):
        read = page(sign_in(client, **typed))
        assert read.title.startswith("Error: Staff sign-in")
        assert "There is a problem" in read.text
        answers.append(re.sub(r'value="[^"]*"', "", read.markup))
    assert answers[0] == answers[1]


def test_an_empty_form_names_each_field_and_leads_to_it(client, cast):
    read = page(client.post(LOGIN, {}))
    assert {href for href, _ in read.links if href.startswith("#id_")} == {"#id_login", "#id_password"}
    fields = {one["id"]: one for tag, one in read.elements if tag == "input" and one.get("type") != "hidden"}
    assert fields["id_login"]["aria-describedby"] == "id_login_error"
    assert fields["id_password"]["aria-describedby"] == "id_password_error"
    summary = next(one for one in read.with_attribute("autofocus"))
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")


def test_a_closed_account_cannot_sign_in(client, cast):
    cast["author"].is_active = False
    cast["author"].save()
    assert sign_in(client).status_code in (200, 302)
    assert client.get("/admin/").status_code == 302


def test_the_eleventh_attempt_has_to_wait_even_with_the_right_password(client, cast):
    for _ in range(10):
        sign_in(client, password="wrong")
    read = page(sign_in(client))
    assert "Too many sign-ins failed. Wait five minutes, then try again." in read.text
    assert client.get("/admin/").status_code == 302


def test_a_sign_in_does_not_lead_to_another_site(client, cast):
    response = sign_in(client, next="https://evil.example/")
    assert response["Location"] == "/admin/"


@pytest.mark.django_db
def test_a_stale_link_for_a_new_password_says_what_to_do(client):
    read = page(get(client, "/accounts/password/reset/key/1-abc-def/"))
    assert read.link("Ask for a new link") == "/accounts/password/reset/"


# What works


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN)
def test_each_page_for_everyone_is_a_sound_page_of_the_site(client, path):
    read = page(get(client, path))
    assert (read.language, read.direction) == ("en-us", "ltr")
    assert read.title.endswith(" – Patient guides")
    assert [one["content"] for one in read.with_attribute("name") if one["name"] == "robots"] == ["noindex"]


@pytest.mark.parametrize("path", SIGNED_IN)
def test_each_page_for_staff_is_a_sound_page_of_the_site(client, cast, path):
    sign_in(client)
    response = get(client, path)
    page(response)
    assert b'class="skip-link"' in response.content


def test_staff_sign_in_and_out(client, cast):
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    page(get(client, "/accounts/logout/"))
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/admin/").status_code == 302


def test_who_logs_out_of_the_admin_reads_what_that_means_and_how_to_come_back(client, cast):
    sign_in(client)
    text = client.post("/admin/logout/").content.decode()
    assert "Nobody can use your account on this computer now." in text
    assert '<a href="/admin/">Sign in again</a>' in text
    assert client.get("/admin/").status_code == 302


def test_a_forgotten_password_is_replaced_through_the_mail(
    client, cast, mailoutbox, django_capture_on_commit_callbacks
):
    page(get(client, "/accounts/password/reset/"))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/password/reset/", {"email": "AUTHOR@clinic.example"}, follow=True)
    assert "Look at your mail" in page(response).text
    assert mailoutbox[0].to == ["author@clinic.example"]
    link = re.search(rf"{settings.SITE_URL}(\S+)", mailoutbox[0].body)
    response = client.get(link[1], follow=True)
    read = page(response)
    assert read.title.startswith("Choose a new password")
    form = next(one for tag, one in read.elements if tag == "form")
    wrong = page(client.post(form["action"], {"password1": "short", "password2": "short"}))
    assert wrong.title.startswith("Error: ")
    new = "a rather long new password"
    done = client.post(form["action"], {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in page(done).text
    assert sign_in(client).status_code == 200
    assert sign_in(client, password=new)["Location"] == "/admin/"


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(client, cast):
    answers = [
        client.post("/accounts/password/reset/", {"email": address}, follow=True)
        for address in ("author@clinic.example", "nobody@clinic.example")
    ]
    assert [one.redirect_chain for one in answers] == [[("/accounts/password/reset/done/", 302)]] * 2
    assert answers[0].content == answers[1].content


def test_a_password_can_be_changed_and_a_wrong_old_one_is_refused(client, cast):
    sign_in(client)
    new = {"password1": "a rather long new password", "password2": "a rather long new password"}
    read = page(client.post("/accounts/password/change/", {"oldpassword": "wrong", **new}))
    assert ("#id_oldpassword", "This is not your password today. Check it, and type it again.") in read.links
    response = client.post("/accounts/password/change/", {"oldpassword": builders.PASSWORD, **new})
    assert response.status_code == 302
    client.post("/accounts/logout/")
    assert sign_in(client, password=new["password1"])["Location"] == "/admin/"
