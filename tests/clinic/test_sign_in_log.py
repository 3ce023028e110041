"""The audit log of the sign-in: whose account, who did it, from where, and nothing that anybody typed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.actions import sign_in_log
from config.whence import COMMAND
from education.models import AuditLine, PendingMail, What
from education.rules import EDITORS
from tests import builders
from tests.clinic.signing import code, second, with_app
from tests.education.desk import signed_in, url


def test_signing_in_failing_and_signing_out_are_lines_and_what_was_typed_is_in_none(client, cast):
    for name in ("author", "my-password-by-mistake"):
        client.post("/accounts/login/", {"login": name, "password": "wrong-word"})
    client.post("/accounts/login/", {"login": "author", "password": builders.PASSWORD})
    client.post("/accounts/logout/")
    lines = list(AuditLine.objects.order_by("pk").values_list("what", "about_name", "made_by__username", "origin"))
    assert lines == [
        (What.SIGN_IN_FAILED, "author", None, "127.0.0.1"),
        (What.SIGN_IN_FAILED, "no account", None, "127.0.0.1"),
        (What.SIGNED_IN, "author", "author", "127.0.0.1"),
        (What.SIGNED_OUT, "author", "author", "127.0.0.1"),
    ]


def test_each_event_of_a_second_step_says_whose_account_who_did_it_and_from_where(settings, cast):
    settings.PROXY_COUNT = 1
    author = with_app(cast["author"])
    client = Client(headers={"x-forwarded-for": "198.51.100.1, 203.0.113.7"})
    client.post("/accounts/login/", {"login": "author", "password": builders.PASSWORD})
    second(client, "000000")
    assert not AuditLine.objects.filter(what=What.SIGNED_IN).exists()
    second(client, code())
    # Somebody who is in already and types a wrong code is nobody at the door.
    client.post("/accounts/second-step/reauthenticate/", {"code": "000000"})
    client.post("/accounts/second-step/app/remove/")
    actions.reset_second_step(with_app(author), by=cast["owner"])
    lines = AuditLine.objects.filter(about_number=author.pk).order_by("pk")
    assert list(lines.values_list("what", "about_name", "made_by__username", "origin")) == [
        (What.SECOND_STEP_FAILED, "author", None, "203.0.113.7"),
        (What.SIGNED_IN, "author", "author", "203.0.113.7"),
        (What.SECOND_FACTOR, "author", "author", "203.0.113.7"),
        (What.SECOND_FACTOR_RESET, "author", "owner", COMMAND),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_app_that_comes_or_goes_with_its_recovery_codes_is_one_line_and_new_codes_are_one(cast):
    client = Client()
    client.post("/accounts/login/", {"login": "author", "password": builders.PASSWORD})
    lines = AuditLine.objects.filter(what=What.SECOND_FACTOR)
    counts = []
    for at in ("app/", "recovery-codes/new/", "app/remove/"):
        page = client.get(f"/accounts/second-step/{at}")
        sent = {"code": code(page.context["form"].secret)} if at == "app/" else {}
        assert client.post(f"/accounts/second-step/{at}", sent).status_code == 302
        counts.append(lines.count())
    assert counts == [1, 2, 3]


def test_an_invitation_says_who_invited_and_who_came_from_where(settings, cast):
    settings.PROXY_COUNT = 1
    owner = signed_in(cast["owner"])
    owner.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.7"
    typed = {"first_name": "Ada", "last_name": "Park", "email": "ada@clinic.example"}
    groups = list(Group.objects.filter(name=EDITORS).values_list("pk", flat=True))
    assert owner.post(url("clinic_invitation_add"), {**typed, "groups": groups}).status_code == 302
    link = re.search(r"/accounts/invitation/[\w-]+/", PendingMail.objects.latest("pk").body)
    assert link
    chosen = {"username": "ada.park", "password1": builders.PASSWORD, "password2": builders.PASSWORD}
    guest = Client(headers={"x-forwarded-for": "203.0.113.8"})
    assert guest.post(link[0], chosen).status_code == 302
    lines = AuditLine.objects.exclude(made_by__username="owner", what=What.SIGNED_IN).order_by("pk")
    facts = list(lines.values_list("what", "about_name", "made_by__username", "origin"))
    assert facts[-3:] == [
        (What.INVITED, "", "owner", "203.0.113.7"),
        (What.INVITATION_ACCEPTED, "ada.park", "ada.park", "203.0.113.8"),
        (What.SIGNED_IN, "ada.park", "ada.park", "203.0.113.8"),
    ]


def test_failed_sign_ins_cannot_fill_the_database(cast, monkeypatch):
    monkeypatch.setattr(sign_in_log, "MOST_FAILURES", 3)
    for _ in range(5):
        sign_in_log.note_sign_in_failed(None, credentials={"username": "x"})
    assert AuditLine.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        sign_in_log.note_sign_in_failed(None, credentials={"username": "x"})
    assert AuditLine.objects.count() == 4
