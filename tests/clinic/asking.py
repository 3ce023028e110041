"""Requests for a consultation as tests make them: through the public form's page, or by the action."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.models import ConsultationRequest, Provider
from education.forms import SentForm
from education.models import Edition
from tests import builders
from tests.education.desk import url

LIST = "clinic_consultationrequest_changelist"
ASK, SENT = "/consultation/", "/consultation/sent/"
WHILE = timedelta(seconds=30)
TYPED = {
    "name": "Zuzana Patientova",
    "email": "zuzana@patient.example",
    "phone": "",
    "best_time": "morning",
    "message": "Please call after my shift.",
    "consent": "on",
}


def request(**facts: Any) -> ConsultationRequest:
    """Make a request for a consultation."""
    asked: dict[str, Any] = {
        "key": secrets.token_hex(16),
        "address": "",
        **{"name": "Zuzana Patientova", "email": "zuzana@patient.example", "phone": "", "best_time": "any"},
        **{"guide": None, "provider": None, "language": "en", "message": "Please call.", "consent": "You may."},
    }
    made = actions.ask(**{**asked, **facts})
    assert made is not None
    return made


def provider(name: str = "Pia Provider", slug: str = "pia", **facts: Any) -> Provider:
    return Provider.objects.create(**{"name": name, "slug": slug, "role": "nurse practitioner", **facts})


def procedure(cast: Any, title: str = "Warm therapy", slug: str = "warm-therapy", **facts: Any) -> Edition:
    """Publish a guide to a procedure."""
    made = builders.guide(cast["author"], title=title, slug=slug, **facts)
    edition = builders.published(made, cast)
    # A guide to a procedure wants many pages before it may be submitted; here its kind alone matters.
    type(made).objects.filter(pk=made.pk).update(kind="procedure")
    return edition


def page() -> str:
    """Return what the form of a page carries that was made a while ago."""
    with time_machine.travel(timezone.now() - WHILE, tick=False):
        return SentForm.new_page()


def send(client: Client, **typed: Any) -> Any:
    """Send the form from a page that stood open for a while."""
    if "page" not in typed:
        # The clock is everybody's: threads must not set it beside each other.
        typed["page"] = page()
    return client.post(ASK, {**TYPED, **typed})


# Where the front desk works on one


def change(row: ConsultationRequest) -> str:
    return url("clinic_consultationrequest_change", row.pk)


def do(row: ConsultationRequest, step: str) -> str:
    return url("clinic_consultationrequest_step", row.pk, step)


def erase(row: ConsultationRequest) -> str:
    return url("clinic_consultationrequest_erase", row.pk)


def addresses(row: ConsultationRequest) -> list[str]:
    """Return every address of the front desk's screens."""
    export = url("clinic_consultationrequest_export")
    return [url(LIST), change(row), do(row, "note"), erase(row), export]
