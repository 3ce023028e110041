"""`manage.py check --deploy`: each thing that is not fit for patients is named, with what to do."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.utils import timezone

from clinic import checks
from clinic.backups import note_backup
from clinic.models import User
from education.models import PendingMail
from tests import public

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def fit(cast, settings):
    """A site that is ready for patients: nothing is said of it."""
    facts = public.clinic(cast["owner"])
    facts.brand_colour, facts.phone, facts.email = "#224466", "(202) 555-0142", "desk@clinic.example"
    facts.emergency_text, facts.ownership = "Call 911.", "Its doctors own it."
    facts.save()
    settings.DATA_DIR = Path(settings.DATA_DIR)
    settings.STAFF_MFA_REQUIRED, settings.DEFAULT_FROM_EMAIL = True, "Clinic <guides@clinic.example>"
    note_backup(timezone.now() - timedelta(hours=5))
    return facts


def of_data() -> dict[str, str]:
    """Return the hint of each warning, by its id."""
    return {one.id: f"{one.msg} {one.hint}" for one in checks.data_fit_for_patients(None, databases=["default"])}


def of_settings() -> dict[str, str]:
    return {one.id: f"{one.msg} {one.hint}" for one in checks.settings_fit_for_patients(None)}


def test_nothing_is_said_of_a_site_that_is_fit(fit):
    assert of_data() == of_settings() == {}


def test_without_databases_none_is_asked(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert checks.data_fit_for_patients(None, databases=None) == []


def test_both_are_part_of_the_deploy_check_alone(fit, settings):
    settings.STAFF_MFA_REQUIRED = False
    note_backup(timezone.now() - timedelta(hours=49))
    ours = {"clinic.W001", "clinic.W006"}
    assert ours <= {one.id for one in run_checks(include_deployment_checks=True, databases=["default"])}
    assert not ours & {one.id for one in run_checks(databases=["default"])}


@pytest.mark.parametrize(
    ("name", "value", "id", "words"),
    [
        ("STAFF_MFA_REQUIRED", False, "clinic.W001", "STAFF_MFA_REQUIRED=on"),
        ("DEFAULT_FROM_EMAIL", "Plainleaf <plainleaf@localhost>", "clinic.W002", "DEFAULT_FROM_EMAIL"),
        ("DEFAULT_FROM_EMAIL", "Clinic <guides>", "clinic.W002", "DEFAULT_FROM_EMAIL"),
        ("DEFAULT_FROM_EMAIL", "plainleaf@localhost", "clinic.W002", "DEFAULT_FROM_EMAIL"),
    ],
)
def test_settings_that_are_not_fit_are_named(fit, settings, name, value, id, words):
    setattr(settings, name, value)
    assert words in of_settings().pop(id)
    assert of_settings().keys() == {id}


def test_a_sample_account_that_can_sign_in_is_named(fit):
    User.objects.create_user("editor", password="kp3m-9wqe-t7ha", sample_account=True)
    User.objects.create_user("former", password="kp3m-9wqe-t7ha", sample_account=True, is_active=False)
    [(found, words)] = of_data().items()
    assert found == "clinic.W003"
    assert "sign in: editor." in words
    assert "close_sample_accounts" in words


# A clinic without a name is refused by the database.
@pytest.mark.parametrize("name", [name for name in checks.WANTED_FACTS if name != "name"])
def test_a_fact_that_is_missing_is_named(fit, name):
    setattr(fit, name, "")
    fit.save()
    assert checks.WANTED_FACTS[name] in of_data().pop("clinic.W004")


def test_a_site_without_a_clinic_lacks_all_of_them(db, settings):
    settings.DATA_DIR = Path(settings.DATA_DIR)
    note_backup(timezone.now())
    found = of_data()
    assert found.keys() == {"clinic.W004", "clinic.W005"}
    assert all(words in found["clinic.W004"] for words in checks.WANTED_FACTS.values())


def test_the_look_that_it_came_with_is_named_unless_there_is_a_logo(fit):
    fit.brand_colour = "#1d5a46"
    fit.save()
    assert of_data().keys() == {"clinic.W005"}
    fit.logo_sha256, fit.logo_width, fit.logo_height = "a" * 64, 100, 40
    fit.save()
    assert of_data() == {}


def test_no_backup_for_two_days_is_named(fit, settings):
    note_backup(timezone.now() - timedelta(hours=49))
    assert "docs/backup.md" in of_data()["clinic.W006"]
    (settings.DATA_DIR / "last-backup.txt").unlink()
    assert "No backup was ever made." in of_data()["clinic.W006"]


def test_a_mail_server_that_does_not_answer_is_named(fit, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.EMAIL_PORT = taken.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = SMTP, "127.0.0.1", 2
    assert "EMAIL_URL" in of_data().pop("clinic.W007")


def test_mail_that_waits_for_an_hour_is_named(fit):
    for age, expected in ((timedelta(minutes=59), set()), (timedelta(minutes=61), {"clinic.W008"})):
        PendingMail.objects.create(to="x@clinic.example", subject="x", body="x", made_at=timezone.now() - age)
        assert of_data().keys() == expected
    assert "x@clinic" not in str(of_data())


def test_the_command_says_it_on_a_terminal(fit, capsys, settings):
    note_backup(timezone.now() - timedelta(hours=49))
    call_command("check", deploy=True, databases=["default"])
    assert "clinic.W006" in capsys.readouterr().err
