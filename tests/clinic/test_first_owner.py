"""The link for the owner's account: when it is refused, what it makes, and that its secret stands nowhere."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from time_machine import travel

from clinic import actions
from clinic.models import OwnerLink, User
from config.log_lines import WithoutOneTimeLinks
from education.actions import Refused
from tests import builders
from tests.education.test_concurrency import together
from tests.html import get, page

TYPED = {
    "first_name": "Ada",
    "last_name": "Park",
    "job_title": "owner",
    "email": "ada@clinic.example",
    "username": "ada",
    "password1": builders.PASSWORD,
    "password2": builders.PASSWORD,
}


@pytest.fixture
def link(db) -> str:
    return at(actions.new_owner_link()[0])


def at(secret: str) -> str:
    return f"/accounts/first-owner/{secret}/"


def secret_of(link: str) -> str:
    return link.split("/")[-2]


def refused(client: Client, path: str, **typed: str) -> str:
    """Assert that a link is refused, whether it is opened or its form is sent; return what the page says."""
    answers = [client.get(path), client.post(path, {**TYPED, **typed})]
    for answer in answers:
        assert answer.status_code == 404
        assert "no-store" in answer["Cache-Control"]
    assert not User.objects.filter(username="ada").exists()
    return page(answers[0]).text


# What is refused


def test_a_secret_that_nobody_made_opens_nothing(client, link):
    for secret in ("x", "wrong-secret", secret_of(link)[:-1], secret_of(link).swapcase()):
        assert "This link does not work." in refused(client, at(secret))


def test_without_a_link_no_secret_works_not_even_an_empty_hash(client, db):
    refused(client, at("x"))
    with pytest.raises(Refused):
        actions.make_first_owner(User(username="ada"), secret="")


def test_a_site_that_has_an_owner_refuses_the_right_secret(client, link):
    builders.person("owner", is_superuser=True)
    said = refused(client, link)
    assert "has an owner already" in said
    assert "starts again" not in said
    with pytest.raises(Refused, match="has an owner already"):
        actions.make_first_owner(User(username="ada"), secret=secret_of(link))
    with pytest.raises(Refused, match="has an owner already"):
        actions.new_owner_link()


def test_an_owner_whose_account_is_closed_owns_nothing(client, link):
    builders.person("owner", is_superuser=True, is_active=False)
    get(client, link)


def test_the_link_works_for_a_day(client, link):
    moment = OwnerLink.objects.get().made_at
    with travel(moment + timedelta(hours=23, minutes=59), tick=False):
        get(client, link)
    with travel(moment + timedelta(hours=24), tick=False):
        refused(client, link)


def test_a_new_link_ends_the_one_before_it(client, link):
    newer = at(actions.new_owner_link()[0])
    refused(client, link)
    get(client, newer)
    assert OwnerLink.objects.count() == 1


def test_the_link_works_once(link):
    assert Client().post(link, TYPED).status_code == 302
    another = Client().post(link, {**TYPED, "username": "eve"})
    assert another.status_code == 404
    assert not OwnerLink.objects.exists()
    assert User.objects.get().username == "ada"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_link_at_once_one_becomes_the_owner():
    secret, _ = actions.new_owner_link()
    calls = [partial(actions.make_first_owner, User(username=name), secret=secret) for name in ("ada", "eve")]
    results = together(*calls)
    assert sorted(type(one).__name__ for one in results) == ["Refused", "User"]
    assert User.objects.count() == 1


def test_looking_at_the_page_uses_nothing_up_and_a_refused_form_does_not_either(client, link):
    for _ in range(2):
        get(client, link)
        assert client.post(link, {}).status_code == 200
    assert client.post(link, TYPED).status_code == 302


def test_only_the_hash_of_the_secret_is_kept(link):
    kept = OwnerLink.objects.get()
    assert secret_of(link) not in repr(vars(kept))
    assert len(secret_of(link)) >= 43
    assert re.fullmatch("[0-9a-f]{64}", kept.digest)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"first_name": " "}, "first_name", "Write your first name."),
        ({"last_name": ""}, "last_name", "Write your last name."),
        ({"email": ""}, "email", "Write your e-mail address."),
        ({"email": "ada"}, "email", "with an @"),
        ({"username": ""}, "username", "Choose a username."),
        ({"username": "ada park"}, "username", "without a space"),
        ({"username": "Taken"}, "username", "Choose another."),
        ({"password1": "", "password2": ""}, "password1", "Choose a password."),
        ({"password2": "another one of it"}, "password2", "Type both again."),
        ({"password1": "short", "password2": "short"}, "password2", "at least 12 characters"),
        ({"password1": "adapark@clinic.example", "password2": "adapark@clinic.example"}, "password2", "too similar"),
        ({"password1": "1q2w3e4r5t6y", "password2": "1q2w3e4r5t6y"}, "password2", "too common"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, link, typed, field, said):
    builders.person("taken")
    sent = {**TYPED, "email": "adapark@clinic.example", **typed}
    answer = client.post(link, sent)
    form, read = answer.context["form"], page(answer)
    assert said in " ".join(form.errors[field])
    assert read.title.startswith("Error: Make the owner's account")
    assert "There is a problem" in read.text
    kept = [name for name in TYPED if not name.startswith("password") and sent[name].strip()]
    for name in kept:
        assert f'value="{sent[name]}"' in read.markup
    assert builders.PASSWORD not in read.markup
    assert not User.objects.filter(is_superuser=True).exists()


def test_who_has_to_type_the_password_again_is_told(client, link):
    form = client.post(link, {**TYPED, "email": ""}).context["form"]
    assert "Type the password again" in form.errors["password1"][0]
    assert "password1" not in client.post(link, {**TYPED, "password2": "other"}).context["form"].errors


# What it makes


def test_the_owner_may_do_everything_is_signed_in_and_led_to_the_admin(client, link):
    before = client.get(link).cookies
    assert "session" not in before
    answer = client.post(link, {**TYPED, "first_name": "  Ada \t Mae "})
    assert answer["Location"] == "/admin/"
    owner = User.objects.get()
    assert (owner.is_superuser, owner.is_staff, owner.is_active, owner.sample_account) == (True, True, True, False)
    assert (owner.first_name, owner.job_title, owner.email) == ("Ada Mae", "owner", "ada@clinic.example")
    assert owner.check_password(builders.PASSWORD)
    assert "Your work" in client.get("/admin/").content.decode()


def test_no_account_is_made_without_the_protection_of_forms(link):
    assert Client(enforce_csrf_checks=True).post(link, TYPED).status_code == 403
    assert not User.objects.exists()


# The secret stays out of the log


def written(name: str, message: str, *values: object) -> str:
    """Return the line that a record becomes in the handler of the settings."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, values, None)
    assert WithoutOneTimeLinks().filter(record)
    return record.getMessage()


