"""How often somebody may guess, what an answer gives away, and when a sign-in ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from clinic import actions
from clinic.adapters import StaffAccountAdapter
from config.caches import MOST_ENTRIES, SharedFileCache
from tests import builders
from tests.clinic.signing import SECOND, code, inside, password, recovery_codes, second, signed_in, with_app
from tests.html import page

NOON = "2026-03-03T12:00:10Z"
TOO_MANY = "Wait five minutes"
AGAIN = "/accounts/reauthenticate/"


def from_address(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"192.0.2.{number}"}


# Guessing at one account


def test_ten_wrong_passwords_from_ten_addresses_close_an_account_to_the_eleventh(cast):
    for number in range(10):
        assert TOO_MANY not in page(password(Client(**from_address(number)), password="wrong")).text
    for name in ("author", "AUTHOR", " author "):
        assert TOO_MANY in page(password(Client(**from_address(99)), name)).text
    assert password(Client(**from_address(99)), "reviewer")["Location"] == "/admin/"


def test_the_limit_of_an_account_is_the_same_under_each_name_of_the_site(cast, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for number in range(10):
        password(Client(HTTP_HOST="one.example", **from_address(number)), password="wrong")
    assert TOO_MANY in page(password(Client(HTTP_HOST="two.example", **from_address(99)))).text


def test_ten_wrong_passwords_for_ten_accounts_close_an_address_to_the_eleventh(cast):
    for number in range(10):
        password(Client(), f"nobody-{number}", password="wrong")
    assert TOO_MANY in page(password(Client())).text
    assert password(Client(**from_address(9)))["Location"] == "/admin/"


def test_a_subscriber_with_many_addresses_of_version_six_has_no_more_attempts(cast):
    for number in range(10):
        password(Client(REMOTE_ADDR=f"2001:db8:1:2::{number}"), f"nobody-{number}", password="wrong")
    assert TOO_MANY in page(password(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"))).text
    assert password(Client(REMOTE_ADDR="2001:db8:1:3::1"))["Location"] == "/admin/"


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_forged_address_gives_no_further_attempt(cast, settings, proxies):
    settings.PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    real = ["198.51.100.7", "10.0.0.1"][:proxies]
    for number in range(10):
        told = ", ".join([f"203.0.113.{number}", f"203.0.113.{number + 50}", *real])
        password(Client(headers={"x-forwarded-for": told}), f"nobody-{number}", password="wrong")
    told = ", ".join(["203.0.113.200", *real])
    assert TOO_MANY in page(password(Client(headers={"x-forwarded-for": told}))).text


@pytest.mark.parametrize("told", ["", "x", ",", "203.0.113.1", "a, b, c, d", "\x00", "1" * 9000])
def test_whatever_a_proxy_tells_of_an_address_is_no_fault(cast, settings, told):
    settings.PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    client = Client(headers={"x-forwarded-for": told})
    assert password(client, password="wrong").status_code == 200
    assert client.post("/accounts/password/reset/", {"email": "a@b.example"}).status_code == 302
    answer = client.post("/accounts/second-step/passkeys/sign-in/", {"credential": "{}"})
    assert answer.status_code == 302


def test_a_success_takes_nothing_back_but_itself(cast):
    for _ in range(9):
        password(Client(), "reviewer", password="wrong")
        assert password(Client())["Location"] == "/admin/"
    password(Client(), "reviewer", password="wrong")
    assert TOO_MANY in page(password(Client(), "reviewer")).text


@pytest.mark.parametrize("guess", ["000000", "12345678"])
@travel(NOON, tick=False)
def test_ten_wrong_codes_close_the_second_step_also_to_the_right_one(cast, guess):
    codes = recovery_codes(with_app(cast["author"]))
    for number in range(10):
        client = Client(**from_address(number))
        password(client)
        assert TOO_MANY not in page(second(client, guess)).text
    client = Client(**from_address(99))
    password(client)
    for right in (code(), codes[0]):
        assert TOO_MANY in page(second(client, right)).text
    forged = page(client.post(SECOND, {"credential": '{"id": 1}'}))
    assert TOO_MANY in forged.text
    assert not inside(client)


def test_no_more_than_thirty_codes_a_day_are_looked_at(cast):
    with_app(cast["author"])
    with travel(NOON, tick=False) as now:
        looked_at = 0
        for number in range(5):
            client = Client(**from_address(number))
            password(client)
            for _ in range(10):
                looked_at += TOO_MANY not in page(second(client, "000000")).text
            now.shift(301)
        assert looked_at == 30


@travel(NOON, tick=False)
def test_ones_own_code_does_not_forget_the_failures_of_an_address(cast):
    with_app(cast["reviewer"])
    with_app(cast["author"])
    thief = Client()
    password(thief, "reviewer")
    for _ in range(9):
        second(thief, "000000")
    own = Client()
    password(own)
    assert second(own, code())["Location"] == "/admin/"
    second(thief, "000000")
    assert TOO_MANY in page(second(thief, code())).text


def test_the_password_asked_for_again_is_limited_too(cast):
    client = signed_in(cast["author"])
    answers = [client.post(AGAIN, {"password": "wrong"}).status_code for _ in range(11)]
    assert answers[:10] == [200] * 10
    assert answers[10] == 429
    new = {"password1": "a rather long new password", "password2": "a rather long new password"}
    answers = [client.post("/accounts/password/change/", {"oldpassword": "x", **new}).status_code for _ in range(11)]
    assert answers[10] == 429


@pytest.mark.parametrize("same", ["address", "account"])
def test_ten_links_for_a_new_password_are_enough(cast, same):
    answers = []
    for number in range(11):
        where = {} if same == "address" else from_address(number)
        email = f"a{number}@clinic.example" if same == "address" else "author@clinic.example"
        answers.append(Client(**where).post("/accounts/password/reset/", {"email": email}).status_code)
    assert answers == [302] * 10 + [429]


# The shared store


@pytest.mark.django_db
def test_attempts_at_once_are_all_counted(settings, tmp_path):
    """Two workers that count at once count twice: neither overwrites what the other wrote."""
    request = type("Request", (), {"META": {"REMOTE_ADDR": "192.0.2.1"}, "headers": {}, "method": "POST"})()
    allowed: list[bool] = []

    def attempt() -> None:
        try:
            StaffAccountAdapter(request).pre_authenticate(request, username="author")
        except Exception:  # the form's refusal
            allowed.append(False)
        else:
            allowed.append(True)

    threads = [threading.Thread(target=attempt) for _ in range(24)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(allowed) == 24
    assert sum(allowed) <= 10


def test_of_many_who_add_the_same_key_to_the_files_one_succeeds(tmp_path, monkeypatch):
    """As two processes do: each has a cache object of its own. In between every other one has its turn."""
    barrier, found = threading.Barrier(8), FileBasedCache.has_key

    def slow(self: Any, *args: Any, **kwargs: Any) -> bool:
        there = found(self, *args, **kwargs)
        threading.Event().wait(0.01)
        return there

    monkeypatch.setattr(FileBasedCache, "has_key", slow)
    added: list[bool] = []

    def add() -> None:
        mine = SharedFileCache(str(tmp_path / "cache"), {})
        barrier.wait()
        added.append(mine.add("key", True, 60))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(added) == [False] * 7 + [True]


@pytest.mark.stored
def test_made_up_names_do_not_make_the_files_forget(tmp_path):
    mine = SharedFileCache(str(tmp_path / "cache"), {})
    assert mine._max_entries == MOST_ENTRIES
    mine.set("failures", 10)
    for number in range(400):
        mine.set(f"other-{number}", 1)
    assert mine.get("failures") == 10
    assert isinstance(caches["default"], SharedFileCache) or "redis" in type(caches["default"]).__module__


# What an answer gives away


def work_of(ask: Callable[[], Any], monkeypatch) -> tuple[int, int]:
    """Return how many passwords an answer hashes, and how many queries it makes."""
    hashed: list[int] = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *a: (hashed.append(1), encode(*a))[1])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask()
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    return len(hashed), len(queries)


def test_an_unknown_a_known_and_a_closed_account_are_as_much_work_at_sign_in(cast, monkeypatch):
    cast["colleague"].is_active = False
    cast["colleague"].save()
    Client().get("/accounts/login/")
    attempts = [("nobody", "wrong"), ("author", "wrong"), ("colleague", "wrong"), ("colleague", builders.PASSWORD)]
    answers, work = [], []
    for name, typed in attempts:
        work.append(work_of(lambda n=name, t=typed: answers.append(password(Client(), n, password=t)), monkeypatch))
    assert len(set(work)) == 1, work
    assert work[0][0] == 1
    texts = [page(one).text for one in answers]
    assert len(set(texts)) == 1


def test_an_unknown_and_a_known_address_are_as_much_work_for_a_new_password(cast, monkeypatch):
    later: list[Callable[[], None]] = []
    monkeypatch.setattr("clinic.actions.sign_in._start", later.append)
    path, answers, work = "/accounts/password/reset/", [], []
    Client().get("/accounts/password/reset/done/")
    for email in ("author@clinic.example", "nobody@clinic.example"):
        ask = lambda e=email: answers.append(Client().post(path, {"email": e}, follow=True))  # noqa: E731
        work.append(work_of(ask, monkeypatch))
    assert len(set(work)) == 1, work
    assert answers[0].content == answers[1].content
    assert len(later) == 2


# When a sign-in ends


def test_a_sign_in_ends_after_twelve_hours_however_busy_somebody_is(cast):
    with travel(NOON, tick=False) as now:
        client = signed_in(cast["author"])
        for _ in range(11):
            now.shift(3600)
            # A message is kept in the session: it is saved anew.
            client.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})
            assert inside(client)
        now.shift(3600)
        assert not inside(client)


def test_the_cookie_goes_with_the_browser(cast):
    cookie = signed_in(cast["author"]).cookies["session"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]


def test_the_key_is_another_one_after_the_sign_in(cast):
    client = Client()
    with_app(cast["author"])
    password(client)
    before = client.cookies["session"].value
    second(client, code())
    assert inside(client)
    assert client.cookies["session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize("end", ["sign out", "another password", "closed", "a link by mail"])
def test_a_copied_cookie_is_dead_at_once(cast, end):
    client, thief = signed_in(cast["author"]), Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert inside(thief)
    new = {"password1": "a rather long new password", "password2": "a rather long new password"}
    if end == "sign out":
        client.post("/accounts/logout/")
    elif end == "another password":
        client.post("/accounts/password/change/", {"oldpassword": builders.PASSWORD, **new})
        assert inside(client)
    elif end == "closed":
        cast["author"].is_active = False
        actions.save_account(cast["author"], by=cast["owner"])
    else:
        cast["author"].set_password(new["password1"])
        cast["author"].save()
    assert not inside(thief)
