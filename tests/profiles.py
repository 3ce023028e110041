"""Providers as tests make them, by the project's own action."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from clinic import actions
from clinic.models import Location, PerformedProcedure, Provider, User
from education import actions as education
from education.models import Edition, Guide, Page
from tests import builders
from tests.pictures import png

LONG_NAME = "Maximiliana-Theodora Invented-Longlastname of the Northern Harbor and River Valley"
LONG_ROLE = "chief of dermatologic surgery, of the skin laboratory and of the outpatient department"
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


def known(cast: dict[str, User], guide: Guide, place: Location, **facts: Any) -> Provider:
    """Save a provider with an account, two languages, a place, and practice in the guide's procedure."""
    row = PerformedProcedure(guide=guide, since_year=2015, treatments=1400, counted_on=date(2024, 3, 31))
    facts = {"biography": "Ten years.", **facts}
    return provider(
        cast["author"],
        languages=["es", "en"],
        performs=[row],
        locations=[place],
        account=cast["reviewer"],
        accepts_new_patients=True,
        **facts,
    )


def well_known(cast: dict[str, User], guide: Guide) -> Provider:
    """Save a provider of whom everything is known but what they look like."""
    return known(
        cast,
        guide,
        location(),
        post_nominals="NP",
        short_biography="Gives injections.",
        biography="## Training\n\nTen years of [numbness](term:numbness) [@trial-2020].",
        licence_authority="Example Board",
        licence_number="EX-1",
        licence_url="https://example.org/check",
        certifications="Dermatology, Example Board\nLasers",
    )


def whole(cast: dict[str, User], live: Edition) -> Provider:
    """Save providers who show all that a page can show, with nothing, with long names, and gone; return the first."""
    by, guide = cast["author"], live.guide
    education.save_guide(guide, by=by, kind="procedure")
    guide.refresh_from_db()
    row = PerformedProcedure(guide=guide, since_year=2015, treatments=1400, counted_on=date(2024, 3, 31))
    robin = provider(
        by,
        languages=["es", "en", "ase"],
        performs=[row],
        locations=[location(), location(LONG_NAME, slug="long")],
        photo=io.BytesIO(png(700, 900)),
        photo_alternative_text="Robin Sample at a desk",
        post_nominals="NP, PhD",
        short_biography="Gives injections.",
        biography="We know [numbness](term:numbness) [@trial-2020].\n\n## Training\n\nTen years.",
        licence_authority="Example Board",
        licence_number="EX-1",
        licence_url="https://example.org/check",
        certifications="Dermatology\nLasers",
        accepts_new_patients=True,
        account=cast["reviewer"],
    )
    provider(by, LONG_NAME, slug="long", role=LONG_ROLE, performs=[guide], languages=["fr"])
    provider(by, "Nobody Yet", languages=())
    left = date(2021, 5, 1)
    provider(by, "Gus Gone", performs=[guide], account=cast["second_reviewer"], visible_until=left)
    return robin


def location(name: str = "Harbor Lane", **facts: Any) -> Location:
    """Save a place where the clinic sees patients."""
    slug = name.lower().replace(" ", "-")
    return Location.objects.create(**{"name": name, "slug": slug, "postal_address": "1 Example Street", **facts})