def test_a_line_about_the_link_does_not_hold_its_secret(link):
    line = written("django.request", "%s: %s", "Not Found", link)
    assert line == "Not Found: /accounts/first-owner/…/"
    assert secret_of(link) not in written("django.server", '"GET %s HTTP/1.1" %s %s', link, "200", "15")
    assert written("django.request", "%s: %s", "Not Found", "/about/100%s/") == "Not Found: /about/100%s/"


def test_every_handler_of_the_log_leaves_the_secret_out():
    handlers = configured.LOGGING["handlers"]
    assert handlers
    for name, handler in handlers.items():
        # Reports of faults have no word of a record in them.
        assert name == "mail" or "without_links" in handler["filters"], name
    used = {name for logger in configured.LOGGING["loggers"].values() for name in logger["handlers"]}
    assert used <= set(handlers)


def test_making_and_using_a_link_is_logged_without_it(client, db, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO, "clinic")
    logging.getLogger("clinic").addHandler(caplog.handler)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            link = at(actions.new_owner_link()[0])
            client.post(link, TYPED)
    finally:
        logging.getLogger("clinic").removeHandler(caplog.handler)
    assert "a link for the owner's account was made" in caplog.text
    assert f"account {User.objects.get().pk} made by the link" in caplog.text
    for secret in (secret_of(link), "Ada", "ada@clinic", builders.PASSWORD):
        assert secret not in caplog.text


# The command


def test_the_command_prints_a_link_that_works(client, db, settings):
    settings.SITE_URL = "https://guides.example.org"
    out = StringIO()
    call_command("first_owner", stdout=out)
    found = re.search(r"https://guides\.example\.org(/accounts/first-owner/\S+/)", out.getvalue())
    assert found
    get(client, found[1])
    assert f"{timezone.localtime(OwnerLink.objects.get().works_until):%H:%M}" in out.getvalue()


def test_the_command_says_what_to_do_where_there_is_an_owner(cast):
    with pytest.raises(CommandError, match=r"has an owner already.*changepassword"):
        call_command("first_owner")
    assert not OwnerLink.objects.exists()
