"""What pages refer to by key: sources, terms and images, one library for the whole clinic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from education.models.text import CanonicalCharField, CanonicalTextField, WebAddressField
from education.models.write_once import SignedModel, WriteOnceModel
from education.rendering import smaller_widths
from education.snapshot import image_url

KEY_HELP = "Short name used in the text: lower-case letters, digits and hyphens. It cannot be changed later."
valid_key = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters, digits and hyphens only.")


class SourceQuerySet(models.QuerySet["Source"]):
    def with_check(self) -> SourceQuerySet:
        """Add what the latest check found: `status`, `status_note`, `checked_at` and `check_due`; None before one."""
        latest = SourceCheck.objects.filter(source=OuterRef("pk")).order_by("-id")
        facts: dict[str, Any] = {
            "status": Subquery(latest.values("outcome")[:1]),
            "status_note": Subquery(latest.values("note")[:1]),
            "checked_at": Subquery(latest.values("made_at")[:1]),
            "check_due": Subquery(latest.values("next_check")[:1]),
        }
        return self.annotate(**facts)


class Source(models.Model):
    """Where a claim comes from, and how strong it is."""

    class Strength(models.TextChoices):
        REGULATOR = "regulator", _("Regulator")
        GUIDELINE = "guideline", _("Guideline")
        NATIONAL_HEALTH_SERVICE = "national-health-service", _("National health service")
        SYSTEMATIC_REVIEW = "systematic-review", _("Systematic review")
        TRIAL = "trial", _("Trial")
        CASE_SERIES = "case-series", _("Case series")
        SURVEY = "survey", _("Survey")
        OUTBREAK_REPORT = "outbreak-report", _("Outbreak report")
        NARRATIVE_REVIEW = "narrative-review", _("Narrative review")
        SOCIETY_POSITION = "society-position", _("Position of a medical society")
        REFERENCE_WORK = "reference-work", _("Reference work")
        PRODUCT_LABEL = "product-label", _("Product label")
        COMMERCIAL_ARTICLE = "commercial-article", _("Clinic or commercial article")
        CLINIC_INSTRUCTION = "clinic-instruction", _("The clinic's own instruction")

    key = models.CharField(max_length=60, unique=True, validators=[valid_key], help_text=KEY_HELP)
    title = CanonicalCharField(max_length=300)
    authors = CanonicalCharField(max_length=300, blank=True)
    publisher = CanonicalCharField("publisher or journal", max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text="Leave empty when the source gives no date.",
    )
    url = WebAddressField("web address", max_length=500, blank=True)
    doi = CanonicalCharField(
        "DOI",
        max_length=120,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+\Z", "A DOI begins with 10., such as 10.1000/182.")],
    )
    pmid = CanonicalCharField(
        "PubMed number",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^\d+\Z", "A PubMed number has digits only.")],
    )
    note = CanonicalTextField(
        blank=True, help_text="What a reader should know, such as: read as a copy of the original."
    )
    strength = models.CharField("kind and strength", max_length=30, choices=Strength.choices)
    check_again_months = models.PositiveSmallIntegerField(
        "check again after (months)",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="How long after a check somebody should look whether it still says this, and still stands.",
    )

    # Set by SourceQuerySet.with_check().
    status: str | None
    status_note: str | None
    checked_at: datetime | None
    check_due: date | None

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),
            models.CheckConstraint(
                condition=Q(check_again_months__gte=1, check_again_months__lte=60),
                name="source_checked_every_1_to_60_months",
            ),
            models.UniqueConstraint(Lower("doi"), condition=~Q(doi=""), name="source_doi_once"),
            models.UniqueConstraint("pmid", condition=~Q(pmid=""), name="source_pmid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class SourceCheck(SignedModel, WriteOnceModel):
    """Somebody looked whether a source still says what it is cited for. The latest one gives the source's status."""

    class Outcome(models.TextChoices):
        CURRENT = "current", "It stands, and still says what we cite it for"
        SUPERSEDED = "superseded", "A newer one has taken its place"
        WITHDRAWN = "withdrawn", "It was withdrawn or retracted, or is gone"

    source = models.ForeignKey(Source, models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = CanonicalTextField(max_length=600, blank=True)
    next_check = models.DateField(null=True)

    class Meta(WriteOnceModel.Meta):
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["current", "superseded", "withdrawn"]), name="check_outcome"
            ),
            models.CheckConstraint(condition=Q(outcome="current") | ~Q(note=""), name="check_says_what_changed"),
            models.CheckConstraint(
                condition=~Q(outcome="current") | Q(next_check__isnull=False), name="check_sets_the_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, checked by {self.made_by_name}"


class Term(models.Model):
    """A medical word and its plain meaning."""

    key = models.CharField(max_length=60, unique=True, validators=[valid_key], help_text=KEY_HELP)
    term = CanonicalCharField(max_length=120)
    plain_meaning = CanonicalTextField(max_length=600, help_text="One or two short sentences in plain words.")

    class Meta:
        ordering = ["term"]
        constraints = [models.CheckConstraint(condition=~Q(term="") & ~Q(plain_meaning=""), name="term_has_a_meaning")]

    def __str__(self) -> str:
        return self.term


class Image(models.Model):
    """A picture. Its file is named by the SHA-256 of its bytes and is never overwritten."""

    key = models.CharField(max_length=60, unique=True, validators=[valid_key], help_text=KEY_HELP)
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alternative_text = CanonicalCharField(
        max_length=125,
        blank=True,
        help_text="What the picture tells, for people who cannot see it: at most 125 characters.",
    )
    decorative = models.BooleanField(
        default=False, help_text="Tick when the picture tells nothing that the text does not."
    )
    credit = CanonicalCharField(max_length=200, blank=True, help_text="Who made it, shown under the picture.")
    licence = CanonicalCharField(max_length=200, blank=True, help_text="Why we may use it.")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decorative=True, alternative_text="") | (Q(decorative=False) & ~Q(alternative_text="")),
                name="image_described_or_decorative",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def url(self) -> str:
        return image_url(self.sha256)

    @property
    def small_url(self) -> str:
        """Where its narrowest file is, for a list of many."""
        return image_url(self.sha256, next(iter(smaller_widths(self.width)), None))
