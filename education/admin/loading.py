"""What a staff address names: found, or 404."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404
from django.urls import register_converter, reverse

from education.models import Edition, Guide, Page, PageVersion, Review, Source


class RowId:
    """The number of a row in an address, small enough for any database."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RowId, "row")


def guide_or_404(pk: int) -> Guide:
    guide = Guide.objects.filter(pk=pk).first()
    if guide is None:
        raise Http404("There is no such guide.")
    return guide


def page_or_404(guide: int, pk: int) -> Page:
    """Return a page of this guide, removed or not, with its guide."""
    page = Page.objects.select_related("guide").filter(guide=guide, pk=pk).first()
    if page is None:
        raise Http404("This guide has no such page.")
    return page


def version_or_404(page: Page, pk: int) -> PageVersion:
    version = page.versions.filter(pk=pk).first()
    if version is None:
        raise Http404("This page has no such saved text.")
    return version


def source_titles(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the titles of the sources that these entries name, by key: one query."""
    wanted = {key for entry in entries for key in entry["sources"]}
    return dict(Source.objects.filter(key__in=wanted).values_list("key", "title")) if wanted else {}


def edition_or_404(pk: int) -> Edition:
    """Return an edition with its state and guide."""
    edition = Edition.objects.with_state().select_related("guide").filter(pk=pk).first()
    if edition is None:
        raise Http404("There is no such edition.")
    return edition


def review_or_404(guide: int, pk: int) -> Review:
    """Return a decision on an edition of this guide, with that edition and the guide."""
    review = Review.objects.select_related("edition__guide").filter(edition__guide=guide, pk=pk).first()
    if review is None:
        raise Http404("This guide has no such review.")
    return review


def guide_url(guide: int) -> str:
    return reverse("admin:education_guide_change", args=[guide])


def page_url(page: Page) -> str:
    """Return where a page is written."""
    return reverse("admin:education_page_write", args=[page.guide_id, page.pk])


def edition_url(edition: Edition) -> str:
    return reverse("admin:education_edition_change", args=[edition.pk])
