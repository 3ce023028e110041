"""What visitors send: how much of it is let in, reports of mistakes, and mail that waits to be sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from education.models.record import Edition
from education.models.text import CanonicalCharField, CanonicalTextField


class VisitorCount(models.Model):
    """How often a form was sent from one place, and in all, in one hour: counted here so that all workers count."""

    form = models.CharField(max_length=20)
    # A keyed hash of the address, or empty for all of them together.
    sender = models.CharField(max_length=64, blank=True)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "sender", "hour"], name="visitor_count_once")]

    def __str__(self) -> str:
        return f"{self.form}: {self.count}"


class PendingMail(models.Model):
    """A mail that has not left yet. The row goes when the mail has gone."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    made_at = models.DateTimeField()
    # Held by whoever is sending it now.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = verbose_name_plural = "mail that waits"

    def __str__(self) -> str:
        return self.subject


class MistakeReportQuerySet(models.QuerySet["MistakeReport"]):
    def open(self) -> MistakeReportQuerySet:
        return self.exclude(state=MistakeReport.State.CLOSED)


class MistakeReport(models.Model):
    """What a reader found wrong in an edition of a guide, and what the clinic did about it."""

    class State(models.TextChoices):
        NEW = "new", "New"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        MENDED = "mended", "We mended it"
        WILL_MEND = "will-mend", "We will mend it in the next edition"
        NO_MISTAKE = "no-mistake", "We looked, and it is right as it is"
        NO_REPORT = "no-report", "Not a report of a mistake"

    key = models.CharField(max_length=32, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="mistake_reports")
    # The slug of the page, where the reader came from one.
    page = models.SlugField(max_length=80, blank=True)
    words = CanonicalTextField("what is wrong", max_length=2000)
    # Erased when the report is closed.
    email = models.EmailField("e-mail", blank=True)
    made_at = models.DateTimeField("when")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    answer = CanonicalTextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handled_by_name = CanonicalCharField(max_length=200, blank=True)

    objects = MistakeReportQuerySet.as_manager()

    class Meta:
        verbose_name = "report of a mistake"
        verbose_name_plural = "reports of mistakes"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="mistake_report_not_empty"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, email="") & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="mistake_report_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"
