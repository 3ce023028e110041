"""The public site as tests use it: the clinic's facts and pages, and the addresses that the design promises."""

from __future__ import annotations

from datetime import time
from typing import Any

from clinic import actions
from clinic.models import Clinic, InformationPage, Location, User
from education.models import Edition

SITE = ["/", "/guides/", "/providers/", "/about/", "/privacy/", "/accessibility/", "/about/how-we-work/"]


def clinic(by: User, **facts: Any) -> Clinic:
    """Save the clinic's facts: a name, and what else is given."""
    return actions.save_clinic(Clinic(**{"name": "Test Clinic", **facts}), by=by)


def whole_clinic(by: User) -> Clinic:
    """Save the clinic with all its facts and an information page at every address of SITE."""
    for slug in ("about", "privacy", "accessibility", "how-we-work"):
        information(by, slug)
    return clinic(
        by,
        phone="(202) 555-0142",
        email="hello@clinic.example",
        emergency_text="In an emergency call 911.",
        ownership="Owned by its doctors.",
        notice="Closed on Friday.",
        estimate_notice="Ask for your estimate.",
    )


def information(by: User, slug: str, markdown: str = "## Why\n\nBecause.", **facts: Any) -> InformationPage:
    page = InformationPage(**{"slug": slug, "title": f"Page {slug}", "markdown": markdown, **facts})
    return actions.save_information_page(page, by=by)


def place(by: User, hours: Any = None, special_days: Any = (), **facts: Any) -> Location:
    """Save a place of the clinic: open on weekdays with a break, or at the `hours` given."""
    break_between = ((time(9), time(12, 30)), (time(13, 30), time(17)))
    week = dict.fromkeys(range(5), break_between) if hours is None else hours
    location = Location(
        **{"slug": "dock-street", "name": "Dock Street", "postal_address": "7 Dock Street\nExampleton", **facts}
    )
    return actions.save_location(location, by=by, hours=week, special_days=special_days)


def of_live_guide(edition: Edition) -> list[str]:
    """Return every address that answers for the live edition alone, and goes when it is withdrawn."""
    at = edition.guide.get_absolute_url()
    pages = [f"{at}{page.slug}/" for page in edition.pages.exclude(slug="overview")]
    return [at, *pages, f"{at}all/", f"{at}sources/", f"{at}sources.csv", f"{at}sources.json", f"{at}leaflet.pdf"]


def of_history(edition: Edition) -> list[str]:
    """Return every address of the edition's record, which stays for good once it was live."""
    at = edition.guide.get_absolute_url()
    return [
        f"{at}editions/",
        f"{at}editions/{edition.number}/",
        f"{at}editions/{edition.number}/changes/",
        f"{at}editions/{edition.number}/leaflet.pdf",
        f"/e/{edition.code}/",
    ]


def of_guide(edition: Edition) -> list[str]:
    return of_live_guide(edition) + of_history(edition)
