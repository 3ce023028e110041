"""Providers as tests make them, by the project's own action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from clinic import actions
from clinic.models import Location, PerformedProcedure, Provider, User
from education.models import Guide

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


def location(name: str = "Harbor Lane", **facts: Any) -> Location:
    """Save a place where the clinic sees patients."""
    slug = name.lower().replace(" ", "-")
    return Location.objects.create(**{"name": name, "slug": slug, "postal_address": "1 Example Street", **facts})
