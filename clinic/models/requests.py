"""Visitors who want to be contacted, and what the front desk did about it. Rows are erased in time."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from clinic.models.providers import Provider
from education.models import Guide
from education.models.text import CanonicalCharField, CanonicalTextField


class ConsultationRequestQuerySet(models.QuerySet["ConsultationRequest"]):
    def open(self) -> ConsultationRequestQuerySet:
        return self.exclude(state=ConsultationRequest.State.CLOSED)

    def unanswered(self) -> ConsultationRequestQuerySet:
        """Those that nobody has contacted, booked or closed."""
        return self.filter(state=ConsultationRequest.State.NEW)

    def waiting_too_long(self) -> ConsultationRequestQuerySet:
        """Unanswered ones that were flagged, because they waited longer than the clinic promises."""
        return self.unanswered().exclude(flagged_at=None)

    def erased_soon(self) -> ConsultationRequestQuerySet:
        """Those that were flagged because nobody has touched them for months."""
        return self.open().exclude(erasure_flagged_at=None)

    def closed_before(self, moment: datetime) -> ConsultationRequestQuerySet:
        return self.filter(state=ConsultationRequest.State.CLOSED, closed_at__lte=moment)

    def untouched_since(self, moment: datetime) -> ConsultationRequestQuerySet:
        """Open ones that came, and with which something was done last, before this moment."""
        newest = RequestStep.objects.filter(request=OuterRef("pk")).order_by("-made_at")
        touched = Coalesce(Subquery(newest.values("made_at")[:1]), "made_at")
        return self.open().annotate(touched_at=touched).filter(touched_at__lte=moment)

    def new_first(self) -> ConsultationRequestQuerySet:
        """New ones first, the oldest of them on top; then those under way, then closed ones by when they came."""
        order = {state: number for number, state in enumerate(ConsultationRequest.State.values)}
        whens = [models.When(state=state, then=number) for state, number in order.items()]
        return self.annotate(turn=models.Case(*whens, output_field=models.IntegerField())).order_by("turn", "made_at")


class ConsultationRequest(models.Model):
    """A visitor's wish to be contacted. Its text is nowhere else: not in a log, not in a mail, not in the admin's."""

    class BestTime(models.TextChoices):
        ANY = "any", "Any time"
        MORNING = "morning", "In the morning"
        AFTERNOON = "afternoon", "In the afternoon"
        EVENING = "evening", "In the evening"

    class State(models.TextChoices):
        NEW = "new", "New"
        CONTACTED = "contacted", "Contacted"
        BOOKED = "booked", "Booked"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        CAME = "came", "Had the consultation"
        NOT_WANTED = "not-wanted", "Does not want it any more"
        NOT_REACHED = "not-reached", "Could not be reached"
        NOT_FOR_US = "not-for-us", "Not something we do"
        NO_REQUEST = "no-request", "Not a real request"

    # From the page that the form stood on: the same page sent twice makes one row.
    key = models.CharField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField("when", editable=False)
    name = CanonicalCharField(max_length=120)
    email = models.EmailField("e-mail", blank=True)
    phone = CanonicalCharField(max_length=40, blank=True)
    best_time = models.CharField(max_length=10, choices=BestTime, default=BestTime.ANY)
    guide = models.ForeignKey(Guide, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="procedure")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=20, blank=True)
    message = CanonicalTextField(max_length=1000, blank=True)
    # The words that the visitor agreed to.
    consent = CanonicalTextField(max_length=600)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When it was said by mail that nobody has answered, and that it will be erased untouched. A step takes the latter
    # away: somebody has looked.
    flagged_at = models.DateTimeField(null=True, blank=True, editable=False)
    erasure_flagged_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConsultationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "consultation request"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="request_can_be_answered"),
            models.CheckConstraint(condition=~Q(consent="") & ~Q(name=""), name="request_has_name_and_consent"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="request_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        # The admin's own log keeps this text for good: it must not hold who it was.
        return f"Request {self.pk}"


class RequestStep(models.Model):
    """One thing that somebody did about a request. Goes with the request."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "Assigned"
        CONTACTED = "contacted", "Contacted"
        BOOKED = "booked", "Booked"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"
        NOTE = "note", "Note"

    class How(models.TextChoices):
        PHONE = "phone", "By phone"
        MESSAGE = "message", "Left a message"
        EMAIL = "email", "By e-mail"
        TEXT = "text", "By text message"
        IN_PERSON = "in-person", "In person"

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    how = models.CharField(max_length=10, choices=How, blank=True)
    # What became of it when it was closed: the request forgets that when it is opened again.
    outcome = models.CharField(max_length=20, choices=ConsultationRequest.Outcome, blank=True)
    note = CanonicalTextField(max_length=1000, blank=True)
    made_at = models.DateTimeField("when")
    # When somebody was contacted, which may have been before it was noted down.
    happened_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="account")
    made_by_name = models.CharField("name", max_length=200)

    class Meta:
        verbose_name = "step"
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class ErasedRequest(models.Model):
    """That a request was erased, and nothing of what it said."""

    class Reason(models.TextChoices):
        CLOSED = "closed", "closed long ago"
        UNTOUCHED = "untouched", "nobody did anything for months"
        ASKED = "asked", "somebody asked for it"
        AGAIN = "again", "erased before, and back with an old copy"

    key = models.CharField(max_length=32, unique=True)
    erased_at = models.DateTimeField()
    reason = models.CharField(max_length=20, choices=Reason)

    class Meta:
        verbose_name = "erased request"

    def __str__(self) -> str:
        return f"{self.reason}, {self.erased_at:%Y-%m-%d}"
