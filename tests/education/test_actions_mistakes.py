"""A report of a mistake from its reader to its end: who may, in which state, what is kept and what is erased."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.models import User
from education import actions
from education.actions.mistakes import ADDRESS_KEPT, erase_old_addresses
from education.actions.refusals import Refused
from education.actions.visitors import MOST_FROM_ONE, TooMany
from education.models import LONGEST_REPORT, Edition, MistakeReport, PendingMail, VisitorCount
from education.rules import NotPermitted, WrongState
from tests import builders, public
from tests.education.test_concurrency import together

State, Outcome = MistakeReport.State, MistakeReport.Outcome
READER = "ada@example.org"
STAFF = ["author@clinic.example", "colleague@clinic.example", "librarian@clinic.example", "owner@clinic.example"]
STAFF += ["reviewer@clinic.example", "second@clinic.example"]
NOBODY = ["front_desk", "outsider"]


@pytest.fixture
def report(live) -> MistakeReport:
    return builders.reported(live, page="side-effects", email=READER)


@pytest.fixture
def sending(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def fresh(report: MistakeReport) -> MistakeReport:
    return MistakeReport.objects.get(pk=report.pk)


# Report


def test_an_edition_that_patients_never_read_has_no_mistakes_to_report(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    with pytest.raises(Refused, match="never read"):
        builders.reported(edition)
    assert not VisitorCount.objects.exists()


@pytest.mark.parametrize("words", ["", " \n ", "x" * (LONGEST_REPORT + 1)])
def test_a_report_without_words_or_with_too_many_is_refused(live, words):
    with pytest.raises(Refused) as refusal:
        builders.reported(live, words)
    assert refusal.value.field == "words"
    assert not MistakeReport.objects.exists()


def test_a_page_that_the_edition_has_not_is_refused(live):
    with pytest.raises(Refused, match="no such page"):
        builders.reported(live, page="cost")


def test_too_many_reports_from_one_address_are_refused_and_kept_count_of(live):
    for _ in range(MOST_FROM_ONE):
        builders.reported(live, address="203.0.113.7")
    with pytest.raises(TooMany):
        builders.reported(live, address="203.0.113.7")
    assert MistakeReport.objects.count() == MOST_FROM_ONE
    assert VisitorCount.objects.exclude(sender="").get().count == MOST_FROM_ONE + 1


def test_the_same_page_sent_again_is_the_same_report_and_counts_once(live, sending):
    with sending():
        first = builders.reported(live, "First.", key="a" * 32, address="203.0.113.7")
        second = builders.reported(live, "Second.", key="a" * 32, address="203.0.113.7")
    assert first == second
    assert MistakeReport.objects.get().words == "First."
    assert VisitorCount.objects.get(sender="").count == 1
    assert len(mail.outbox) == len(STAFF)


def test_of_many_clicks_at_once_none_is_told_that_nothing_was_kept(live, monkeypatch):
    key = "a" * 32

    def the_others_came_first(form: str, address: str) -> None:
        facts = {"key": key, "words": "Wrong.", "made_at": timezone.now()}
        MistakeReport.objects.create(edition=live, **facts)
        raise TooMany("Too many.")

    monkeypatch.setattr("education.actions.mistakes.count_sending", the_others_came_first)
    assert actions.report_mistake(live, key=key, words="Wrong.") == MistakeReport.objects.get()


def test_a_withdrawn_edition_can_still_be_reported_on(live, cast):
    actions.withdraw(live, by=cast["author"], reason="Wrong.")
    assert builders.reported(live).edition == live


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_one_report_and_one_mail_each():
    cast = builders.cast()
    live = builders.published(builders.guide(cast["author"]), cast)
    mail.outbox.clear()
    results = together(*(lambda: builders.reported(live, key="b" * 32, address="203.0.113.7") for _ in range(4)))
    assert {one.pk for one in results} == {MistakeReport.objects.get().pk}
    assert sorted(message.to[0] for message in mail.outbox) == STAFF
    assert not PendingMail.objects.exists()


# Who hears of it


def test_editors_and_reviewers_are_told_where_it_is_and_not_what_it_says(live, cast, sending, settings):
    User.objects.filter(username="second").update(is_active=False)
    User.objects.filter(username="colleague").update(email="")
    with sending():
        report = builders.reported(live, "It says ten.", email=READER)
    gone = ("second@clinic.example", "colleague@clinic.example")
    assert sorted(message.to[0] for message in mail.outbox) == [one for one in STAFF if one not in gone]
    message = mail.outbox[0]
    assert message.subject == "A reader reported a mistake"
    assert "“Cold therapy”, edition 1" in message.body
    assert f"{settings.SITE_URL}/admin/education/mistakereport/{report.pk}/change/" in message.body
    assert "ten" not in message.body
    assert READER not in message.body


def test_a_mail_server_that_is_down_loses_neither_the_report_nor_its_mail(live, cast, sending, monkeypatch):
    def down(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    with sending():
        builders.reported(live)
    monkeypatch.undo()
    assert MistakeReport.objects.count() == 1
    call_command("send_pending", stdout=io.StringIO())
    assert sorted(message.to[0] for message in mail.outbox) == STAFF


# Answer


@pytest.mark.parametrize("who", NOBODY)
def test_only_who_works_on_reports_answers_and_closes_them(report, cast, who):
    for act, facts in ((actions.answer_report, {"answer": "Yes."}), (actions.close_report, {"outcome": "mended"})):
        with pytest.raises(NotPermitted):
            act(report, by=cast[who], **facts)
        with pytest.raises(NotPermitted):
            act(report, by=User(username="closed", is_superuser=True, is_active=False), **facts)
    assert fresh(report).state == State.NEW


@pytest.mark.parametrize("answer", ["", " \n", "x" * (LONGEST_REPORT + 1)])
def test_an_answer_without_words_or_with_too_many_is_refused(report, cast, answer):
    with pytest.raises(Refused) as refusal:
        actions.answer_report(report, by=cast["author"], answer=answer)
    assert refusal.value.field == "answer"


def test_an_answer_goes_to_the_reader_once_and_says_who_gave_it(report, cast, sending, settings):
    public.whole_clinic(cast["owner"])
    with sending():
        actions.answer_report(report, by=cast["reviewer"], answer="You are right.\n\nWe mend it.")
    (message,) = mail.outbox
    assert message.to == [READER]
    assert message.subject == "Our answer to your report of a mistake"
    assert "our guide “Cold therapy”" in message.body
    assert "You are right.\n\nWe mend it." in message.body
    assert f"{settings.SITE_URL}/guides/cold-therapy/" in message.body
    assert "(202) 555-0142" in message.body
    assert "Twelve" not in message.body
    kept = fresh(report)
    assert (kept.state, kept.answered_by, kept.answered_by_name) == (State.ANSWERED, cast["reviewer"], "Rae Reviewer")
    assert kept.answered_by_mail
    with pytest.raises(WrongState, match="Rae Reviewer has answered"):
        actions.answer_report(report, by=cast["author"], answer="Once more.")
    assert len(mail.outbox) == 1


def test_without_an_address_the_answer_is_kept_and_nothing_is_sent(live, cast, sending):
    report = builders.reported(live)
    with sending():
        actions.answer_report(report, by=cast["author"], answer="Noted.")
    assert mail.outbox == []
    assert (fresh(report).answer, fresh(report).answered_by_mail) == ("Noted.", False)


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_goes_out():
    cast = builders.cast()
    live = builders.published(builders.guide(cast["author"]), cast)
    report = builders.reported(live, email=READER)
    mail.outbox.clear()
    results = together(
        lambda: actions.answer_report(report, by=cast["author"], answer="By Ada."),
        lambda: actions.answer_report(report, by=cast["reviewer"], answer="By Rae."),
    )
    assert sorted(type(one).__name__ for one in results) == ["MistakeReport", "WrongState"]
    assert [message.to for message in mail.outbox] == [[READER]]
    assert fresh(report).answer in mail.outbox[0].body


# Close


def test_a_report_is_closed_with_what_came_of_it_and_the_address_goes(report, cast):
    for outcome in ("", "perhaps"):
        with pytest.raises(Refused, match="Choose what came of this report"):
            actions.close_report(report, by=cast["author"], outcome=outcome)
    actions.answer_report(report, by=cast["reviewer"], answer="Yes.")
    actions.close_report(report, by=cast["author"], outcome=Outcome.MENDED)
    kept = fresh(report)
    assert (kept.state, kept.outcome, kept.email) == (State.CLOSED, "mended", "")
    assert (kept.closed_by_name, kept.answered_by_name) == ("Ada Author", "Rae Reviewer")
    assert kept.words == "Twelve, not ten."
    for act, facts in ((actions.answer_report, {"answer": "No."}), (actions.close_report, {"outcome": "no-report"})):
        with pytest.raises(WrongState, match="Ada Author has closed this report already"):
            act(report, by=cast["author"], **facts)


def test_nothing_of_a_report_is_logged(live, cast, caplog, sending):
    with caplog.at_level("DEBUG", logger="education"), sending():
        report = builders.reported(live, "It says ten.", email=READER, address="203.0.113.7")
        actions.answer_report(report, by=cast["author"], answer="Twelve it is.")
        actions.close_report(report, by=cast["author"], outcome="mended")
        logged = caplog.text
    for secret in ("ten.", READER, "203.0.113.7", "Twelve"):
        assert secret not in logged
    assert [line.message.partition(" by ")[0] for line in caplog.records if line.name.endswith("mistakes")] == [
        f"mistake report {report.pk} made on edition {live.pk}",
        f"mistake report {report.pk} answered",
        f"mistake report {report.pk} closed as mended",
    ]


# How long an address is kept


def test_the_address_of_a_report_that_nobody_closed_goes_after_180_days_and_the_report_waits_on(report, cast, caplog):
    with time_machine.travel(report.made_at + ADDRESS_KEPT - timedelta(minutes=1), tick=False):
        assert erase_old_addresses() == 0
    with time_machine.travel(report.made_at + ADDRESS_KEPT + timedelta(minutes=1), tick=False):
        recent = builders.reported(report.edition, email="new@example.org")
        assert fresh(report).email == ""
        assert fresh(recent).email == "new@example.org"
        assert list(MistakeReport.objects.open()) == [recent, report]
        actions.answer_report(report, by=cast["author"], answer="Late.")
    assert not fresh(report).answered_by_mail
    assert not PendingMail.objects.filter(to=READER).exists()


def test_the_command_that_sends_mail_erases_old_addresses_and_counts_too(report):
    with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
        call_command("send_pending", stdout=io.StringIO())
    assert fresh(report).email == ""
    assert not VisitorCount.objects.exists()


# What the database holds


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("mistake_report_not_empty", {"words": ""}),
        ("mistake_report_answered_by_somebody", {"answer": "Yes."}),
        ("mistake_report_answered_by_somebody", {"answered_at": timezone.now()}),
        ("mistake_report_state_fits_answer", {"state": "answered"}),
        ("mistake_report_state_fits_answer", {"state": "lost"}),
        ("mistake_report_closed_with_outcome", {"state": "closed"}),
        ("mistake_report_closed_with_outcome", {"outcome": "mended"}),
        ("mistake_report_closed_with_outcome", {"closed_at": timezone.now()}),
    ],
)
def test_a_report_that_makes_no_sense_is_refused_by_the_database(report, constraint, facts):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MistakeReport.objects.filter(pk=report.pk).update(**facts)


def test_a_closed_report_cannot_keep_an_address(report, cast):
    actions.close_report(report, by=cast["author"], outcome="mended")
    with pytest.raises(IntegrityError), transaction.atomic():
        MistakeReport.objects.filter(pk=report.pk).update(email=READER)


def test_the_inbox_has_new_ones_first_and_of_these_what_waits_longest(live, cast):
    rows = []
    for hours in range(6):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            rows.append(builders.reported(live))
    for row in rows[:4]:
        if row is not rows[1]:
            actions.answer_report(row, by=cast["author"], answer="Yes.")
    for row in rows[2:4]:
        actions.close_report(row, by=cast["author"], outcome="mended")
    assert list(MistakeReport.objects.for_inbox()) == [rows[1], rows[4], rows[5], rows[0], rows[3], rows[2]]
    assert {one.where for one in MistakeReport.objects.for_inbox()} == {"the whole guide"}


def test_a_report_names_the_page_as_its_edition_has_it(report, guide, cast):
    page = guide.pages.get(slug="side-effects")
    facts = {"base": None, "title": "What can go wrong", "slug": "harms", "markdown": page.markdown}
    actions.save_page(page, by=cast["author"], **facts)
    builders.published(guide, cast, what_changed="A name.")
    assert MistakeReport.objects.for_inbox().get().where == "Side effects"
    assert Edition.objects.live().get() != report.edition
