"""The clinic's places, for pages of both apps."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from clinic import places
from clinic.hours import schedule_of
from clinic.models import Clinic, Location
from clinic.places import Place
from clinic.structured.clinic import clinic_for_machines
from education.structured import script

register = template.Library()


@register.simple_tag
def every_place() -> list[Place]:
    """Return the places that patients are shown, in their order: three queries, or one without any."""
    return places.places()


@register.simple_tag
def place(location: Location) -> Place:
    """Return one place as `components/place.html` takes it. It asks nothing of rows fetched `with_hours()`."""
    return places.place_of(location, schedule_of(location), timezone.now())


@register.simple_tag
def structured_clinic(clinic: Clinic, places: Sequence[Place]) -> SafeString:
    """Return the clinic and these places of it for machines, in the words of schema.org."""
    return script(clinic_for_machines(clinic, places))
