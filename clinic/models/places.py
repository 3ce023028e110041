"""Where the clinic is, and when it is open there."""

from __future__ import annotations

import zoneinfo
from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from education.models.text import CanonicalCharField, CanonicalTextField

DIALLED = RegexValidator(r"^(?=.*[0-9])[0-9+() .x/-]+\Z", "Write digits, with spaces and + ( ) - . between them only.")


def known_time_zone(name: str) -> None:
    """Raise ValidationError unless it is a name of the IANA list."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone of the list, such as America/New_York.")


class Access(models.TextChoices):
    """What is known of a way in, or of an aid. Nothing chosen means that pages do not speak of it."""

    YES = "yes", "Yes"
    PARTLY = "partly", "In part"
    NO = "no", "No"


class LocationQuerySet(models.QuerySet["Location"]):
    def shown(self) -> LocationQuerySet:
        return self.filter(is_shown=True)

    def having_hours(self) -> LocationQuerySet:
        """Those that are open on some day of every week."""
        return self.filter(weekday_hours__opens__isnull=False).distinct()

    def with_hours(self) -> LocationQuerySet:
        """Fetch when they are open along with them: two queries for them all."""
        return self.prefetch_related("weekday_hours", "special_days")


class Location(models.Model):
    """One place where the clinic sees patients."""

    slug = models.SlugField("address on this site", max_length=60, unique=True)
    name = CanonicalCharField(max_length=120)
    postal_address = CanonicalTextField("address", max_length=400, help_text="As it stands on an envelope.")
    # Both or neither: without them map applications look for the address.
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    phone = CanonicalCharField(max_length=40, blank=True, validators=[DIALLED])
    directions = CanonicalTextField("how to get there", max_length=1000, blank=True)
    step_free = models.CharField("step-free", max_length=10, choices=Access, blank=True)
    parking = models.CharField(max_length=10, choices=Access, blank=True)
    hearing_loop = models.CharField(max_length=10, choices=Access, blank=True)
    access_note = CanonicalTextField("more on access", max_length=600, blank=True)
    time_zone = models.CharField(max_length=60, blank=True, validators=[known_time_zone])
    position = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField("shown to patients", default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(postal_address=""), name="location_has_name_and_address"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="location_point_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('clinic:home')}#{self.slug}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone that its clocks show: its own, or else the clinic's."""
        return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)


class Opening(models.Model):
    """When a place is open on a day: not at all, once, or twice with a break between. Local times of the place."""

    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    opens_again = models.TimeField(null=True, blank=True)
    closes_again = models.TimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(opens=None, closes=None, opens_again=None, closes_again=None)
                | Q(opens__lt=F("closes"), opens_again=None, closes_again=None)
                | Q(opens__lt=F("closes"), opens_again__gt=F("closes"), closes_again__gt=F("opens_again")),
                name="%(class)s_times_follow_each_other",
            )
        ]

    @property
    def spans(self) -> tuple[tuple[time, time], ...]:
        """From and to, once or twice; empty for a day on which the place is closed."""
        pairs = ((self.opens, self.closes), (self.opens_again, self.closes_again))
        return tuple((opens, closes) for opens, closes in pairs if opens is not None and closes is not None)


class WeekdayHours(Opening):
    """When a place is open on a day of every week. A day without a row is one on which it is closed."""

    class Weekday(models.IntegerChoices):
        """As `date.weekday()` counts."""

        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    location = models.ForeignKey(Location, models.CASCADE, related_name="weekday_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)

    class Meta(Opening.Meta):
        ordering = ["weekday"]
        verbose_name = verbose_name_plural = "hours of a weekday"
        constraints = [
            *Opening.Meta.constraints,
            models.UniqueConstraint(fields=["location", "weekday"], name="weekday_hours_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.get_weekday_display()


class SpecialDay(Opening):
    """A day, or several in a row, on which a place is open at other times than on that weekday, or closed."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="special_days")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = CanonicalCharField(max_length=120, blank=True)

    class Meta(Opening.Meta):
        ordering = ["first_day", "last_day"]
        verbose_name = "day that differs"
        verbose_name_plural = "days that differ"
        constraints = [
            *Opening.Meta.constraints,
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="special_day_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.reason or str(self.first_day)
