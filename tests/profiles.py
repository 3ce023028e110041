"""Providers as tests make them, by the project's own action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from clinic import actions
from clinic.models import Location, PerformedProcedure, Provider, User
from education import actions as education
from education.models import Edition, Guide, Page
from tests import builders

LONG_AGO = date(2020, 1, 1)


def provider(
    by: User,
    name: str = "Robin Sample",
    *,
    languages: Sequence[str] = ("en",),
    performs: Sequence[Guide | PerformedProcedure] = (),
    locations: Sequence[Location] = (),
    photo: Any = None,
    **facts: Any,
) -> Provider:
    """Save a provider who has been shown for long; `performs` are guides, or rows that say how much practice."""
    rows = [one if isinstance(one, PerformedProcedure) else PerformedProcedure(guide=one) for one in performs]
    slug = name.lower().replace(" ", "-").replace(".", "")
    row = Provider(**{"name": name, "slug": slug, "role": "nurse practitioner", "visible_from": LONG_AGO, **facts})
    return actions.save_provider(row, by=by, languages=languages, performed=rows, locations=locations, photo=photo)


def procedure(cast: dict[str, User], **facts: Any) -> Edition:
    """Publish a small guide, reviewed by the reviewer, and make it one to a procedure, which no edition knows."""
    guide = builders.guide(cast["author"], **facts)
    builders.page(guide, cast["author"], Page.Kind.CHOOSING_A_PROVIDER, "Ask about training [@trial-2020].")
    edition = builders.published(guide, cast)
    education.save_guide(Guide.objects.get(pk=guide.pk), by=cast["author"], kind="procedure")
    return Edition.objects.select_related("guide").get(pk=edition.pk)


def location(name: str = "Harbor Lane", **facts: Any) -> Location:
    """Save a place where the clinic sees patients."""
    slug = name.lower().replace(" ", "-")
    return Location.objects.create(**{"name": name, "slug": slug, "postal_address": "1 Example Street", **facts})
