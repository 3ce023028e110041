"""The second step at sign-in: who must have one, what is refused, and how one that was lost is removed."""

from __future__ import annotations

import logging
import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import travel

from clinic import actions
from clinic.actions.sign_in import CHANGES
from education.actions import Refused
from education.models import PendingMail
from education.rules import NotPermitted
from tests import builders
from tests.clinic.signing import LOGIN, SECOND, code, inside, password, recovery_codes, second, signed_in, with_app
from tests.html import get, page

NOON = "2026-03-03T12:00:10Z"
SET_UP = "/accounts/second-step/"
FORGED = ["x", "[]", "{}", "1", "null", '"x"', '{"id": 1}', '{"response": []}', '{"response": {"userHandle": "//8"}}']


@pytest.fixture
def required(settings, cast):
    settings.STAFF_MFA_REQUIRED = True
    return cast


# Who must have one


@pytest.mark.parametrize("who", ["author", "reviewer", "front_desk", "owner", "outsider"])
def test_without_a_second_step_nobody_sees_anything_for_staff(required, who):
    client = signed_in(required[who])
    for path in ("/admin/", "/admin/education/guide/", "/admin/clinic/user/", "/admin/login/"):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1][0] == SET_UP, path
        assert "Before you go on: add a second step" in page(answer).text
    assert client.get("/styleguide/").status_code == 404


def test_what_was_typed_before_a_second_step_was_required_is_shown(required):
    answer = signed_in(required["author"]).post("/admin/education/guide/add/", {"title": "Cold sores"})
    assert answer.status_code == 403
    assert "Cold sores" in answer.content.decode()


def test_recovery_codes_alone_are_no_second_step(required):
    recovery_codes(required["author"])
    assert not inside(signed_in(required["author"]))


@pytest.mark.parametrize("further", ["nothing", "%00", "http:", "index", "?", "12/31/1999", "//evil.example"])
def test_whoever_is_signed_in_is_led_on_whatever_stands_in_the_address_as_the_way(cast, further):
    answer = signed_in(cast["owner"]).get(f"/admin/login/?next={further}")
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_the_admins_own_sign_in_takes_no_password(cast):
    typed = {"username": "owner", "password": builders.PASSWORD}
    answer = Client().post("/admin/login/", typed)
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    author = signed_in(cast["author"])
    assert author.post("/admin/login/", typed)["Location"] == "/admin/"
    assert author.get("/admin/clinic/user/").status_code == 403
    assert Client().get("/admin/login/?next=https://evil.example/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_where_none_is_required_nobody_is_led_anywhere(cast):
    assert inside(signed_in(cast["outsider"]))


# What is refused


def test_the_password_alone_opens_nothing_to_whoever_has_an_app(cast):
    with_app(cast["author"])
    client = Client()
    assert password(client)["Location"] == SECOND
    assert not inside(client)
    assert client.get("/accounts/password/change/").status_code == 302
    page(get(client, SECOND))


@travel(NOON, tick=False)
def test_a_wrong_code_an_old_code_and_anothers_code_open_nothing(cast):
    with_app(cast["author"])
    theirs = recovery_codes(cast["owner"])
    client = Client()
    password(client)
    for wrong in ("000000", "", "x\x00", "9" * 5000, code(later=-2), code(later=2), theirs[0]):
        answer = page(second(client, wrong))
        assert answer.title.startswith("Error: Second step"), wrong
    assert not inside(client)


def test_a_code_cannot_be_used_twice(cast):
    with_app(cast["author"])
    with travel(NOON, tick=False) as now:
        early = code(later=1)
        client = Client()
        password(client)
        assert second(client, early)["Location"] == "/admin/"
        for _ in range(3):
            again = Client()
            password(again)
            assert second(again, early).status_code == 200
            now.shift(25)


def test_a_recovery_code_counts_once(cast):
    with_app(cast["author"])
    codes = recovery_codes(cast["author"])
    for number, expected in ((0, 302), (0, 200), (1, 302)):
        client = Client()
        password(client)
        assert second(client, codes[number]).status_code == expected


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_passkey_is_an_error_and_never_a_fault(cast, forged):
    with_app(cast["author"])
    client = Client()
    client.get("/accounts/second-step/passkeys/sign-in/", headers={"accept": "application/json"})
    assert client.post("/accounts/second-step/passkeys/sign-in/", {"credential": forged})["Location"] == LOGIN
    password(client)
    assert client.post(SECOND, {"credential": forged}).status_code == 200
    inside_already = signed_in(cast["owner"])
    inside_already.get("/accounts/second-step/passkeys/new/")
    answer = inside_already.post("/accounts/second-step/passkeys/new/", {"name": "x", "credential": forged})
    assert answer.status_code == 200
    assert not Authenticator.objects.filter(user=cast["owner"]).exists()


def test_nothing_that_protects_an_account_is_shown_or_changed_without_proving_who_it_is(cast):
    with travel(NOON, tick=False) as now:
        person = with_app(cast["author"])
        recovery_codes(person)
        client = signed_in(person)
        now.shift(3600)
        for path in ("app/remove/", "recovery-codes/", "recovery-codes/new/", "recovery-codes/file/", "passkeys/new/"):
            answer = client.get(f"{SET_UP}{path}")
            assert answer["Location"].startswith("/accounts/reauthenticate/?next="), path
        for path in ("app/remove/", "recovery-codes/new/", "passkeys/new/"):
            assert client.post(f"{SET_UP}{path}")["Location"].startswith("/accounts/reauthenticate/?next="), path
        assert Authenticator.objects.count() == 2
        client.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})
        assert client.get(f"{SET_UP}recovery-codes/").status_code == 200


