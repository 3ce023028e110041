"""The clinic and its places as a MedicalClinic of schema.org: what the home page says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from clinic.hours import Schedule, Span, coming_special_days
from clinic.models import Clinic
from clinic.places import SHOWN_DAYS, Place

KIND = "MedicalClinic"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# How schema.org writes a day on which a place is closed.
CLOSED: tuple[str, str] = ("00:00", "00:00")


def clinic_for_machines(clinic: Clinic, places: Sequence[Place]) -> dict[str, Any]:
    """Return the clinic's facts. A single place is the clinic; several are its departments."""
    facts = {
        "@type": KIND,
        "name": clinic.name,
        "description": clinic.tagline,
        "url": f"{settings.SITE_URL}{reverse('clinic:home')}",
        "telephone": clinic.phone,
        "email": clinic.email,
    }
    if len(places) == 1:
        place = _place(places[0])
        return place | facts | {"telephone": clinic.phone or place.get("telephone")}
    departments = [
        {"@type": KIND, "name": place.location.name, "url": _address(place), **_place(place)} for place in places
    ]
    return facts | {"department": departments}


def _place(place: Place) -> dict[str, Any]:
    location, schedule = place.location, place.schedule
    facts: dict[str, Any] = {
        "telephone": location.phone,
        # As it stands on the page: an address is written in another order in every country.
        "address": ", ".join(location.postal_address.splitlines()),
    }
    if location.latitude is not None and location.longitude is not None:
        facts["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(location.latitude),
            "longitude": float(location.longitude),
        }
    if place.timetable:
        facts["openingHoursSpecification"] = _week(schedule)
        facts["specialOpeningHoursSpecification"] = _special_days(place)
    return {name: value for name, value in facts.items() if value not in ("", [])}


def _address(place: Place) -> str:
    return f"{settings.SITE_URL}{place.location.get_absolute_url()}"


def _week(schedule: Schedule) -> list[dict[str, Any]]:
    """Return each time of opening with the weekdays that have it."""
    days: dict[Span, list[str]] = {}
    for weekday, name in enumerate(DAYS):
        for span in schedule.weekdays.get(weekday, ()):
            days.setdefault(span, []).append(name)
    return [_opening(f"{opens:%H:%M}", f"{closes:%H:%M}", dayOfWeek=on) for (opens, closes), on in days.items()]


def _special_days(place: Place) -> list[dict[str, Any]]:
    found = []
    for special in coming_special_days(place.schedule, place.today, SHOWN_DAYS):
        during = {"validFrom": special.first.isoformat(), "validThrough": special.last.isoformat()}
        times = [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in special.spans] or [CLOSED]
        found += [_opening(opens, closes, description=special.reason, **during) for opens, closes in times]
    return found


def _opening(opens: str, closes: str, **more: Any) -> dict[str, Any]:
    known = {name: value for name, value in more.items() if value}
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes, **known}
