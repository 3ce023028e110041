"""What pages refer to by key: sources, terms and images, one library for the whole clinic."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from education.models.text import CanonicalCharField, CanonicalTextField, WebAddressField
from education.snapshot import image_url

KEY_HELP = "Short name used in the text: lower-case letters, digits and hyphens. It cannot be changed later."
valid_key = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters, digits and hyphens only.")


class Source(models.Model):
    """Where a claim comes from, and how strong it is."""

    class Strength(models.TextChoices):
        REGULATOR = "regulator", "Regulator"
        GUIDELINE = "guideline", "Guideline"
        NATIONAL_HEALTH_SERVICE = "national-health-service", "National health service"
        SYSTEMATIC_REVIEW = "systematic-review", "Systematic review"
        TRIAL = "trial", "Trial"
        CASE_SERIES = "case-series", "Case series"
        SURVEY = "survey", "Survey"
        OUTBREAK_REPORT = "outbreak-report", "Outbreak report"
        NARRATIVE_REVIEW = "narrative-review", "Narrative review"
        SOCIETY_POSITION = "society-position", "Position of a medical society"
        REFERENCE_WORK = "reference-work", "Reference work"
        PRODUCT_LABEL = "product-label", "Product label"
        COMMERCIAL_ARTICLE = "commercial-article", "Clinic or commercial article"
        CLINIC_INSTRUCTION = "clinic-instruction", "The clinic's own instruction"

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

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title")]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


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
