"""What procedures cost, and what they cost on an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from clinic.models.currencies import Currency
from clinic.models.places import Location
from education.models import Guide, Source, WriteOnceModel
from education.models.text import CanonicalCharField, CanonicalTextField
from education.models.write_once import SignedModel, WriteOnceQuerySet

MOST_SESSIONS = 200
# A currency has at most three digits after the point (ISO 4217).
DIGITS = 3


class PriceQuerySet(WriteOnceQuerySet["Price"]):
    def with_last_day(self) -> PriceQuerySet:
        """Give each price `last_day`, the last one on which it holds, or None: what its newest end says."""
        newest = PriceEnd.objects.filter(price=OuterRef("pk")).order_by("-pk")
        return self.annotate(last_day=Subquery(newest.values("last_day")[:1]))

    def on(self, day: date) -> PriceQuerySet:
        """Return those that are charged on this day."""
        return self.with_last_day().filter(Q(last_day=None) | Q(last_day__gte=day), valid_from__lte=day)

    def open(self, day: date | None = None) -> PriceQuerySet:
        """Return those that are charged on this day, by default today, or will be later."""
        day = day or timezone.localdate()
        return self.with_last_day().filter(Q(last_day=None) | Q(last_day__gte=day) & Q(last_day__gte=F("valid_from")))


class Price(WriteOnceModel, SignedModel):
    """What one thing costs from a day on. A change ends it and adds another: the past stays as it was."""

    class Unit(models.TextChoices):
        SESSION = "session", "a session"
        COURSE = "course", "a whole course"
        CONSULTATION = "consultation", "a consultation"

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="+")
    what = CanonicalCharField(max_length=120)
    unit = models.CharField(max_length=20, choices=Unit, default=Unit.SESSION)
    sessions_in_course = models.PositiveSmallIntegerField(null=True, blank=True)
    amount_from = models.DecimalField(max_digits=13, decimal_places=DIGITS, validators=[MinValueValidator(Decimal(0))])
    # The same as `amount_from` for a fixed price.
    amount_to = models.DecimalField(max_digits=13, decimal_places=DIGITS, validators=[MinValueValidator(Decimal(0))])
    currency = models.CharField(max_length=3, choices=Currency)
    included = CanonicalTextField(max_length=400, blank=True)
    not_included = CanonicalTextField(max_length=400, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    note = CanonicalTextField(max_length=400, blank=True)
    sessions_from = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions_to = models.PositiveSmallIntegerField(null=True, blank=True)
    upkeep_from = models.PositiveSmallIntegerField(null=True, blank=True)
    upkeep_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # Where the numbers of sessions come from.
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField()

    objects: ClassVar = PriceQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["guide__title", "position", "what", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_from__gte=0, amount_to__gte=F("amount_from")), name="price_from_before_to"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="price_says_what_for"),
            models.CheckConstraint(
                condition=Q(sessions_from=None, sessions_to=None)
                | Q(sessions_from__gte=1, sessions_to__gte=F("sessions_from"), sessions_to__lte=MOST_SESSIONS),
                name="price_sessions_from_before_to",
            ),
            models.CheckConstraint(
                condition=Q(upkeep_from=None, upkeep_to=None)
                | Q(upkeep_from__gte=0, upkeep_to__gte=F("upkeep_from"), upkeep_to__lte=MOST_SESSIONS),
                name="price_upkeep_from_before_to",
            ),
            models.CheckConstraint(
                condition=Q(unit="course", sessions_in_course__gte=1) | ~Q(unit="course") & Q(sessions_in_course=None),
                name="price_of_a_course_says_how_many",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class PriceEnd(WriteOnceModel, SignedModel):
    """Says which day is the last of a price, or that there is none after all. The newest one of a price counts."""

    price = models.ForeignKey(Price, models.PROTECT, related_name="ends")
    # Before the price's first day where it is taken back before it begins.
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = "end of a price"

    def __str__(self) -> str:
        return f"{self.price}: {self.last_day or 'no end'}"
