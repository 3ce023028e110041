"""The leaflet's fixed words, in the active language."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from education.wording import direction_of


def fixed_words() -> dict[str, object]:
    """Return the words by their place on the leaflet, with the language that they are in."""
    language = get_language() or "en"
    return {
        "lang": language,
        "dir": direction_of(language),
        "guide_for_patients": gettext("Guide for patients"),
        "edition": gettext("Edition"),
        "made": gettext("Made"),
        "approved_by": gettext("Approved by"),
        "not_approved": gettext("Not approved yet"),
        "one_person": gettext("It was reviewed by the person who wrote it, not by a second person."),
        "code": gettext("Code"),
        "current": gettext("Is this paper still current? Scan the square, or type this address:"),
        "phone": gettext("Phone"),
        "our_number": gettext("Our telephone number:"),
        "page": gettext("Page"),
        "page_of": gettext("of"),
        "help": gettext("When to get help"),
        "facts": gettext("Key facts"),
        "balance": gettext("Benefits and side effects"),
        "benefits": gettext("Benefits"),
        "effects": gettext("Side effects"),
        "reasons": gettext("Who should not have it"),
        "steps": gettext("What to do and when"),
        "todo": gettext("Do and don’t"),
        "warnings": gettext("Important to know"),
        "from_page": gettext("From the page"),
        "benefit": gettext("Benefit"),
        "evidence": gettext("Evidence"),
        "found": gettext("What studies found"),
        "ask": gettext("Questions to ask"),
        "ask_lead": gettext(
            "Take this leaflet to your talk with us. Write down what you want to know, and what we answer."
        ),
        "prompts": [
            gettext("What are my choices, and what happens if I do nothing?"),
            gettext("What is good and what is bad about each choice for me?"),
            gettext("How do I get help to decide?"),
        ],
        "own": gettext("My own questions"),
        "whole": gettext("The guide, page by page"),
        "see": gettext("See"),
        "see_page": gettext("page"),
        "terms": gettext("Words explained"),
        "sources": gettext("Sources"),
        "numbers": gettext(
            "These are the sources that this leaflet names. They have the same numbers in the whole guide."
        ),
        "about": gettext("About this guide"),
        "written_by": gettext("Written by"),
        "funding": gettext("Who pays"),
        "picture": gettext("Picture:"),
    }


def day(moment: datetime) -> str:
    """Return a day as the active language writes it."""
    return date_format(moment, "DATE_FORMAT")
