"""What education asks about the clinic, through the callables that the settings name."""

from __future__ import annotations

from django.urls import ResolverMatch

from clinic.models import Clinic, InformationPage


def contacts() -> tuple[str, ...]:
    """Return the clinic's telephone number and mail address, as far as they are set."""
    clinic = Clinic.current()
    return tuple(text for text in (clinic.phone, clinic.email) if text)


def answers(match: ResolverMatch) -> bool:
    """Return whether an address outside education's would answer a patient."""
    # An address with a hash goes with the clinic's look, one with a secret is for its owner: nothing for patients.
    if match.app_name != "clinic" or {"digest", "secret"} & set(match.kwargs):
        return False
    slug = match.kwargs.get("slug")
    return slug is None or InformationPage.objects.filter(slug=slug).exists()
