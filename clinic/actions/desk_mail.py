"""Mail to the front desk. It says that something waits and where, and nothing of who asked or what for."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from clinic.models import ConsultationRequest, User
from clinic.rules import front_desk
from education.actions.mail import post

NEW = "A new request for a consultation"
WAITING = "Requests for a consultation wait too long"
SOON_ERASED = "Requests for a consultation will soon be erased"


def tell_of_new_request(request: ConsultationRequest) -> None:
    link = _link("change", request.pk)
    post(_addresses(), NEW, f"{NEW} came in. Sign in to read it:\n{link}\n")


def tell_of_waiting(number: int) -> None:
    """Say that so many new requests waited longer than patients are told."""
    waits = "1 request waits" if number == 1 else f"{number} requests wait"
    body = f"{waits} longer than your site tells patients. Please answer soon:\n{_link('changelist')}\n"
    post(_addresses(), WAITING, body)


def tell_of_soon_erased(number: int, days: int) -> None:
    """Say that so many open requests are erased within so many days unless somebody does something with them."""
    will_be = "1 open request will be" if number == 1 else f"{number} open requests will be"
    body = (
        f"{will_be} erased within {days} days, because nobody has done anything for months. "
        f"To keep a request for longer, add a note to it:\n{_link('changelist')}\n"
    )
    post(_addresses(), SOON_ERASED, body)


def _addresses() -> list[str]:
    """Return where to write: the front desk, or the owners where the front desk has no address."""
    owners = User.objects.filter(is_active=True, is_superuser=True)
    for people in (front_desk(), owners):
        if found := sorted(set(people.exclude(email="").values_list("email", flat=True))):
            return found
    return []


def _link(name: str, *args: int) -> str:
    return settings.SITE_URL + reverse(f"admin:clinic_consultationrequest_{name}", args=args)
