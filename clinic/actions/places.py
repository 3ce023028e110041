"""A place of the clinic, with its hours and the days that differ."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.hours import Span, SpecialDays
from clinic.models import Location, SpecialDay, WeekdayHours
from clinic.models.places import DIALLED, known_time_zone
from clinic.rules import require_permission
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.signing import log_once_kept
from education.canonical import canonical_line, canonical_text
from education.models import What

logger = logging.getLogger(__name__)

# Facts of one line each, and of several.
LINES = ("name", "phone")
TEXTS = ("postal_address", "directions", "access_note")
TIMES = ("opens", "closes", "opens_again", "closes_again")

NO_NAME = "Write the name of the place with at least one letter or digit, such as: Harbor Lane."
NO_ADDRESS = "Write the address as it stands on an envelope."
NO_SLUG = "Write small letters, digits and hyphens only, such as: harbor-lane."
SLUG_STAYS = "The address on this site stays as it is: other pages may link to it."
SLUG_TAKEN = "Another place has this address on the site. Choose a different one."
NO_POINT = (
    "Write latitude and longitude as two numbers with a comma between, such as: 38.8977, -77.0365. "
    "Or leave both out: map applications then look for the address."
)
SAME_BEGINNING = "Another row begins on the same day. Put both into one row, or take one away."
LONGEST_EXCEPTION = timedelta(days=366)


@transaction.atomic
def save_location(
    location: Location, *, by: Any, hours: Mapping[int, Sequence[Span]], special_days: Sequence[SpecialDays]
) -> Location:
    """Save a new or changed place whole: the facts, and in place of all that there was its hours and special days.

    `hours` has the spans of each weekday on which it is open, 0 for Monday. Raises NotPermitted, and Refused with the
    field that it concerns: a fact's name, `point`, or a time such as `hours-0-closes` or `special-2-first_day`.
    """
    verb, doing = ("change", "change a place") if location.pk else ("add", "add a place")
    require_permission(by, f"{verb}_location", doing)
    _judge_facts(location)
    for weekday, spans in hours.items():
        _judge(spans, f"hours-{weekday}")
    for number, special in enumerate(special_days):
        _judge(special.spans, f"special-{number}")
        if refusal := wrong_days(special):
            raise Refused(str(refusal), f"special-{number}-{refusal.field}")
    if twice := same_beginning(special_days):
        raise Refused(SAME_BEGINNING, f"special-{twice}-first_day")
    location.save()
    location.weekday_hours.all().delete()
    location.special_days.all().delete()
    WeekdayHours.objects.bulk_create(
        WeekdayHours(location=location, weekday=weekday, **times_of(spans)) for weekday, spans in hours.items() if spans
    )
    SpecialDay.objects.bulk_create(
        SpecialDay(
            location=location,
            first_day=special.first,
            last_day=special.last,
            reason=canonical_line(special.reason),
            **times_of(special.spans),
        )
        for special in special_days
    )
    audit(What.PLACE_SAVED, location, by=by, named=location.slug)
    log_once_kept(logger, "location %s saved by account %s", location.pk, by.pk)
    return location


def _judge_facts(location: Location) -> None:
    for field in LINES:
        setattr(location, field, canonical_line(getattr(location, field)))
    for field in TEXTS:
        setattr(location, field, canonical_text(getattr(location, field)))
    if not any(one.isalnum() for one in location.name):
        raise Refused(NO_NAME, "name")
    if not location.postal_address:
        raise Refused(NO_ADDRESS, "postal_address")
    _judge_slug(location)
    if not is_point(location.latitude, location.longitude):
        raise Refused(NO_POINT, "point")
    for field, validator in (("phone", DIALLED), ("time_zone", known_time_zone)):
        if value := getattr(location, field):
            try:
                validator(value)
            except ValidationError as error:
                raise Refused(error.messages[0], field) from None


def _judge_slug(location: Location) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", location.slug, re.ASCII):
        raise Refused(NO_SLUG, "slug")
    if location.pk:
        # Whoever saves holds the row: two people who save at once come one after the other.
        before = Location.objects.select_for_update().only("slug").get(pk=location.pk)
        if before.slug != location.slug:
            raise Refused(SLUG_STAYS, "slug")
    elif Location.objects.filter(slug=location.slug).exists():
        raise Refused(SLUG_TAKEN, "slug")


def is_point(latitude: Decimal | None, longitude: Decimal | None) -> bool:
    """Return whether these are a point on the earth, in degrees, or nothing at all."""
    if latitude is None or longitude is None:
        return latitude is longitude is None
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _judge(spans: Sequence[Span], place: str) -> None:
    if refusal := wrong_times(spans):
        raise Refused(str(refusal), f"{place}-{refusal.field}")


def wrong_times(spans: Sequence[Span]) -> Refused | None:
    """Return why a place cannot be open so on one day, at one of TIMES; None where it can."""
    if len(spans) > len(TIMES) // 2:
        return Refused("A day has at most two times of opening, with one break between.", TIMES[2])
    given = [at for span in spans for at in span]
    for (name, before), (later, after) in pairwise(zip(TIMES, given, strict=False)):
        if after <= before:
            return Refused(
                f"This time is not later than the one at “{name.replace('_', ' ')}”. "
                "For the afternoon write p.m. after it, or count to 24: 1:30 p.m. or 13:30.",
                later,
            )
    return None


def wrong_days(special: SpecialDays) -> Refused | None:
    """Return why days that differ cannot stand so, at `last_day`; None where they can."""
    if special.last < special.first:
        return Refused("The last day comes before the first. Exchange them.", "last_day")
    if special.last - special.first > LONGEST_EXCEPTION:
        return Refused("This is longer than a year. Check the year of both days.", "last_day")
    return None


def same_beginning(special_days: Sequence[SpecialDays]) -> int | None:
    """Return the number of the first row that begins on the day of a row before it, or None."""
    first_days = [special.first for special in special_days]
    return next((number for number, day in enumerate(first_days) if day in first_days[:number]), None)


def times_of(spans: Sequence[Span]) -> dict[str, Any]:
    """Return the fields of an Opening for these spans."""
    given = [at for span in spans for at in span]
    return dict(zip(TIMES, [*given, *[None] * len(TIMES)], strict=False))
