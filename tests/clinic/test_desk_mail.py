"""Mail to the front desk: that something came, where it is, and nothing of who asked or what for."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import DatabaseError

from clinic.models import ConsultationRequest
from education.models import PendingMail
from tests import public
from tests.clinic import asking
from tests.clinic.asking import TYPED, send


@pytest.fixture
def clinic(cast):
    return public.whole_clinic(cast["owner"])


def test_mail_says_that_something_came_and_nothing_more(
    client, clinic, cast, django_capture_on_commit_callbacks, settings
):
    asking.procedure(cast)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        send(client, guide="warm-therapy")
    (sent,) = mail.outbox
    row = ConsultationRequest.objects.get()
    assert sent.to == ["frontdesk@clinic.example"]
    assert sent.subject == "A new request for a consultation"
    assert f"{settings.SITE_URL}/admin/clinic/consultationrequest/{row.pk}/change/" in sent.body
    for private in (*TYPED["name"].split(), "zuzana", "shift", "Warm", "morning"):
        assert private not in sent.body + sent.subject


def test_the_owner_gets_the_mail_only_where_nobody_else_can(client, clinic, cast):
    cast["front_desk"].email = ""
    cast["front_desk"].save()
    send(client)
    assert list(PendingMail.objects.values_list("to", flat=True)) == ["owner@clinic.example"]
    cast["front_desk"].email, cast["front_desk"].is_active = "frontdesk@clinic.example", False
    cast["front_desk"].save()
    send(client)
    assert set(PendingMail.objects.values_list("to", flat=True)) == {"owner@clinic.example"}


def test_a_mail_that_fails_loses_nothing(client, clinic, django_capture_on_commit_callbacks, monkeypatch):
    def down(*args, **kwargs) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", down)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client).status_code == 302
    assert ConsultationRequest.objects.count() == PendingMail.objects.count() == 1


def test_a_mail_that_cannot_even_be_kept_loses_no_request(client, clinic, monkeypatch, caplog):
    def broken(*args) -> None:
        raise DatabaseError

    monkeypatch.setattr("clinic.actions.requests.tell_of_new_request", broken)
    assert send(client).status_code == 302
    assert ConsultationRequest.objects.count() == 1
    assert "nobody was told" in caplog.text


def test_nothing_that_was_typed_is_in_a_log(client, clinic, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("DEBUG"), django_capture_on_commit_callbacks(execute=True):
        send(client)
    assert "request" in caplog.text
    for private in (TYPED["name"], TYPED["email"], TYPED["message"]):
        assert private not in "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db")
