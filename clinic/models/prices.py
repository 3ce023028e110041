"""What procedures cost, and what they cost on an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from clinic.models.currencies import Currency
from clinic.models.places import Location
from education.canonical import canonical_line
from education.models import Guide, Source, WriteOnceModel
from education.models.text import CanonicalCharField, CanonicalTextField
from education.models.write_once import SignedModel, WriteOnceQuerySet

MOST_SESSIONS = 200
# A currency has at most three digits after the point (ISO 4217).
DIGITS = 3


class PriceQuerySet(WriteOnceQuerySet["Price"]):
    def with_last_day(self) -> PriceQuerySet:
        """Give each price what its newest end says: `last_day`, the last on which it holds, or None; `end`, its id."""
        newest = PriceEnd.objects.filter(price=OuterRef("pk")).order_by("-pk")
        facts: dict[str, Any] = {
            "end": Subquery(newest.values("pk")[:1]),
            "last_day": Subquery(newest.values("last_day")[:1]),
        }
        return self.annotate(**facts)

    def on(self, day: date) -> PriceQuerySet:
        """Return those that are charged on this day."""
        return self.with_last_day().filter(Q(last_day=None) | Q(last_day__gte=day), valid_from__lte=day)

    def open(self, day: date | None = None) -> PriceQuerySet:
        """Return those that are charged on this day, by default today, or will be later."""
        return self.with_last_day().filter(_open(day or timezone.localdate()))

    def ended(self, day: date | None = None) -> PriceQuerySet:
        """Return all others: those that were charged before, and those that were taken back before they began."""
        return self.with_last_day().filter(Q(last_day__isnull=False) & ~_open(day or timezone.localdate()))


def _open(day: date) -> Q:
    return Q(last_day=None) | Q(last_day__gte=day) & Q(last_day__gte=F("valid_from"))


class Price(WriteOnceModel, SignedModel):
    """What one thing costs from a day on. A change ends it and adds another: the past stays as it was."""

    class Unit(models.TextChoices):
        SESSION = "session", "a session"
        COURSE = "course", "a whole course"
        CONSULTATION = "consultation", "a consultation"

    class State(models.TextChoices):
        """How a price stands on a day."""

        PLANNED = "planned", "planned"
        CHARGED = "charged", "charged now"
        ENDED = "ended", "ended"
        TAKEN_BACK = "taken-back", "taken back before it began"

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
    # The price that this one was put in place of.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    # As `with_last_day()` gives them.
    end: int | None
    last_day: date | None

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
            # Of anything but a session they would say nothing that can be computed.
            models.CheckConstraint(
                condition=Q(unit="session") | Q(sessions_from=None, upkeep_from=None),
                name="price_numbers_of_sessions_are_of_a_session",
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="price_does_not_replace_itself"),
        ]

    def __str__(self) -> str:
        return self.what

    def state_on(self, day: date) -> Price.State:
        """Return how it stands on this day. It has its `last_day`."""
        if self.last_day is not None and self.last_day < self.valid_from:
            return self.State.TAKEN_BACK
        if self.last_day is not None and self.last_day < day:
            return self.State.ENDED
        return self.State.PLANNED if self.valid_from > day else self.State.CHARGED

    def is_same_offer(self, other: Price) -> bool:
        """Return whether both are prices of one thing, so that a patient could not tell which of them counts."""
        return _offer(self) == _offer(other)


def _offer(price: Price) -> tuple[object, ...]:
    what = canonical_line(price.what).casefold()
    return (price.guide_id, what, price.unit, price.sessions_in_course, price.location_id)


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