def test_a_second_step_cannot_be_set_up_long_after_the_sign_in_without_the_password(cast):
    with travel(NOON, tick=False) as now:
        client = signed_in(cast["author"])
        assert client.get(f"{SET_UP}app/").status_code == 200
        now.shift(6 * 60)
        assert client.get(f"{SET_UP}app/").status_code == 302


def test_the_picture_of_the_secret_is_there_only_while_it_is_set_up_and_nobody_keeps_it(cast):
    client = signed_in(cast["author"])
    assert Client().get(f"{SET_UP}app/qr.svg").status_code == 302
    assert client.get(f"{SET_UP}app/qr.svg").status_code == 404
    form = client.get(f"{SET_UP}app/")
    assert "data:" not in form.content.decode()
    picture = client.get(f"{SET_UP}app/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    for answer in (form, picture):
        assert "no-store" in answer["Cache-Control"]
    assert b"style=" not in picture.content


# What works


@travel(NOON, tick=False)
def test_who_must_have_one_sets_up_an_app_keeps_the_codes_and_goes_to_work(required, mailoutbox):
    client = signed_in(required["author"])
    read = page(get(client, f"{SET_UP}app/"))
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', read.markup)
    assert secret
    wrong = page(client.post(f"{SET_UP}app/", {"code": "000000"}))
    assert wrong.title.startswith("Error: ")
    assert secret[1] in wrong.markup  # the app that knows it already is still right
    done = client.post(f"{SET_UP}app/", {"code": code(secret[1])}, follow=True)
    assert done.redirect_chain[-1][0] == f"{SET_UP}recovery-codes/"
    codes = re.findall(r"<code>(\d{8})</code>", done.content.decode())
    assert len(set(codes)) == 10
    file = client.get(f"{SET_UP}recovery-codes/file/")
    assert all(one in file.content.decode() for one in codes)
    assert "no-store" in file["Cache-Control"]
    assert inside(client)


def test_each_change_is_told_by_mail_in_words_of_its_own(cast, django_capture_on_commit_callbacks, mailoutbox):
    for change, words in CHANGES.items():
        with django_capture_on_commit_callbacks(execute=True):
            actions.tell_of_change(cast["author"], change)
        assert words in mailoutbox[-1].body
        assert mailoutbox[-1].to == ["author@clinic.example"]


# One that was lost


def test_only_an_owner_removes_it_for_others_and_nobody_their_own(cast):
    with_app(cast["author"])
    for who in ("author", "reviewer", "front_desk", "outsider"):
        with pytest.raises(NotPermitted):
            actions.reset_second_step(cast["author"], by=cast[who])
        assert signed_in(cast[who]).get(f"/admin/clinic/user/{cast['author'].pk}/second-step/").status_code == 403
    with_app(cast["owner"])
    with pytest.raises(Refused, match="your own account"):
        actions.reset_second_step(cast["owner"], by=cast["owner"])
    with pytest.raises(Refused, match="has no second step"):
        actions.reset_second_step(cast["reviewer"], by=cast["owner"])
    assert Authenticator.objects.count() == 2


def test_an_owner_removes_it_on_the_accounts_screen(cast, caplog):
    person = with_app(cast["author"])
    recovery_codes(person)
    owner = signed_in(cast["owner"])
    screen = f"/admin/clinic/user/{person.pk}/second-step/"
    assert screen in get(owner, f"/admin/clinic/user/{person.pk}/change/").content.decode()
    assert "Speak with the person first" in get(owner, screen).content.decode()
    assert Authenticator.objects.count() == 2  # looking changes nothing
    done = owner.post(screen, follow=True)
    assert "We tell them by mail" in done.content.decode()
    assert not Authenticator.objects.exists()
    assert CHANGES["second_step_reset"] in PendingMail.objects.get().body
    assert "has no second step" in owner.post(screen).content.decode()


def test_the_command_removes_it_for_the_owner(cast, caplog, django_capture_on_commit_callbacks):
    with_app(cast["owner"])
    said = StringIO()
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_factor", "owner", stdout=said)
    assert "Removed 1 of owner: owner@clinic.example is told by mail." in said.getvalue()
    assert f"second step of account {cast['owner'].pk} removed by the command" in caplog.text
    for name, words in (("nobody", "No account has the username"), ("owner", "has no second step")):
        with pytest.raises(CommandError, match=words):
            call_command("reset_second_factor", name)
