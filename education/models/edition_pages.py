"""What an edition consists of: its pages, their HTML, the image files they show. Written once, like the edition."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from education.entries import KIND_NAMED
from education.models.guides import Page
from education.models.library import Image
from education.models.record import Edition
from education.models.write_once import WriteOnceModel, WriteOnceQuerySet


class EditionPageQuerySet(WriteOnceQuerySet["EditionPage"]):
    def with_html(self) -> EditionPageQuerySet:
        """Add `html`, the newest rendering of each page."""
        facts: dict[str, Any] = {"html": _newest_html()}
        return self.annotate(**facts)

    def as_read(self, only: str | None = None) -> list[ReadRow]:
        """Return the pages in their order as a reader meets them, none of what they were made from: one query.

        With `only`, the slug of a page, that page alone brings its HTML.
        """
        html = _newest_html() if only is None else Case(When(slug=only, then=_newest_html()))
        rows = self.annotate(shown=html, filled=HAS_ENTRIES)
        found = rows.order_by("position").values_list("kind", "slug", "title", "shown", "filled")
        return [ReadRow(*row) for row in found]


# Whether a page has any entries, as an annotation.
HAS_ENTRIES = ~Q(entries=[])


def _newest_html() -> Subquery:
    newest = Rendering.objects.filter(edition_page=OuterRef("pk")).order_by("-renderer_version", "-id")
    return Subquery(newest.values("html")[:1])


def has_check() -> Exists:
    """Return the condition that an edition has a self-check: a reason not to have the treatment, on any page."""
    pages = EditionPage.objects.filter(edition=OuterRef("pk"), kind__in=KIND_NAMED["contraindication"].pages)
    return Exists(pages.exclude(entries=[]))


class ReadRow(NamedTuple):
    """A page as a reader meets it. `html` is None where only its place in the contents is asked for."""

    kind: str
    slug: str
    title: str
    html: str | None
    has_entries: bool


class EditionPage(WriteOnceModel):
    """A page as the edition has it. `carried_over` says that it stands as in the live edition of that day."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="pages")
    page = models.ForeignKey(Page, models.PROTECT, related_name="edition_pages")
    kind = models.CharField(max_length=30, choices=Page.Kind.choices)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    markdown = models.TextField(blank=True)
    entries = models.JSONField(default=list)
    carried_over = models.BooleanField(default=False)

    html: str  # Set by EditionPageQuerySet.with_html().
    objects = EditionPageQuerySet.as_manager()  # type: ignore[misc]  # more than the base has

    class Meta(WriteOnceModel.Meta):
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="edition_page_slug_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="edition_page_position_once"),
            models.UniqueConstraint(fields=["edition", "page"], name="edition_page_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Rendering(WriteOnceModel):
    """The HTML that one version of the renderer made of a page."""

    edition_page = models.ForeignKey(EditionPage, models.PROTECT, related_name="renderings")
    renderer_version = models.PositiveIntegerField()
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta(WriteOnceModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["edition_page", "renderer_version"], name="rendering_once_a_version")
        ]

    def __str__(self) -> str:
        return f"Rendering of {self.edition_page_id} by version {self.renderer_version}"


class EditionImage(WriteOnceModel):
    """An image file that an edition shows, so that the file stays and the public may have it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="image_files")
    image = models.ForeignKey(Image, models.PROTECT, related_name="editions")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta(WriteOnceModel.Meta):
        constraints = [models.UniqueConstraint(fields=["edition", "image"], name="edition_image_once")]

    def __str__(self) -> str:
        return self.sha256
