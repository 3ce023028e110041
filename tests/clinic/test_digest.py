"""The mail of what waits: to whom it does not go, that it goes once, what it says and what it never says."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from clinic import actions
from clinic.actions import digest
from clinic.actions.digest import digest_of
from clinic.models import Clinic, User
from education.actions import give_back
from education.models import PendingMail
from tests import builders
from tests.clinic import asking
from tests.education.desk import signed_in, url

# Nine in the morning in New York, on a Monday.
MONDAY = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.SITE_URL = "https://guides.example.org"
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def waiting(guide, cast):
    """An edition waits for the reviewers and the owner; an own wish of the clinic's name."""
    Clinic(pk=1, name="Harbor Lane").save()
    edition = builders.submitted(guide, cast["author"], "Numbness lasts longer.")
    PendingMail.objects.all().delete()
    return edition


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Run the command; return who got which subject, and what was written."""

    def run(*options: str) -> tuple[dict[str, str], str]:
        mail.outbox.clear()
        out = io.StringIO()
        with django_capture_on_commit_callbacks(execute=True):
            call_command("send_digest", *options, stdout=out)
        return {one.to[0].partition("@")[0]: one.subject for one in mail.outbox}, out.getvalue()

    return run


# To whom it does not go


def test_nobody_for_whom_nothing_waits_gets_a_mail(guide, cast, sent):
    builders.published(guide, cast)
    assert sent() == ({}, "Mails: 0.\n")
    assert not User.objects.exclude(digest_sent_on=None).exists()


@pytest.mark.parametrize("facts", [{"is_active": False}, {"wants_digest": False}, {"email": ""}])
def test_only_active_accounts_with_an_address_that_want_it_get_it(waiting, cast, sent, facts):
    User.objects.filter(pk=cast["reviewer"].pk).update(**facts)
    assert set(sent()[0]) == {"second", "owner"}


def test_what_is_under_way_or_scheduled_alone_is_no_reason_for_a_mail(waiting, cast, sent):
    assert "author" not in sent()[0]
    assert digest_of(cast["author"]) is None


def test_a_trial_sends_nothing_and_says_who_would_get_what(waiting, cast, sent):
    found, said = sent("--dry-run")
    assert found == {}
    assert "reviewer <reviewer@clinic.example>: 1 thing waits for you at Harbor Lane\n" in said
    assert said.endswith("Would be sent: 3.\n")
    assert not PendingMail.objects.exists()
    assert not User.objects.exclude(digest_sent_on=None).exists()


# Once a day


def test_one_mail_a_day_in_the_clinic_s_calendar_and_once_more_when_asked(waiting, cast, sent):
    subject = "1 thing waits for you at Harbor Lane"
    everybody = {"reviewer": subject, "second": subject, "owner": subject}
    found, said = sent()
    assert found == everybody
    assert said.startswith("Mails: 3.\n")
    assert sent() == ({}, "Mails: 0.\n")
    assert set(sent("--again")[0]) == set(everybody)
    # Eleven at night in New York is the next day elsewhere, and the same day here.
    with time_machine.travel(MONDAY + timedelta(hours=14), tick=False):
        assert sent()[0] == {}
    with time_machine.travel(MONDAY + timedelta(hours=16), tick=False):
        assert set(sent()[0]) == set(everybody)


def test_a_mail_is_made_once_however_many_runs_there_are_between(waiting, cast, sent, monkeypatch):
    composed = digest.digest_of

    def slow(person, now=None):
        # Another run comes first, every time.
        found = composed(person, now)
        User.objects.filter(pk=person.pk).update(digest_sent_on=timezone.localdate())
        return found

    monkeypatch.setattr(digest, "digest_of", slow)
    assert sent()[0] == {}


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_mail_to_each(waiting, cast):
    mail.outbox.clear()
    results: list[object] = []
    barrier = threading.Barrier(2, timeout=60)

    def run() -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results.append(len([one for _, one, _ in actions.send_digests() if one]))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(results) == 3, results
    assert sorted(one.to[0] for one in mail.outbox) == [
        "owner@clinic.example", "reviewer@clinic.example", "second@clinic.example",
    ]  # fmt: skip


# When something fails


def test_somebody_whose_mail_fails_does_not_stop_the_others(waiting, cast, sent, monkeypatch):
    composed = digest.digest_of

    def torn(person, now=None):
        if person.username == "owner":
            raise ValueError("a torn row")
        return composed(person, now)

    monkeypatch.setattr(digest, "digest_of", torn)
    with pytest.raises(CommandError, match="No mail could be made for 1") as failure:
        sent()
    assert failure.value.returncode == 1
    days = dict(User.objects.values_list("username", "digest_sent_on"))
    assert days["owner"] is None
    assert days["reviewer"] == days["second"] == timezone.localdate()


def test_a_mail_server_that_is_down_loses_no_mail(waiting, cast, sent, settings):
    settings.EMAIL_BACKEND = "tests.clinic.test_digest.Nowhere"
    assert sent()[0] == {}
    assert PendingMail.objects.count() == 3
    assert "Not taken by the mail server yet: 3. The command send_pending tries again." in sent()[1]


class Nowhere:
    """A mail server that does not answer."""

    def __init__(self, **kwargs: object) -> None:
        pass

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError


# What it says


def test_it_says_how_much_waits_in_the_order_of_the_desk_with_links(waiting, guide, cast):
    other = builders.guide(cast["author"], title="Warm therapy", slug="warm-therapy")
    urgent = builders.submitted(other, cast["author"], "The dose.", urgent_reason="A dose was wrong.")
    found = digest_of(cast["reviewer"])
    assert found.things == 2
    assert found.subject == "2 things wait for you at Harbor Lane"
    lines = found.body.splitlines()
    assert lines[0] == "Hello Rae,"
    assert lines[2:4] == ["2 things wait for you. Sign in to see it:", "https://guides.example.org/admin/"]
    first = lines.index("URGENT CORRECTIONS FOR YOU TO REVIEW (1)")
    assert first < lines.index("WAITING FOR YOUR REVIEW (1)")
    assert f"  https://guides.example.org/admin/education/edition/{urgent.pk}/change/" in lines
    assert any(line.startswith("- Cold therapy, edition 1: submitted by Ada Author just now.") for line in lines)
    assert "ask the owner of the site" in lines[-1]
    assert "\xa0" not in found.body


def test_what_came_back_is_named_with_its_comments_and_not_with_their_words(waiting, cast):
    comment = {"page": None, "slug": "", "title": "The whole guide", "place": "", "line": None, "entry": None}
    comments = [{**comment, "quote": "", "words": "Say it plainer."}]
    give_back(waiting, by=cast["reviewer"], note="Too long.", comments=comments)
    body = digest_of(cast["author"]).body
    assert "RETURNED TO YOU (1)" in body
    assert f"  1 comment: https://guides.example.org/admin/education/guide/{waiting.guide_id}/change/#comments" in body
    assert "plainer" not in body


def test_no_word_of_a_visitor_is_in_it(guide, cast):
    edition = builders.published(guide, cast)
    builders.reported(edition, "My doctor says twelve.", email="reader@patient.example", page="side-effects")
    row = asking.request(name="Zuzana Patientova", message="Please call after my shift.")
    for who, things in (("owner", 2), ("author", 1), ("front_desk", 1)):
        found = digest_of(cast[who])
        assert found.things == things
        for words in ("Zuzana", "zuzana", "shift", "doctor says", "reader@", row.key):
            assert words not in found.subject + found.body
    assert "New requests: 1" in digest_of(cast["front_desk"]).body
    assert "REPORTS OF MISTAKES (1)" in digest_of(cast["author"]).body


def test_requests_are_counted_once_each(cast):
    asking.request()
    asking.request()
    actions.purge(now=timezone.now() + timedelta(days=151))
    body = digest_of(cast["front_desk"]).body
    assert "REQUESTS FOR A CONSULTATION (2)" in body
    for line in ("- Waiting too long: 2: late", "- New requests: 2", "- Erased soon: 2"):
        assert line in body


# Who wants it


def test_the_owner_stops_it_on_the_screen_of_the_account(waiting, cast):
    client, address = signed_in(cast["owner"]), url("clinic_user_change", cast["reviewer"].pk)
    shown = client.get(address)
    assert "at most one mail a day" in shown.content.decode()
    form = shown.context["adminform"].form
    typed = {name: form[name].value() for name in ("username", "first_name", "last_name", "email", "job_title")}
    kept = {**typed, "is_active": "on", "groups": [group.pk for group in cast["reviewer"].groups.all()]}
    assert client.post(address, kept).status_code == 302
    assert not User.objects.get(pk=cast["reviewer"].pk).wants_digest
    assert client.post(address, {**kept, "wants_digest": "on"}).status_code == 302
    assert User.objects.get(pk=cast["reviewer"].pk).wants_digest
    assert 'name="wants_digest"' in client.get(url("clinic_user_add")).content.decode()
