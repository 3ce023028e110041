"""The clinicians that patients can choose."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from clinic.models.places import Location
from education.models import Guide
from education.models.text import CanonicalCharField, CanonicalTextField, WebAddressField


class ProviderQuerySet(models.QuerySet["Provider"]):
    def shown(self, day: date | None = None) -> ProviderQuerySet:
        """Those whose page patients can read on this day, by default today."""
        day = day or timezone.localdate()
        return self.filter(Q(visible_until=None) | Q(visible_until__gte=day), visible_from__lte=day)

    def left(self, day: date | None = None) -> ProviderQuerySet:
        """Those whose page patients could read before this day, and cannot any more."""
        day = day or timezone.localdate()
        return self.filter(visible_from__lte=day, visible_until__lt=day)

    def public(self, day: date | None = None) -> ProviderQuerySet:
        """Those whose page answers on this day: they are shown, or they left and it says so."""
        return self.filter(visible_from__lte=day or timezone.localdate())

    def with_languages(self, slug: str) -> Provider | None:
        """Return the one with this slug, with the languages that they speak as `codes`, in their order: one query."""
        spoken = self.filter(slug=slug).annotate(code=F("spoken_languages__code"))
        rows = list(spoken.order_by("spoken_languages__position", "spoken_languages__code"))
        for one in rows[:1]:
            one.codes = [row.code for row in rows if row.code]
        return rows[0] if rows else None


class Provider(models.Model):
    """A clinician's public profile. It is never deleted: who left has a page that says so."""

    class FocalPoint(models.TextChoices):
        """Which part of the photograph stays where a round or square piece of it is shown."""

        TOP = "top", "The upper part"
        CENTRE = "centre", "The middle"
        BOTTOM = "bottom", "The lower part"
        LEFT = "left", "The left side"
        RIGHT = "right", "The right side"

    slug = models.SlugField("address", max_length=80, unique=True)
    name = CanonicalCharField(max_length=120)
    post_nominals = CanonicalCharField("letters after the name", max_length=60, blank=True)
    role = CanonicalCharField(max_length=120)
    # Said by the clinic: no title or letters after a name are parsed for it.
    is_physician = models.BooleanField("is a physician", default=False)
    short_biography = CanonicalTextField("in short", max_length=400, blank=True)
    biography = CanonicalTextField(max_length=20_000, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # Points of the largest file; the smaller ones have the widths of `clinic.photos`.
    photo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    photo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    photo_focal_point = models.CharField(max_length=10, choices=FocalPoint, default=FocalPoint.CENTRE)
    photo_alternative_text = CanonicalCharField(max_length=125, blank=True)
    licence_authority = CanonicalCharField("licensing authority", max_length=160, blank=True)
    licence_number = CanonicalCharField("license number", max_length=60, blank=True)
    licence_url = WebAddressField("where to check the license", max_length=500, blank=True)
    certifications = CanonicalTextField("board certifications", max_length=1000, blank=True)
    accepts_new_patients = models.BooleanField("sees new patients", null=True, blank=True)
    locations = models.ManyToManyField(Location, blank=True, related_name="providers")
    position = models.PositiveSmallIntegerField(default=0)
    visible_from = models.DateField(default=timezone.localdate)
    visible_until = models.DateField(null=True, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="provider"
    )

    # Set by ProviderQuerySet.with_languages().
    code: str | None
    codes: list[str] | None = None

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(role=""), name="provider_has_name_and_role"),
            models.CheckConstraint(
                condition=Q(visible_until=None) | Q(visible_until__gte=F("visible_from")),
                name="provider_leaves_after_coming",
            ),
            models.CheckConstraint(
                condition=Q(photo_sha256="", photo_width=0, photo_height=0)
                | ~Q(photo_sha256="") & ~Q(photo_alternative_text="") & Q(photo_width__gt=0, photo_height__gt=0),
                name="provider_photo_has_size_and_alternative_text",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clinic:provider", args=[self.slug])

    @property
    def full_name(self) -> str:
        """The name with the letters after it, such as Maya Invented, MD."""
        return f"{self.name}, {self.post_nominals}" if self.post_nominals else self.name

    def has_left(self, day: date | None = None) -> bool:
        """Whether the last day on which patients could read the page is past."""
        return self.visible_until is not None and self.visible_until < (day or timezone.localdate())


class SpokenLanguage(models.Model):
    """A language that a provider speaks with patients."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="spoken_languages")
    # A code such as es or zh-hans: `clinic.languages` has the list and the names.
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="spoken_language_once")]

    def __str__(self) -> str:
        return self.code


class PerformedProcedure(models.Model):
    """A procedure, by its guide, that a provider performs, and how much practice they have as far as it is told."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="performed")
    guide = models.ForeignKey(Guide, models.PROTECT, related_name="+", limit_choices_to={"kind": "procedure"})
    # A year, not a number of years: it stays true.
    since_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2200)]
    )
    treatments = models.PositiveIntegerField(null=True, blank=True)
    counted_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["guide__title"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "guide"], name="performed_procedure_once"),
            models.CheckConstraint(
                condition=Q(treatments=None, counted_on=None) | Q(treatments__gt=0, counted_on__isnull=False),
                name="performed_procedure_count_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.guide)
