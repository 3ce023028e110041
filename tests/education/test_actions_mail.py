"""Mail is kept until it has left: a mail server that fails loses none, and none goes twice."""

from __future__ import annotations

import io
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from education.actions import mail as mailing
from education.actions.mail import CLAIM, LONGEST, MOST_ATTEMPTS, post, send_one, send_pending
from education.models import PendingMail
from tests.education.test_concurrency import together

TO = "somebody@clinic.example"
SECRET = "words that nobody else may read"


class Server:
    """A mail server that answers with `failure` to the addresses in `refuses`, or to all of them."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.refuses: tuple[str, ...] = ()
        self.asked = 0

    def send(self, message: EmailMessage, **_ignored: object) -> int:
        self.asked += 1
        if self.failure and (not self.refuses or message.to[0] in self.refuses):
            raise self.failure
        mail.outbox.append(message)
        return 1


@pytest.fixture
def server(monkeypatch) -> Server:
    found = Server()
    monkeypatch.setattr(EmailMessage, "send", lambda message, **rest: found.send(message, **rest))
    return found


@pytest.fixture
def sending(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def posted(sending, *addresses: str, subject: str = "Hello", body: str = SECRET) -> None:
    with sending():
        post(addresses or [TO], subject, body)


def received() -> list[str]:
    return [message.to[0] for message in mail.outbox]


# Not sent


def test_nothing_is_kept_or_sent_when_the_transaction_is_undone(db, sending):
    with sending(), transaction.atomic():
        post([TO], "Hello", SECRET)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not PendingMail.objects.exists()


def test_nothing_is_sent_before_the_transaction_is_kept(db, sending):
    with sending():
        post([TO], "Hello", SECRET)
        assert mail.outbox == []
        assert PendingMail.objects.get().to == TO
    assert received() == [TO]


# Sent once


def test_a_mail_that_left_leaves_nothing_behind(db, sending, settings):
    settings.DEFAULT_FROM_EMAIL = "Harbor Lane <hello@clinic.example>"
    posted(sending, TO, "other@clinic.example")
    assert received() == [TO, "other@clinic.example"]
    assert [len(message.recipients()) for message in mail.outbox] == [1, 1]
    assert mail.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL
    assert mail.outbox[0].body == SECRET
    assert not PendingMail.objects.exists()
    assert send_pending() == (0, 0)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\u2028", "\x0b"])
def test_a_subject_has_one_line(db, sending, line_end):
    posted(sending, subject=f"Hello{line_end}Bcc: all@example.org {'long ' * 100}")
    (message,) = mail.outbox
    assert message.subject.startswith("Hello Bcc: all@example.org long")
    assert len(message.subject) <= 200
    assert len(message.message().as_string().partition("\n\n")[0].split("Bcc: ")) == 2


@pytest.mark.django_db(transaction=True)
def test_of_several_that_send_the_same_mail_one_does(server):
    mails = [PendingMail.objects.create(to=TO, subject="s", body="b", made_at=timezone.now()).pk for _ in range(3)]
    results = together(*(lambda: [send_one(pk) for pk in mails] for _ in range(4)))
    assert sorted(done for result in results for done in result) == [False] * 9 + [True] * 3
    assert len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_the_command_at_once_send_each_mail_once(server):
    for number in range(6):
        PendingMail.objects.create(to=f"{number}@clinic.example", subject="s", body="b", made_at=timezone.now())
    results = together(send_pending, send_pending)
    assert sum(sent for sent, _waiting in results) == 6
    assert sorted(received()) == [f"{number}@clinic.example" for number in range(6)]


def test_a_second_attempt_has_the_number_of_the_first(db, sending, server, settings):
    settings.SITE_URL = "https://guides.example.org:8443"
    server.failure = smtplib.SMTPServerDisconnected()
    numbers = []
    server.send = lambda message, **_ignored: (
        numbers.append(message.extra_headers["Message-ID"]) or _raise(TimeoutError())
    )
    posted(sending, TO, "other@clinic.example")
    send_pending()
    assert len(numbers) == 4
    assert len(set(numbers)) == 2
    assert all(number.endswith("@guides.example.org>") for number in numbers)


def _raise(error: Exception) -> None:
    raise error


# A mail server that fails

FAILURES = [
    ConnectionRefusedError(),
    TimeoutError(),
    smtplib.SMTPServerDisconnected(),
    smtplib.SMTPAuthenticationError(535, b"no"),
    smtplib.SMTPRecipientsRefused({TO: (550, SECRET.encode())}),
    ValueError("an address with a line feed"),
    UnicodeError("an address that cannot be written"),
    RuntimeError("a fault in a mail backend"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_mail_that_fails_waits_and_leaves_later(db, sending, server, failure, caplog):
    server.failure = failure
    posted(sending)
    waiting = PendingMail.objects.get()
    assert (waiting.claimed_at, waiting.attempts) == (None, 1)
    assert send_pending() == (0, 1)
    assert PendingMail.objects.get().attempts == 2
    server.failure = None
    assert send_pending() == (1, 0)
    assert received() == [TO]
    assert mail.outbox[0].body == SECRET
    for secret in (TO, SECRET, "Hello"):
        assert secret not in caplog.text
    assert f"could not be sent: {type(failure).__name__}" in caplog.text


def test_one_address_that_no_mail_can_go_to_keeps_no_other_from_theirs(db, sending, server):
    server.failure, server.refuses = ValueError(), ("bad@clinic.example",)
    posted(sending, "bad@clinic.example", TO)
    assert received() == [TO]
    PendingMail.objects.update(attempts=9)
    PendingMail.objects.create(to="new@clinic.example", subject="s", body="b", made_at=timezone.now())
    assert send_pending() == (1, 1)
    assert received() == [TO, "new@clinic.example"]


def test_whoever_waits_for_a_page_does_not_wait_for_every_mail(db, sending, server, monkeypatch):
    moments = iter([0, 1, mailing.PATIENCE_SECONDS + 1, mailing.PATIENCE_SECONDS + 11])
    monkeypatch.setattr(mailing.time, "monotonic", lambda: next(moments))
    posted(sending, "a@clinic.example", "b@clinic.example", "c@clinic.example")
    monkeypatch.undo()
    assert server.asked == 1
    assert PendingMail.objects.count() == 2
    assert send_pending() == (2, 0)


def test_a_mail_whose_sender_died_is_free_again_after_a_while(db, sending, server):
    server.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        posted(sending)
    server.failure = None
    assert send_pending() == (0, 1)
    with time_machine.travel(timezone.now() + CLAIM + timedelta(seconds=1), tick=False):
        assert send_pending() == (1, 0)


def test_a_row_that_cannot_be_deleted_after_its_mail_left_is_not_sent_again_at_once(db, sending, server, monkeypatch):
    def locked(mail: PendingMail) -> None:
        raise DatabaseError

    monkeypatch.setattr(PendingMail, "delete", locked)
    posted(sending)
    monkeypatch.undo()
    assert send_pending() == (0, 1)
    assert server.asked <= 1


# Given up


def test_a_mail_is_given_up_only_after_days_and_many_attempts(db, sending, server, caplog):
    server.failure = ConnectionRefusedError()
    posted(sending)
    PendingMail.objects.update(attempts=MOST_ATTEMPTS * 3)
    assert send_pending() == (0, 1)
    with time_machine.travel(timezone.now() + LONGEST + timedelta(hours=1), tick=False):
        PendingMail.objects.update(attempts=3)
        assert send_pending() == (0, 1)
        PendingMail.objects.update(attempts=MOST_ATTEMPTS)
        caplog.clear()
        assert send_pending() == (0, 0)
    assert "is given up after" in caplog.text
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    for secret in (TO, SECRET, "Hello"):
        assert secret not in caplog.text


# The command


def run() -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("send_pending", stdout=out)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


def test_the_command_says_how_many_left_and_ends_with_1_when_some_wait(db, sending, server):
    assert run() == ("Sent: 0. Still waiting: 0.\n", 0)
    server.failure = ConnectionRefusedError()
    posted(sending, TO, "other@clinic.example")
    server.refuses = (TO,)
    said, code = run()
    assert said.startswith("Sent: 1. Still waiting: 1.\n")
    assert "EMAIL_URL" in said
    assert code == 1
    server.failure = None
    assert run() == ("Sent: 1. Still waiting: 0.\n", 0)
