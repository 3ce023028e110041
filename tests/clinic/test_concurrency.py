"""Several at once, each with a connection of their own: one row, one step, nothing lost."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.models import ConsultationRequest, ErasedRequest
from education.actions import ChangedMeanwhile
from education.models import AuditLine, PendingMail, What
from education.rules import FRONT_DESK, WrongState
from tests import builders
from tests.clinic import asking
from tests.education.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_at_the_same_moment_makes_one_row_and_both_see_that_it_was_sent(monkeypatch):
    monkeypatch.setattr("education.actions.visitors.MOST_FROM_ONE", 99)
    one = asking.page()
    answers = together(*(lambda: asking.send(Client(), page=one) for _ in range(6)))
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, asking.SENT)] * 6
    assert ConsultationRequest.objects.count() == 1


def test_the_same_key_from_many_threads_is_told_of_once():
    builders.cast()
    key = secrets.token_hex(16)

    def ask() -> ConsultationRequest:
        return asking.request(key=key)

    results = together(*[ask] * 6)
    made = [result for result in results if isinstance(result, ConsultationRequest)]
    assert len(made) == 1
    # The builder takes what was sent before for a fault.
    assert {type(result) for result in results} == {ConsultationRequest, AssertionError}
    assert PendingMail.objects.count() <= 1


def test_different_visitors_at_once_all_get_in():
    results = together(*(lambda: asking.send(Client()) for _ in range(5)))
    assert [answer.status_code for answer in results] == [302] * 5
    assert ConsultationRequest.objects.count() == 5


def test_of_two_people_who_take_a_request_at_once_one_has_it_and_the_other_is_told():
    people = [builders.person(f"desk-{number}", FRONT_DESK) for number in range(2)]
    row = asking.request()
    results = together(*(lambda by=by: actions.assign(row, by=by, seen=0) for by in people))
    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == 1
    assert row.steps.count() == 1
    row.refresh_from_db()
    assert row.assigned_to == row.steps.get().made_by


def test_no_note_of_several_people_is_lost():
    people = [builders.person(f"desk-{number}", FRONT_DESK) for number in range(4)]
    row = asking.request()
    results = together(*(lambda by=by: actions.add_note(row, by=by, note=f"By {by}") for by in people))
    assert not [result for result in results if isinstance(result, Exception)]
    assert set(row.steps.values_list("note", flat=True)) == {f"By {by}" for by in people}


def test_of_closing_twice_at_once_one_counts():
    people = [builders.person(f"desk-{number}", FRONT_DESK) for number in range(2)]
    row = asking.request()
    results = together(*(lambda by=by: actions.close(row, by=by, outcome="came") for by in people))
    assert sum(isinstance(result, WrongState) for result in results) == 1
    assert row.steps.count() == 1


def test_two_purges_at_once_erase_each_request_once():
    desk = builders.person("desk", FRONT_DESK)
    for _ in range(5):
        actions.close(asking.request(), by=desk, outcome="came")
    later = timezone.now() + timedelta(days=91)
    results = together(*(lambda: actions.purge(now=later) for _ in range(2)))
    assert not [result for result in results if isinstance(result, Exception)], results
    assert sum(result.erased.total() for result in results) == ErasedRequest.objects.count() == 5
    assert not ConsultationRequest.objects.exists()


@contextlib.contextmanager
def nobody_can_write() -> Iterator[None]:
    """Hold what the audit log needs, with a connection of its own."""
    other = connection.copy()
    held = "BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN; LOCK TABLE education_auditline"
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute(held)
        yield
        cursor.execute("ROLLBACK")


def test_opening_a_request_waits_for_nobody_who_writes_and_the_servers_log_has_it(caplog):
    desk = builders.cast()["front_desk"]
    row, client = asking.request(), Client()
    client.force_login(desk)
    with nobody_can_write():
        begun = time.monotonic()
        answer = client.get(f"/admin/clinic/consultationrequest/{row.pk}/change/")
        assert time.monotonic() - begun < 5
    assert answer.status_code == 200
    assert f"request {row.pk} was opened by account {desk.pk} without a line" in caplog.text
    assert not AuditLine.objects.filter(what=What.REQUEST_OPENED).exists()
    client.get(f"/admin/clinic/consultationrequest/{row.pk}/change/")
    assert AuditLine.objects.filter(what=What.REQUEST_OPENED).exists()


def test_the_list_of_requests_opens_while_nobody_can_write():
    client = Client()
    client.force_login(builders.cast()["front_desk"])
    old = asking.request()
    ConsultationRequest.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=400))
    with nobody_can_write():
        begun = time.monotonic()
        assert client.get("/admin/clinic/consultationrequest/").status_code == 200
        assert time.monotonic() - begun < 10
