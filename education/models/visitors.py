"""What visitors send: how much of it is let in, reports of mistakes, and mail that waits to be sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from education.models.edition_pages import EditionPage
from education.models.record import Edition
from education.models.text import CanonicalCharField, CanonicalTextField

# Characters of a report, and of the answer to it.
LONGEST_REPORT = 2000


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


# What is new comes first, then what waits to be closed; of these what has waited longest.
INBOX_ORDER = (
    Case(When(state="new", then=0), When(state="answered", then=1), default=2),
    Case(When(state="closed", then=None), default=F("made_at")),
    "-made_at",
    "-pk",
)


class MistakeReportQuerySet(models.QuerySet["MistakeReport"]):
    def open(self) -> MistakeReportQuerySet:
        return self.exclude(state=MistakeReport.State.CLOSED)

    def new(self) -> MistakeReportQuerySet:
        return self.filter(state=MistakeReport.State.NEW)

    def for_inbox(self) -> MistakeReportQuerySet:
        """Return them as they wait: with guide and edition, without its texts, and with `page_title` as it has it."""
        title = EditionPage.objects.filter(edition=OuterRef("edition"), slug=OuterRef("page")).values("title")
        heavy = ("summary", "funding", "contributors", "sources", "terms", "images", "report", "reasons")
        return (
            self.select_related("edition__guide")
            .defer(*(f"edition__{name}" for name in heavy))
            .annotate(page_title=Coalesce(Subquery(title), Value("")))
            .order_by(*INBOX_ORDER)
        )


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
    words = CanonicalTextField("what is wrong", max_length=LONGEST_REPORT)
    # Erased when the report is closed.
    email = models.EmailField("e-mail", blank=True)
    made_at = models.DateTimeField("when")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    answer = CanonicalTextField(max_length=LONGEST_REPORT, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by_name = CanonicalCharField(max_length=200, blank=True)
    # Whether the answer went by mail: the address itself is erased later.
    answered_by_mail = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_by_name = CanonicalCharField(max_length=200, blank=True)

    # Set by MistakeReportQuerySet.for_inbox().
    page_title: str

    objects = MistakeReportQuerySet.as_manager()

    class Meta:
        verbose_name = "report of a mistake"
        verbose_name_plural = "reports of mistakes"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="mistake_report_not_empty"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None, answered_by_name="", answered_by_mail=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="") & ~Q(answered_by_name=""),
                name="mistake_report_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="new", answered_at=None)
                | Q(state="answered", answered_at__isnull=False)
                | Q(state="closed"),
                name="mistake_report_state_fits_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False, email="")
                & ~Q(outcome="")
                & ~Q(closed_by_name="")
                | ~Q(state="closed") & Q(closed_at=None, closed_by=None, closed_by_name="", outcome=""),
                name="mistake_report_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"

    @property
    def where(self) -> str:
        """The edition's page that it is about, or the whole of it. Needs `for_inbox()`."""
        return self.page_title or self.page or "the whole guide"
