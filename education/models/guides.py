"""The working copy: guides and their pages as staff are writing them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from education.models.text import CanonicalCharField, CanonicalTextField
from education.models.write_once import SignedModel, WriteOnceModel

# Words of the address table that stand where a page's slug stands.
RESERVED_PAGE_SLUGS = ("all", "sources", "check", "plan", "editions", "mistake", "leaflet")


def languages() -> list[tuple[str, str]]:
    """Return the languages a guide can be in: code and English name."""
    return [(code, LANG_INFO[code]["name"]) for code, _ in settings.LANGUAGES]


class Guide(models.Model):
    """Everything a patient should know about one procedure or one general topic."""

    class Kind(models.TextChoices):
        PROCEDURE = "procedure", "a procedure"
        ADVICE = "advice", "general advice"

    title = CanonicalCharField(max_length=120, help_text="The name that patients use, such as Mesotherapy.")
    slug = models.SlugField(
        "address",
        max_length=80,
        unique=True,
        help_text="The last part of the guide's web address. An address that was used before goes on working.",
    )
    slug_at_creation = models.SlugField(max_length=80, unique=True, editable=False)
    kind = models.CharField("about", max_length=20, choices=Kind.choices, default=Kind.PROCEDURE)
    summary = CanonicalTextField(
        max_length=600,
        blank=True,
        help_text="One paragraph: what it is and what a reader will find. It stands first on the overview.",
    )
    also_known_as = CanonicalCharField(
        max_length=300, blank=True, help_text="Other names that people search for, with commas between."
    )
    language = models.CharField(max_length=12, default="en", choices=languages)
    translation_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="translations")
    review_interval_months = models.PositiveSmallIntegerField(
        "review again after (months)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="How long after an approval the guide is due for review again.",
    )
    written_by = CanonicalCharField(max_length=200, blank=True, help_text="Who wrote it, as patients will read it.")
    funding = CanonicalTextField(
        "who pays",
        max_length=600,
        blank=True,
        help_text="Who pays for this guide and what they gain, such as: written by the clinic that offers it.",
    )
    codes = CanonicalCharField(
        max_length=200, blank=True, help_text="Codes of the procedure, for machines. Patients never see them."
    )
    # What somebody typed under the warnings of the report; the next submission begins with it.
    reasons = models.JSONField(default=dict, blank=True, editable=False)

    archived_since: datetime | None  # Set by newsroom.with_standing().

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_interval_months__gte=1, review_interval_months__lte=36),
                name="guide_review_interval_1_to_36_months",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="guide_has_a_title"),
            models.CheckConstraint(condition=~Q(translation_of=models.F("id")), name="guide_not_its_own_translation"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("education:guide", args=[self.slug])


class PageQuerySet(models.QuerySet["Page"]):
    def kept(self) -> PageQuerySet:
        """Return the pages that have not been removed from the working copy, in reading order."""
        return self.filter(removed_at=None).order_by("position", "id")

    def removed(self) -> PageQuerySet:
        return self.exclude(removed_at=None).order_by("-removed_at")


class Page(models.Model):
    """One content page of a guide, as it is being written. Removed pages stay and can be put back."""

    class Kind(models.TextChoices):
        OVERVIEW = "overview", "Overview"
        HOW_IT_WORKS = "how-it-works", "How it works"
        BENEFITS = "benefits", "Benefits"
        ALTERNATIVES = "alternatives", "Alternatives"
        CONTRAINDICATIONS = "contraindications", "Who should not have it"
        PREPARATION = "preparation", "Preparation"
        WHAT_HAPPENS = "what-happens", "What happens"
        SIDE_EFFECTS = "side-effects", "Side effects"
        RECOVERY = "recovery", "Recovery"
        RESULTS = "results", "Results"
        COST = "cost", "Cost"
        CHOOSING_A_PROVIDER = "choosing-a-provider", "Choosing a provider"
        QUESTIONS = "questions", "Questions"
        EVIDENCE = "evidence", "Evidence"
        OTHER = "other", "Other"

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    title = CanonicalCharField(max_length=120)
    slug = models.SlugField("address", max_length=80)
    markdown = CanonicalTextField("text", max_length=60_000, blank=True)
    position = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "kind"],
                condition=Q(removed_at=None) & ~Q(kind="other"),
                name="page_one_of_each_kind",
            ),
            models.UniqueConstraint(
                fields=["guide", "slug"], condition=Q(removed_at=None), name="page_slug_once_in_a_guide"
            ),
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_PAGE_SLUGS), name="page_slug_not_reserved"),
            models.CheckConstraint(
                condition=Q(kind="overview", slug="overview") | (~Q(kind="overview") & ~Q(slug="overview")),
                name="page_overview_has_its_own_slug",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="page_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class PageVersion(SignedModel, WriteOnceModel):
    """A page that somebody saved, entries included: what undo goes back to and the lost-update guard compares."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="versions")
    title = CanonicalCharField(max_length=120)
    slug = models.SlugField(max_length=80)
    markdown = CanonicalTextField(blank=True)
    entries = models.JSONField(default=list)
    added_later = ("entries",)

    class Meta(WriteOnceModel.Meta):
        ordering = ["-id"]
        verbose_name = "saved text"

    def __str__(self) -> str:
        return f"{self.title}, saved by {self.made_by_name}"


class FormerSlug(WriteOnceModel):
    """An address that a guide (or, with `page`, one of its pages) had before; it redirects for ever."""

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="former_slugs")
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="former_slugs")
    slug = models.SlugField(max_length=80)

    class Meta(WriteOnceModel.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.slug
