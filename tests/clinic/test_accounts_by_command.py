"""Accounts and passwords made by a command: what is refused, which line each leaves, and which sign-ins end."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.test import Client

from clinic.models import User
from config.whence import COMMAND
from education.models import AuditLine, PendingMail, What
from tests import builders
from tests.clinic.signing import code, inside, password, second, signed_in, with_app

GOOD, ANOTHER = "five plain words in here", "other plain words in here"


@pytest.fixture
def types(monkeypatch):
    """Let somebody at the terminal type these, one after the other."""

    def typing(*words: str) -> None:
        left = iter(words)
        monkeypatch.setattr("getpass.getpass", lambda prompt: next(left))

    return typing


def lines(what: What) -> list[tuple[str, str, object]]:
    rows: Iterable[AuditLine] = AuditLine.objects.filter(what=what)
    return [(row.about_name, row.origin, row.made_by) for row in rows]


def test_no_command_that_makes_an_account_or_a_password_is_djangos_own():
    assert {get_commands()[name] for name in ("changepassword", "createsuperuser")} == {"clinic"}


# What is refused


def test_a_password_for_nobody_or_one_that_is_not_good_enough_changes_nothing(cast, types):
    with pytest.raises(CommandError, match="No account has the username “nobody”"):
        call_command("changepassword", "nobody")
    before = User.objects.get(username="author").password
    types("short", "short", GOOD, ANOTHER, "12345678901", "12345678901")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("changepassword", "author")
    assert User.objects.get(username="author").password == before
    assert lines(What.PASSWORD_SET) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"username": "author"}, "already exists"),
        ({"username": "a b"}, "valid username"),
        ({"email": "nowhere"}, "valid email"),
        ({}, "too short"),
    ],
)
def test_an_owner_with_a_name_an_address_or_a_password_that_is_wrong_is_not_made(cast, monkeypatch, typed, words):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short" if not typed else GOOD)
    before = User.objects.count()
    with pytest.raises(CommandError, match=words):
        call_command("createsuperuser", **{"username": "new", "email": "new@clinic.example", **typed}, noinput=True)
    assert User.objects.count() == before
    assert lines(What.ACCOUNT_MADE) == []


# What is done


def test_another_password_ends_every_sign_in_also_those_half_way_leaves_a_line_and_is_told_by_mail(cast, types):
    person = cast["author"]
    whole = signed_in(person)
    half = Client()
    with_app(cast["reviewer"])
    password(half, "reviewer")
    types("short", "short", GOOD, GOOD)
    call_command("changepassword", "author", verbosity=0)
    types(GOOD, GOOD)
    call_command("changepassword", "reviewer", verbosity=0)
    assert not inside(whole)
    assert "_auth_user_id" not in half.session
    second(half, code())
    assert not inside(half)
    assert lines(What.PASSWORD_SET) == [("reviewer", COMMAND, None), ("author", COMMAND, None)]
    assert "was set for you" in PendingMail.objects.filter(to=person.email).latest("pk").body
    assert password(Client(), password=GOOD).status_code == 302


def test_the_same_password_again_ends_the_sign_ins_too(cast, types):
    client = signed_in(cast["author"])
    types(builders.PASSWORD, builders.PASSWORD)
    call_command("changepassword", "author", verbosity=0)
    assert not inside(client)


def test_one_more_owner_leaves_a_line_whether_somebody_types_or_a_script_asks(cast, types, monkeypatch):
    types(GOOD, GOOD)
    call_command("createsuperuser", username="typed", email="typed@clinic.example")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    call_command("createsuperuser", username="script", email="script@clinic.example", noinput=True)
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD")
    call_command("createsuperuser", username="later", email="later@clinic.example", noinput=True)
    made = User.owners().filter(username__in=("typed", "script", "later"), is_staff=True)
    assert {(one.username, one.check_password(GOOD), one.has_usable_password()) for one in made} == {
        *(("typed", True, True), ("script", True, True), ("later", False, False)),
    }
    assert {(name, origin) for name, origin, _ in lines(What.ACCOUNT_MADE)} == {
        (name, COMMAND) for name in ("typed", "script", "later")
    }
