"""Staff come by invitation: who may invite, when a link is refused, what it makes, and where its secret stands."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from time_machine import travel

from clinic import actions
from clinic.forms import OwnAccountForm
from clinic.models import Invitation, User
from clinic.models.invitations import InvitationQuerySet
from config.log_lines import WithoutOneTimeLinks
from education.actions import Refused
from education.models import PendingMail
from education.rules import EDITORS, NotPermitted
from tests import builders
from tests.clinic.signing import inside, password, signed_in
from tests.education.test_concurrency import together
from tests.html import get, page

TYPED = {"username": "ada.park", "password1": builders.PASSWORD, "password2": builders.PASSWORD}
LIST = "/admin/clinic/invitation/"
LINK = re.compile(r"http://\S+(/accounts/invitation/[\w-]+/)")


def invite(by: User, email: str = "ada@clinic.example", **facts) -> Invitation:
    facts = {"first_name": "Ada", "last_name": "Park", "job_title": "nurse", **facts}
    return actions.invite(Invitation(email=email, **facts), groups=Group.objects.filter(name=EDITORS), by=by)


def link() -> str:
    """Return where the newest mail leads."""
    found = LINK.search(PendingMail.objects.latest("pk").body)
    assert found
    return found[1]


def refused(path: str) -> str:
    for answer in (Client().get(path), Client().post(path, TYPED)):
        assert answer.status_code == 404
        assert "no-store" in answer["Cache-Control"]
    assert not User.objects.filter(username="ada.park").exists()
    return page(answer).text


# What is refused


@pytest.mark.parametrize("who", ["author", "reviewer", "front_desk", "outsider"])
def test_only_an_owner_invites_sends_again_withdraws_or_sees_who_was_invited(cast, who):
    invitation = invite(cast["owner"])
    for act in (invite, partial(actions.invite_again, invitation), partial(actions.withdraw_invitation, invitation)):
        with pytest.raises(NotPermitted):
            act(**({"by": cast[who]}))
    client = signed_in(cast[who])
    for path in (LIST, f"{LIST}add/", f"{LIST}{invitation.pk}/change/"):
        assert client.get(path).status_code == 403
    for step in ("send", "withdraw"):
        assert client.post(f"{LIST}{invitation.pk}/do/{step}/").status_code == 403
    assert Invitation.objects.get().waits


def test_a_link_that_nobody_made_opens_nothing(cast):
    invite(cast["owner"])
    right = link()
    for wrong in (
        "/accounts/invitation/x/",
        right[:-2] + "/",
        right.swapcase().replace("ACCOUNTS/INVITATION", "accounts/invitation"),
    ):
        if wrong != right:
            assert "This link does not work." in refused(wrong)


def test_a_link_ends_after_seven_days(cast):
    with travel("2026-03-03T12:00:00Z", tick=False) as now:
        invite(cast["owner"])
        now.shift(timedelta(days=7) - timedelta(seconds=1))
        assert get(Client(), link())
        now.shift(1)
        refused(link())


def test_a_newer_link_ends_the_one_before_and_a_withdrawn_one_is_dead(cast):
    invitation = invite(cast["owner"])
    before = link()
    actions.invite_again(invitation, by=cast["owner"])
    refused(before)
    assert get(Client(), link())
    actions.withdraw_invitation(invitation, by=cast["owner"])
    refused(link())
    for act in (actions.invite_again, actions.withdraw_invitation):
        with pytest.raises(Refused, match="is over"):
            act(invitation, by=cast["owner"])


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_superuser": False}])
def test_who_owns_the_site_no_more_lets_nobody_in(cast, change):
    invite(cast["owner"])
    User.objects.filter(pk=cast["owner"].pk).update(**change)
    refused(link())


def test_nobody_is_invited_twice_or_who_has_an_account_or_without_a_role(cast):
    invite(cast["owner"])
    for email, words in (("ADA@clinic.example", "is invited already"), ("Author@clinic.example", "has an account")):
        with pytest.raises(Refused, match=words):
            invite(cast["owner"], email)
    with pytest.raises(Refused, match="at least one role"):
        actions.invite(Invitation(email="b@clinic.example"), groups=[], by=cast["owner"])
    assert Invitation.objects.count() == 1


def test_what_is_wrong_with_the_form_is_said_and_the_link_still_works(cast):
    invite(cast["owner"])
    client = Client()
    for typed, words in (
        ({}, "Choose a username."),
        ({**TYPED, "username": "author"}, "Somebody here has this username already."),
        ({**TYPED, "password2": "other"}, "The two passwords differ."),
        ({**TYPED, "password1": "short", "password2": "short"}, "too short"),
    ):
        answer = page(client.post(link(), typed))
        assert answer.title.startswith("Error: ")
        assert words in answer.text
    assert Invitation.objects.get().works


# What works


def test_a_link_makes_the_account_that_the_owner_wanted_once(cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    invitation = invite(cast["owner"])
    path, client = link(), Client()
    assert "Welcome, Ada Park." in page(get(client, path)).text
    assert client.post(path, {**TYPED, "is_superuser": "on", "email": "x@evil.example"})["Location"] == (
        "/accounts/second-step/"
    )
    account = User.objects.get(username="ada.park")
    assert (account.email, account.job_title, account.is_staff, account.is_superuser) == (
        *("ada@clinic.example", "nurse"),
        *(True, False),
    )
    assert [one.name for one in account.groups.all()] == [EDITORS]
    assert not inside(client)  # the second step is still missing
    assert client.get("/accounts/second-step/app/").status_code == 200  # and the password is not asked for again
    for answer in (Client().get(path), Client().post(path, {**TYPED, "username": "second"})):
        assert answer.status_code == 404
    invitation.refresh_from_db()
    assert (invitation.account, invitation.digest, invitation.waits) == (account, "", False)
    assert password(Client(), "ada.park").status_code == 302


def test_whoever_is_signed_in_on_that_computer_is_so_no_more(cast):
    invite(cast["owner"])
    client = signed_in(cast["owner"])
    client.post(link(), TYPED)
    assert client.get("/admin/clinic/user/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_comes_first(mailoutbox):
    invite(builders.cast()["owner"])
    found = LINK.search(mailoutbox[0].body)
    assert found
    secret = found[1].split("/")[-2]
    names = ("ada.park", "eve.park")
    accept = [lambda n=n: actions.accept_invitation(User(username=n), secret=secret) for n in names]
    outcomes = together(*accept)
    assert sum(isinstance(one, Refused) for one in outcomes) == 1, outcomes
    assert User.objects.filter(username__in=names).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_same_username_at_once_the_later_chooses_another(mailoutbox, monkeypatch):
    owner = builders.cast()["owner"]
    invite(owner)
    invite(owner, "eve@clinic.example", first_name="Eve")
    links = [LINK.search(mail.body)[1] for mail in mailoutbox]
    # Both forms have looked before either account is there.
    monkeypatch.setattr(OwnAccountForm, "validate_unique", lambda form: None)
    monkeypatch.setattr(OwnAccountForm, "clean_username", lambda form: form.cleaned_data["username"])
    ask = [lambda at=at: (client := Client(), client.post(at, TYPED)) for at in links]
    outcomes = together(*ask)
    assert sorted(answer.status_code for _, answer in outcomes) == [200, 302]
    client, answer = next(one for one in outcomes if one[1].status_code == 200)
    assert "Somebody chose this username a moment ago. Choose another." in page(answer).text
    assert User.objects.filter(username="ada.park").count() == 1
    # The link still works.
    at = answer.request["PATH_INFO"]
    assert client.post(at, {**TYPED, "username": "eve.park"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_invite_one_address_at_once_one_does_and_the_other_reads_why_not(mailoutbox, monkeypatch):
    """Not even where both have looked before either invitation is there."""
    owners = [builders.cast()["owner"], builders.person("second-owner", is_superuser=True)]
    monkeypatch.setattr(InvitationQuerySet, "waiting", InvitationQuerySet.none)
    role = Group.objects.get(name=EDITORS).pk
    typed = {"first_name": "Ada", "last_name": "Park", "groups": [role]}
    mails = ("ada@clinic.example", "ADA@clinic.example")
    windows = [signed_in(owner) for owner in owners]
    ask = [
        lambda window=window, email=email: window.post(f"{LIST}add/", {**typed, "email": email})
        for window, email in zip(windows, mails, strict=True)
    ]
    answers = together(*ask)
    assert sorted(answer.status_code for answer in answers) == [200, 302], answers
    told = next(answer for answer in answers if answer.status_code == 200)
    assert "Somebody with this e-mail address is invited already." in told.content.decode()
    assert Invitation.objects.count() == len(mailoutbox) == 1


def test_the_database_lets_one_invitation_wait_for_an_address_and_many_that_are_over(cast):
    for _ in range(3):
        actions.withdraw_invitation(invite(cast["owner"]), by=cast["owner"])
    waiting = invite(cast["owner"])
    copy = {name: getattr(waiting, name) for name in ("first_name", "invited_by", "made_at", "sent_at")}
    with pytest.raises(IntegrityError, match="invitation_waits_once_for_an_address"), transaction.atomic():
        Invitation.objects.create(email="Ada@Clinic.example", **copy)


@pytest.mark.django_db(transaction=True)
def test_where_an_older_version_let_several_wait_for_one_address_the_newest_goes_on_waiting(mailoutbox):
    owner = builders.cast()["owner"]
    MigrationExecutor(connection).migrate([("clinic", "0008_sign_ins_ended")])
    try:
        with travel("2026-03-03T12:00:00Z", tick=False) as now:
            for email in ("ada@clinic.example", "ADA@clinic.example", "eve@clinic.example"):
                facts = {"first_name": email, "made_at": timezone.now(), "sent_at": timezone.now()}
                Invitation.objects.create(email=email, invited_by=owner, digest=email, **facts)
                now.shift(60)
    finally:
        MigrationExecutor(connection).migrate([("clinic", "0009_one_invitation_waits")])
    waiting = Invitation.objects.waiting().values_list("email", flat=True)
    assert sorted(waiting) == ["ADA@clinic.example", "eve@clinic.example"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_account_and_whoever_sees_the_second_answer_reads_that_it_is_there(mailoutbox):
    invite(builders.cast()["owner"])
    at = LINK.search(mailoutbox[0].body)[1]
    answers = together(*(lambda: Client().post(at, TYPED) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [302, 404, 404], answers
    for answer in answers:
        if answer.status_code == 404:
            assert "It was used already" in page(answer).text
            assert "If you made an account here, be it a moment ago, sign in" in page(answer).text
    assert User.objects.filter(username="ada.park").count() == 1
    assert password(Client(), "ada.park").status_code == 302


def test_an_owner_invites_sends_again_and_withdraws_on_the_screen(cast, django_assert_max_num_queries):
    owner = signed_in(cast["owner"])
    role = Group.objects.get(name=EDITORS).pk
    typed = {"first_name": " Ada ", "last_name": "Park", "email": "ada@clinic.example", "groups": [role]}
    bad = owner.post(f"{LIST}add/", {**typed, "email": "ada"})
    assert "Write an e-mail address with an @" in bad.content.decode()
    assert 'value="Park"' in bad.content.decode()
    taken = owner.post(f"{LIST}add/", {**typed, "email": "author@clinic.example"})
    assert "has an account already" in taken.content.decode()
    listed = owner.post(f"{LIST}add/", typed, follow=True).content.decode()
    assert "the link is on its way to ada@clinic.example" in listed
    assert "Waits; the link works until" in listed
    invitation = Invitation.objects.get()
    screen = f"{LIST}{invitation.pk}/"
    shown = get(owner, f"{screen}change/").content.decode()
    assert "Send a new link" in shown
    first = link()
    assert "a new link is on its way" in owner.post(f"{screen}do/send/", follow=True).content.decode()
    assert link() != first
    assert owner.get(f"{screen}do/send/").status_code == 405
    assert owner.post(f"{screen}do/nothing/").status_code == 404
    assert "the invitation is withdrawn" in owner.post(f"{screen}do/withdraw/", follow=True).content.decode()
    assert "Send a new link" not in get(owner, f"{screen}change/").content.decode()
    assert "This invitation is over." in owner.post(f"{screen}do/send/", follow=True).content.decode()
    for number in range(5):
        invite(cast["owner"], f"more-{number}@clinic.example")
    with django_assert_max_num_queries(9):
        get(owner, LIST)


# Where the secret stands


def test_the_secret_stands_in_the_mail_and_nowhere_else(cast, caplog):
    with caplog.at_level(logging.DEBUG):
        caplog.handler.addFilter(WithoutOneTimeLinks())
        invitation = invite(cast["owner"])
        secret = link().split("/")[-2]
        Client().get(link())
        Client().get(link() + "x/")
        Client().get(f"/accounts/password/reset/key/1-{secret}/x/")
    assert secret not in caplog.text
    assert "/accounts/invitation/…" in caplog.text
    values = [str(value) for value in Invitation.objects.values().get().values()]
    assert not any(secret in value for value in values)
    assert secret not in get(signed_in(cast["owner"]), f"{LIST}{invitation.pk}/change/").content.decode()
    assert invitation.works_until > timezone.now()
