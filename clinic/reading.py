"""What education asks about the clinic, through the callables that the settings name, and how its own texts read."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import ResolverMatch

from clinic.brand import LIGHT, tokens
from clinic.models import Clinic, InformationPage, Provider
from education.reading import reading_of_snapshot
from education.snapshot import Snapshot, SnapshotPage
from education.working_copy import library


def contacts() -> tuple[str, ...]:
    """Return the clinic's telephone number and mail address, as far as they are set."""
    clinic = Clinic.current()
    return tuple(text for text in (clinic.phone, clinic.email) if text)


def on_paper() -> dict[str, str]:
    """Return what a leaflet says of the clinic as it is today: its name, how to reach it, and its colour in ink."""
    clinic = Clinic.current()
    colour = tokens(clinic.brand_colour, LIGHT).accent
    return {"name": clinic.name, "phone": clinic.phone, "email": clinic.email, "colour": colour}


def answers(match: ResolverMatch) -> bool:
    """Return whether an address outside education's would answer a patient."""
    # An address with a hash goes with the clinic's look, one with a secret is for its owner: nothing for patients.
    if match.app_name != "clinic" or {"digest", "secret"} & set(match.kwargs):
        return False
    slug = match.kwargs.get("slug")
    if match.url_name == "provider":
        # Who left has a page that says so: nothing to lead patients to either.
        return Provider.objects.shown().filter(slug=slug).exists()
    return slug is None or InformationPage.objects.filter(slug=slug).exists()


# As many as a clinic has providers and pages: a text that is the same, with the same sources, reads the same.
_rendered = lru_cache(maxsize=200)(Snapshot.rendered)


def read_text(slug: str, title: str, markdown: str) -> dict[str, Any]:
    """Return a text of the clinic as templates take it: rendered, with the sources and terms that it names.

    Its anchors begin with the slug. A text that names nothing asks the database nothing.
    """
    pages = (SnapshotPage("other", slug, title, markdown),)
    snapshot = Snapshot("", "", settings.LANGUAGE_CODE, "", "", pages, **library(pages))
    (rendered,), numbers = _rendered(snapshot)
    # Its sources and terms alone: the text itself has no address among the guides.
    reading = reading_of_snapshot("", replace(snapshot, pages=()), (), numbers)
    return {
        "rendered": rendered,
        "sources": reading.sources,
        "terms": reading.terms,
        "language": snapshot.language,
    }
