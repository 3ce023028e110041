"""Steps of a new clinic: what it says of itself, where, who, and for how much."""

from __future__ import annotations

from typing import Any

from clinic.brand import DEFAULT_COLOUR
from clinic.first_steps.step import Step, Way, listed, way_to
from clinic.models import TOP_PAGES, Clinic, InformationPage, Location, Price, Provider


def _clinic_way(person: Any, clinic: Clinic | None, words: str, after: str = "") -> Way:
    name, args = ("clinic_clinic_change", [clinic.pk]) if clinic else ("clinic_clinic_add", [])
    return way_to(person, words, name, *args, permission="clinic.change_clinic", after=after)


def facts(person: Any, clinic: Clinic | None) -> Step:
    wanted = {
        "its name": clinic and clinic.name,
        "its telephone number": clinic and clinic.phone,
        "what to do in an emergency": clinic and clinic.emergency_text,
        "who owns it and pays for it": clinic and clinic.ownership,
    }
    missing = [words for words, value in wanted.items() if not value]
    return Step(
        "Your clinic's facts",
        "They stand on every page: patients see whose site it is, how to reach you, and what to do in an emergency.",
        done=not missing,
        stands=f"Missing: {listed(missing)}." if missing else "All are there.",
        ways=(_clinic_way(person, clinic, "Write the clinic's facts"),),
    )


def brand(person: Any, clinic: Clinic | None) -> Step:
    own = bool(clinic and (clinic.brand_colour != DEFAULT_COLOUR or clinic.logo_sha256))
    return Step(
        "Your colour and your logo",
        "With them patients recognise you; without them the site is green and shows your name.",
        done=own,
        stands="The site has your look." if own else "The site has the look that it came with.",
        ways=(_clinic_way(person, clinic, "Choose a colour and a logo", "#id_brand_colour"),),
        optional=True,
    )


def hours(person: Any) -> Step:
    # A place whose every day is closed has hours too: its rows say so.
    places = list(Location.objects.shown().order_by("position", "name").values_list("pk", "weekday_hours")[:50])
    done = any(hours for _, hours in places)
    change = [pk for pk, _ in places][:1]
    way = (
        way_to(person, "Write its hours", "clinic_location_change", *change, permission="clinic.change_location")
        if change
        else way_to(person, "Add a place with its hours", "clinic_location_add", permission="clinic.add_location")
    )
    return Step(
        "Where you are, and when you are open",
        "Patients see where to come, how to get in, and whether you are open now.",
        done=done,
        stands="A place has its hours." if done else "A place has no hours." if places else "No place is there.",
        ways=(way,),
    )


def provider(person: Any) -> Step:
    done = Provider.objects.shown().exists()
    return Step(
        "Who treats patients",
        "Patients ask who does it: a provider has a page of their own, and guides name them.",
        done=done,
        stands="Patients can read about a provider." if done else "Patients can read about nobody.",
        ways=(way_to(person, "Add a provider", "clinic_provider_add", permission="clinic.add_provider"),),
    )


def pages(person: Any) -> Step:
    there = set(InformationPage.objects.filter(slug__in=TOP_PAGES).values_list("slug", flat=True))
    missing = [slug for slug in TOP_PAGES if slug not in there]
    listing, permission = "clinic_informationpage_changelist", "clinic.view_informationpage"
    all_of_them = way_to(person, "See your pages", listing, permission=permission)
    return Step(
        "Pages about your clinic",
        "Patients see who you are, what you do with what they tell you, and how to get help with the site.",
        done=not missing,
        stands=f"Missing: {listed(missing)}." if missing else "All are there.",
        ways=(*(_begin_page(person, slug) for slug in missing), *([] if missing else [all_of_them])),
    )


def _begin_page(person: Any, slug: str) -> Way:
    words, name = f"Write “{slug}”, with a text to begin with", "clinic_informationpage_add"
    return way_to(person, words, name, permission="clinic.add_informationpage", after=f"?slug={slug}")


def prices(person: Any) -> Step:
    done = Price.objects.open().exists()
    return Step(
        "What it costs",
        "Patients see what a whole course costs; a price belongs to a guide, so that comes first.",
        done=done,
        stands="A price is there." if done else "No price is there.",
        ways=(way_to(person, "Add a price", "clinic_price_add", permission="clinic.add_price"),),
    )
