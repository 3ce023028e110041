"""What ends the sign-ins of an account that are open elsewhere, and those that are half-way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from time_machine import travel

from clinic import actions
from clinic.models import User
from education.models import AuditLine, What
from tests import builders
from tests.clinic.signing import LOGIN, SECOND, code, inside, password, recovery_codes, second, signed_in, with_app

SET_UP = "/accounts/second-step/"
NOON = "2026-03-03T12:00:10Z"


# Changes tell of themselves once they are kept, while the request that made them goes on.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def required(settings, cast):
    settings.STAFF_MFA_REQUIRED = True
    return cast


def add_app(client: Client) -> None:
    """Set up an app in this window."""
    client.get(f"{SET_UP}app/")
    secret = client.session["mfa.totp.secret"]
    assert client.post(f"{SET_UP}app/", {"code": code(secret)}).status_code == 302


def knows_nobody(client: Client) -> bool:
    """Whether whoever is in this window is asked to sign in before they see anything of an account."""
    ends = [client.get(f"{SET_UP}{below}", follow=True) for below in ("", "passkeys/", "recovery-codes/")]
    return {one.request["PATH_INFO"] for one in ends} <= {LOGIN, SECOND}


def test_who_signed_in_with_a_stolen_password_is_out_once_the_person_has_a_second_step(required):
    thief, person = signed_in(required["author"]), signed_in(required["author"])
    add_app(person)
    assert inside(person)
    assert not inside(thief)
    assert knows_nobody(thief)
    # Nor does the password alone make a second step of their own, or show the recovery codes.
    answer = thief.post(
        "/accounts/reauthenticate/", {"password": builders.PASSWORD, "next": f"{SET_UP}recovery-codes/"}
    )
    assert "/login/" in answer["Location"]


def test_who_has_the_lost_phones_sign_in_is_out_once_it_is_reset_also_after_a_new_set_up(required):
    with travel(NOON, tick=False) as now:
        thief = signed_in(with_app(required["author"]))
        assert inside(thief)
        actions.reset_second_step(required["author"], by=required["owner"])
        assert knows_nobody(thief)
        now.shift(60)
        person = signed_in(User.objects.get(username="author"))
        add_app(person)
        assert inside(person)
        assert not inside(thief)


def _remove_the_app(client: Client) -> None:
    client.post(f"{SET_UP}app/remove/")


def _new_codes(client: Client) -> None:
    client.post(f"{SET_UP}recovery-codes/new/")


@pytest.mark.parametrize("change", [_remove_the_app, _new_codes])
def test_each_change_of_a_second_step_ends_the_sign_ins_elsewhere_and_not_ones_own(
    cast, change: Callable[[Client], None]
):
    with travel(NOON, tick=False) as now:
        person = with_app(cast["author"])
        recovery_codes(person)
        elsewhere = signed_in(person)
        now.shift(60)
        here = signed_in(person)
        change(here)
        assert inside(here)
        assert not inside(elsewhere)


def test_ones_own_sign_in_is_no_longer_for_a_change_of_the_second_step(cast):
    with travel(NOON, tick=False) as now:
        client = signed_in(cast["author"])
        now.shift(4 * 60)
        add_app(client)
        # Not just signed in any more, and after twelve hours not at all.
        now.shift(2 * 60)
        assert client.get(f"{SET_UP}recovery-codes/")["Location"].startswith("/accounts/reauthenticate/")
        now.shift(12 * 3600 - 6 * 60)
        assert not inside(client)


# Half-way: the password was right, the second step is still to come


@pytest.mark.parametrize("change", ["closed", "another password", "reset"])
def test_half_way_ends_with_what_ends_a_sign_in(required, change):
    person = with_app(required["author"])
    client = Client()
    password(client)
    if change == "closed":
        person.is_active = False
        actions.save_account(person, by=required["owner"])
    elif change == "another password":
        person.set_password("four other words here")
        person.save()
    else:
        actions.reset_second_step(person, by=required["owner"])
        with_app(person)
    before = AuditLine.objects.filter(what=What.SIGNED_IN).count()
    answer = second(client, code())
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    assert AuditLine.objects.filter(what=What.SIGNED_IN).count() == before
    assert knows_nobody(client)
    assert Authenticator.objects.filter(user=person).exists()


def test_half_way_is_nobody_at_every_page_about_an_account(required):
    with_app(required["author"])
    client = Client()
    password(client)
    assert knows_nobody(client)
    assert client.get("/healthz?full", REMOTE_ADDR="203.0.113.9").content == b"ok\n"


def test_how_the_site_does_is_told_to_nobody_whose_second_step_is_missing(required):
    client = signed_in(required["owner"], REMOTE_ADDR="203.0.113.9")
    assert client.get("/healthz?full").content == b"ok\n"
    with_app(required["owner"])
    assert client.get("/healthz?full").headers["Content-Type"] == "application/json"
