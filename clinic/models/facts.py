"""The clinic's own facts and its information pages."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from clinic.brand import DEFAULT_COLOUR
from clinic.models.currencies import Currency
from clinic.models.places import DIALLED
from education.models.text import CanonicalCharField, CanonicalTextField

# Pages with an address of their own at the top of the site.
TOP_PAGES = ("about", "privacy", "accessibility")


# After 45 CFR 149.610, the right of people who pay for themselves to a good faith estimate.
ESTIMATE_NOTICE = (
    "If you have no insurance or pay for your care yourself, you have the right to a good faith estimate in writing "
    "before you have it. Ask us for one. Keep your copy: if your bill is much higher, you can dispute it."
)

# No logo is shown larger, in pixels of a page, as `site.css` has it; its file has twice as many points each way, for
# sharp screens.
LOGO_HEIGHT, LOGO_WIDTH = 52, 320


@dataclass(frozen=True)
class Logo:
    """A logo's file: the SHA-256 that names it, and its size in points."""

    sha256: str
    points_wide: int
    points_tall: int

    @property
    def url(self) -> str:
        return reverse("clinic:logo", args=[self.sha256])

    @property
    def width(self) -> int:
        return self._shown(self.points_wide)

    @property
    def height(self) -> int:
        return self._shown(self.points_tall)

    def _shown(self, points: int) -> int:
        scale = min(Fraction(1), Fraction(LOGO_HEIGHT, self.points_tall), Fraction(LOGO_WIDTH, self.points_wide))
        return max(1, round(points * scale))


class Clinic(models.Model):
    """The one clinic that this site belongs to."""

    name = CanonicalCharField(max_length=120)
    tagline = CanonicalCharField(
        max_length=120, blank=True, help_text="A few words about what you do, such as: skin and aesthetic medicine."
    )
    phone = CanonicalCharField(
        max_length=40,
        blank=True,
        validators=[DIALLED],
        help_text="As patients should dial it.",
    )
    email = models.EmailField("e-mail", blank=True)
    emergency_text = CanonicalTextField(
        max_length=400, blank=True, help_text="What to do in an emergency. Shown at the foot of every page."
    )
    ownership = CanonicalTextField(
        "who owns and pays", max_length=600, blank=True, help_text="Who owns the clinic and who pays for it."
    )
    notice = CanonicalTextField(
        max_length=400, blank=True, help_text="Shown at the top of every page, such as: closed on 24 December."
    )
    currency = models.CharField(
        max_length=3, choices=Currency, default=Currency.USD, help_text="What your prices are in."
    )
    estimate_notice = CanonicalTextField(
        "notice beside prices", max_length=1000, default=ESTIMATE_NOTICE, help_text="Shown with every price."
    )
    answer_within_hours = models.PositiveSmallIntegerField(
        "answer within",
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text="How many of your opening hours a request for a consultation may wait. Patients read it; after that "
        "time the front desk is reminded.",
    )
    keep_closed_days = models.PositiveSmallIntegerField(
        "keep closed requests",
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="After this many days a closed request for a consultation is erased for good.",
    )
    brand_colour = models.CharField("colour", max_length=7, default=DEFAULT_COLOUR)
    # SHA-256 and points of each logo's file; empty and 0 while there is none.
    logo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    # Measured when it was saved.
    logo_seen_in_the_dark = models.BooleanField(default=True, editable=False)
    dark_logo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    dark_logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    dark_logo_height = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "clinic's facts"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="clinic_is_one_row"),
            models.CheckConstraint(condition=~Q(name=""), name="clinic_has_a_name"),
            models.CheckConstraint(
                condition=Q(logo_sha256="", logo_width=0, logo_height=0)
                | ~Q(logo_sha256="") & Q(logo_width__gt=0, logo_height__gt=0),
                name="clinic_logo_has_its_size",
            ),
            models.CheckConstraint(
                condition=Q(dark_logo_sha256="", dark_logo_width=0, dark_logo_height=0)
                | ~Q(logo_sha256="") & ~Q(dark_logo_sha256="") & Q(dark_logo_width__gt=0, dark_logo_height__gt=0),
                name="clinic_dark_logo_stands_beside_a_light_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo(self) -> Logo | None:
        """The logo for light screens, and for dark ones too while there is no other and it can be seen there."""
        return Logo(self.logo_sha256, self.logo_width, self.logo_height) if self.logo_sha256 else None

    @property
    def dark_logo(self) -> Logo | None:
        """The logo for dark screens, where it is another one."""
        if not self.dark_logo_sha256:
            return None
        return Logo(self.dark_logo_sha256, self.dark_logo_width, self.dark_logo_height)

    @property
    def logo_in_the_dark(self) -> Logo | None:
        """The logo that dark screens show. Without one the name stands there as words."""
        return self.dark_logo or (self.logo if self.logo_seen_in_the_dark else None)

    @classmethod
    def current(cls) -> Clinic:
        """Return the clinic's row, or an unsaved one with a neutral name while there is none."""
        return cls.objects.first() or cls(pk=1, name="Patient guides")


class InformationPage(models.Model):
    """A page about the clinic itself: about, privacy, accessibility, and others under /about/."""

    slug = models.SlugField(
        "address",
        max_length=80,
        unique=True,
        help_text="about, privacy and accessibility stand at the top of the site; all others under /about/.",
    )
    title = CanonicalCharField(max_length=120)
    markdown = CanonicalTextField("text", max_length=60_000)
    position = models.PositiveSmallIntegerField(default=0, help_text="Pages stand in this order in the footer.")
    changed_at = models.DateTimeField("last changed", null=True, editable=False)

    class Meta:
        ordering = ["position", "title"]
        verbose_name = "information page"
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(markdown=""), name="information_page_not_empty")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.slug in TOP_PAGES:
            return reverse(f"clinic:{self.slug}")
        return reverse("clinic:information", args=[self.slug])
