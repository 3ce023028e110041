"""Mail about editions: who gets it, and that neither a mail nor its failure does any harm."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from education import actions
from education.actions import notices
from education.models import Edition
from tests import builders

REVIEWERS = ["owner@clinic.example", "reviewer@clinic.example", "second@clinic.example"]


@pytest.fixture
def sending(django_capture_on_commit_callbacks):
    """Run what waits for the end of the transaction, as a real commit does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def _received() -> list[str]:
    assert all(len(message.recipients()) == 1 for message in mail.outbox)
    return sorted(message.recipients()[0] for message in mail.outbox)


def _submitted(guide, cast, sending, **more: str) -> Edition:
    with sending():
        return builders.submitted(guide, cast["author"], **more)


# Who gets none


def test_nothing_is_sent_when_the_transaction_is_rolled_back(guide, cast, sending):
    with sending(), transaction.atomic():
        builders.submitted(guide, cast["author"])
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Edition.objects.exists()


def test_nothing_is_sent_when_the_submission_is_refused(guide, cast, sending):
    builders.write(guide, cast["author"], "preparation", "[@no-such-key]")
    with sending(), pytest.raises(actions.Blocked):
        builders.submitted(guide, cast["author"])
    assert mail.outbox == []


def test_nothing_is_sent_before_the_end_of_the_transaction(guide, cast, sending):
    with sending():
        builders.submitted(guide, cast["author"])
        assert mail.outbox == []
    assert mail.outbox


def test_whoever_submitted_is_inactive_has_no_address_or_may_not_review_gets_none(guide, cast, sending):
    cast["author"].groups.add(*cast["reviewer"].groups.all())
    for name, facts in (("gone", {"is_active": False}), ("silent", {"email": ""})):
        person = builders.person(name, "Reviewers")
        type(person).objects.filter(pk=person.pk).update(**facts)
    _submitted(guide, cast, sending)
    assert _received() == REVIEWERS


def test_a_reviewer_in_two_ways_gets_one_mail(guide, cast, sending):
    cast["owner"].groups.add(*cast["reviewer"].groups.all())
    _submitted(guide, cast, sending)
    assert _received() == REVIEWERS


def test_a_submitter_who_left_or_has_no_address_or_decided_alone_gets_none(guide, cast, sending, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    author = cast["author"]
    for facts in ({"is_active": False}, {"is_active": True, "email": ""}):
        edition = builders.submitted(guide, author)
        type(author).objects.filter(pk=author.pk).update(**facts)
        with sending():
            actions.give_back(Edition.objects.get(pk=edition.pk), by=cast["reviewer"], note="No.")
    type(author).objects.filter(pk=author.pk).update(email="author@clinic.example")
    edition = builders.submitted(guide, cast["owner"])
    with sending():
        actions.approve(edition, by=cast["owner"], judged=edition.content_hash)
    assert mail.outbox == []


# What is sent


def test_reviewers_are_told_what_changed_and_where_to_decide(guide, cast, sending, settings):
    edition = _submitted(guide, cast, sending, what_changed="The dose & the “days”.")
    message = mail.outbox[0]
    assert message.subject == "Cold therapy, edition 1 waits for your review"
    assert "What changed: The dose & the “days”." in message.body
    assert f"{settings.SITE_URL}/admin/education/edition/{edition.pk}/change/" in message.body
    assert "urgent" not in message.body.lower()


def test_an_urgent_submission_says_so_in_its_first_line(guide, cast, sending):
    _submitted(guide, cast, sending, urgent_reason="A wrong dose.")
    assert mail.outbox[0].subject == "Urgent: Cold therapy, edition 1 waits for your review"
    assert mail.outbox[0].body.startswith("This is an urgent correction: A wrong dose.\n")
    assert "decide at once" in mail.outbox[0].body


@pytest.mark.parametrize("decision", ["approved", "returned"])
def test_the_submitter_alone_is_told_of_a_decision(guide, cast, sending, decision):
    edition = builders.submitted(guide, cast["author"])
    with sending():
        if decision == "approved":
            actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash, note="Well written.")
        else:
            actions.give_back(edition, by=cast["reviewer"], note="Well written.")
    (message,) = mail.outbox
    assert message.recipients() == ["author@clinic.example"]
    assert message.subject == f"Cold therapy, edition 1: {decision}"
    assert "Rae Reviewer decided" in message.body
    assert "Well written." in message.body


def test_a_colleague_who_takes_an_edition_back_is_named_to_the_submitter(guide, cast, sending):
    edition = builders.submitted(guide, cast["author"])
    with sending():
        actions.take_back(edition, by=cast["colleague"])
    assert mail.outbox[0].subject == "Cold therapy, edition 1: taken back"


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\u2028", "\x0b", "\x85"])
def test_a_title_cannot_add_a_header(guide, cast, sending, line_end):
    title = f"Cold{line_end}Bcc: everybody@example.org{line_end}{line_end}Body"
    actions.save_guide(guide, by=cast["author"], title=title)
    _submitted(guide, cast, sending)
    assert _received() == REVIEWERS
    for message in mail.outbox:
        assert message.subject == "Cold Bcc: everybody@example.org Body, edition 1 waits for your review"
        assert message.message()["Bcc"] is None


# Failures


@pytest.mark.parametrize(
    "failure",
    [
        OSError("no route"),
        ConnectionRefusedError(),
        smtplib.SMTPRecipientsRefused({}),
        smtplib.SMTPServerDisconnected(),
        ValueError("an address with a line feed"),
        UnicodeError("an address that cannot be written"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_mail_that_fails_stops_neither_the_submission_nor_the_mails_to_others(
    guide, cast, sending, monkeypatch, caplog, failure
):
    def send_messages(self, messages):
        if messages[0].recipients() == [REVIEWERS[0]]:
            raise failure
        return EmailBackend.send_messages(self, messages)

    class Failing(EmailBackend):
        pass

    Failing.send_messages = send_messages
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend", Failing)
    edition = _submitted(guide, cast, sending)
    assert Edition.objects.get() == edition
    assert _received() == REVIEWERS[1:]


def test_an_address_that_no_mail_can_go_to_does_not_keep_the_others_from_theirs(guide, cast, sending):
    owner = cast["owner"]
    type(owner).objects.filter(pk=owner.pk).update(email="owner@clinic.example\nBcc: all@example.org")
    _submitted(guide, cast, sending)
    assert _received() == REVIEWERS[1:]


def test_any_other_fault_in_a_notice_stops_nothing_either(guide, cast, sending, monkeypatch):
    def broken(*args: object) -> None:
        raise RuntimeError("a template that is gone")

    monkeypatch.setattr(notices, "_send", broken)
    edition = _submitted(guide, cast, sending)
    with sending():
        actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert edition.reviews.count() == 1
