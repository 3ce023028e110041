"""How far a new clinic has come: what its site still lacks before patients can use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clinic.first_steps import of_clinic, of_site
from clinic.first_steps.step import Check, FirstSteps, Step, Way
from clinic.models import TOP_PAGES, Clinic
from education.guide_files import Key, PageFile, read_page

__all__ = ["Check", "FirstSteps", "Step", "Way", "first_steps", "starting_text"]

STARTING_TEXTS = Path(__file__).resolve().parent / "starting_texts"
_FRONT = {"slug": Key(str, True, (), 80), "title": Key(str, True, (), 120)}


def first_steps(person: Any) -> FirstSteps | None:
    """Return the steps for an owner or an editor, and None for everybody else.

    At most 11 queries for an owner, however much there is. Those that ask whether something is there read one row.
    """
    if not (person.is_active and person.has_perm("clinic.change_clinic")):
        return None
    staff = of_site.Staff(person)
    clinic = Clinic.objects.first()
    return FirstSteps(
        (
            of_clinic.facts(person, clinic),
            of_clinic.brand(person, clinic),
            of_clinic.hours(person),
            of_clinic.provider(person),
            of_clinic.pages(person),
            of_site.guide(person),
            of_clinic.prices(person),
            staff.step(),
            of_site.going_live(staff.sample_accounts),
        )
    )


def starting_text(slug: str) -> PageFile | None:
    """Return the text with which a page about the clinic can begin, with gaps to fill, or None."""
    return read_page(STARTING_TEXTS / f"{slug}.md", _FRONT) if slug in TOP_PAGES else None
