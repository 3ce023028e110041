"""What `manage.py check --deploy` says of a site that patients are to see, each with what to do.

What only the data can tell is judged with `--database default`, as Django does it: without that the check touches no
database and no mail server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.checks import CheckMessage, Tags, Warning, register
from django.utils import timezone

from clinic.backups import last_backup
from clinic.brand import DEFAULT_COLOUR
from clinic.models import Clinic, User
from education.models import PendingMail

LONGEST_WITHOUT_BACKUP = timedelta(hours=48)
LONGEST_MAIL_WAITS = timedelta(hours=1)
# The clinic's facts that every page or every mail needs, in the words of the form that has them.
WANTED_FACTS = {
    "name": "its name",
    "phone": "its telephone number",
    "email": "its mail address",
    "emergency_text": "what to do in an emergency",
    "ownership": "who owns it and pays for it",
}


@register(Tags.security, deploy=True)
def settings_fit_for_patients(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return what in the settings alone is not fit for a real site."""
    found: list[CheckMessage] = []
    if not settings.STAFF_MFA_REQUIRED:
        found.append(
            Warning(
                "Staff can sign in with a password alone.",
                hint="Set STAFF_MFA_REQUIRED=on, or leave it out: a stolen password is then not enough.",
                id="clinic.W001",
            )
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] in ("", "localhost"):
        found.append(
            Warning(
                f"Mail leaves as {settings.DEFAULT_FROM_EMAIL}, which most servers throw away.",
                hint="Set DEFAULT_FROM_EMAIL to an address of the clinic that can be answered.",
                id="clinic.W002",
            )
        )
    return found


@register(Tags.database, deploy=True)
def data_fit_for_patients(
    app_configs: Any, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Return what in this site's data, backups and mail is not fit for patients; nothing without `databases`."""
    if not databases:
        return []
    asked: Iterable[Callable[[], CheckMessage | None]] = (_sample, _facts, _brand, _backup, _mail_server, _waiting_mail)
    return [message for ask in asked if (message := ask()) is not None]


def _sample() -> CheckMessage | None:
    names = User.objects.filter(sample_account=True, is_active=True).order_by("pk").values_list("username", flat=True)
    if not names:
        return None
    return Warning(
        f"Accounts of the sample clinic can sign in: {', '.join(names)}.",
        hint="Close them: .venv/bin/python manage.py close_sample_accounts.",
        id="clinic.W003",
    )


def _facts() -> CheckMessage | None:
    clinic = Clinic.objects.first()
    missing = [words for name, words in WANTED_FACTS.items() if not getattr(clinic, name, "")]
    if not missing:
        return None
    return Warning(
        f"The clinic does not say {', '.join(missing)}.",
        hint="An owner writes it in the admin, under “Clinic's facts”.",
        id="clinic.W004",
    )


def _brand() -> CheckMessage | None:
    clinic = Clinic.objects.first()
    if clinic and (clinic.brand_colour != DEFAULT_COLOUR or clinic.logo_sha256):
        return None
    return Warning(
        "The site has the colour that Plainleaf comes with, and no logo.",
        hint="An owner chooses them in the admin, under “Clinic's facts”. If this is your colour, add a logo.",
        id="clinic.W005",
    )


def _backup() -> CheckMessage | None:
    last = last_backup()
    if last and timezone.now() - last <= LONGEST_WITHOUT_BACKUP:
        return None
    said = f"The last backup is of {timezone.localtime(last):%d %B %Y, %H:%M}." if last else "No backup was ever made."
    return Warning(
        said,
        hint="Make one: .venv/bin/python manage.py backup FOLDER. A timer makes one each night; see docs/backup.md.",
        id="clinic.W006",
    )


def _mail_server() -> CheckMessage | None:
    try:
        with mail.get_connection():
            return None
    except OSError as error:
        return Warning(
            f"The mail server does not take mail ({error}).",
            hint="Mend EMAIL_URL; what is written meanwhile waits, and send_pending sends it.",
            id="clinic.W007",
        )


def _waiting_mail() -> CheckMessage | None:
    oldest = PendingMail.objects.order_by("made_at").values_list("made_at", flat=True).first()
    if oldest is None or timezone.now() - oldest <= LONGEST_MAIL_WAITS:
        return None
    return Warning(
        f"Mail waits since {timezone.localtime(oldest):%d %B %Y, %H:%M}.",
        hint="Run .venv/bin/python manage.py send_pending, which says why it does not leave, and let a timer run it.",
        id="clinic.W008",
    )
