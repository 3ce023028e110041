"""`/.well-known/security.txt`: whom to tell of a weakness of the site (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic
from education.views.loading import public

# Less than a year, as the RFC recommends; counted from midnight, so that the file is the same all day.
VALID = timedelta(days=180)


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to write to, for how long this holds, in which language. 404 where nobody is named."""
    contact = settings.SECURITY_CONTACT or _clinics_own()
    if not contact:
        raise Http404("Nobody is named whom to tell of a weakness.")
    midnight = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {_moment(midnight + VALID)}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE.partition('-')[0]}",
        f"Canonical: {settings.SITE_URL}{reverse('clinic:security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _clinics_own() -> str:
    email = Clinic.current().email
    return f"mailto:{email}" if email and email.isascii() else ""


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
