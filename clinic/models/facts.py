"""The clinic's own facts and its information pages."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from education.models.text import CanonicalCharField, CanonicalTextField

# Pages with an address of their own at the top of the site.
TOP_PAGES = ("about", "privacy", "accessibility")


class Clinic(models.Model):
    """The one clinic that this site belongs to."""

    name = CanonicalCharField(max_length=120)
    phone = CanonicalCharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[0-9+() .x/-]+\Z", "Write digits, spaces and + ( ) - . only.")],
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

    class Meta:
        verbose_name = verbose_name_plural = "clinic's facts"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="clinic_is_one_row"),
            models.CheckConstraint(condition=~Q(name=""), name="clinic_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

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
