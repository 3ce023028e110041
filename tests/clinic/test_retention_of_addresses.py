"""A purge looks after the addresses of readers too: those beside reports of mistakes that nobody closes."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from clinic import actions
from education.actions.mistakes import ADDRESS_KEPT
from education.models import MistakeReport
from tests import builders

LATER = ADDRESS_KEPT + timedelta(days=1)


def test_a_purge_takes_the_address_off_an_old_report_and_cleans_the_files_after_it(
    live, django_capture_on_commit_callbacks
):
    builders.reported(live, email="reader@patient.example")
    with (
        patch("clinic.actions.retention.scrub", return_value=True) as scrub,
        django_capture_on_commit_callbacks(execute=True),
    ):
        actions.purge()
    assert MistakeReport.objects.get().email == "reader@patient.example"
    assert not scrub.called
    with (
        patch("clinic.actions.retention.scrub", return_value=True) as scrub,
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert actions.purge(now=timezone.now() + LATER).addresses == 1
    assert MistakeReport.objects.get().email == ""
    assert scrub.called
