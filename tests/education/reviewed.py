"""How tests review an edition on its screen."""

from __future__ import annotations

from typing import Any

from clinic.models import User
from education.models import Edition
from education.quality.questions import QUESTIONS, YES
from tests.education.desk import signed_in, url

ALL_YES = {one.id: YES for one in QUESTIONS}


def review_url(edition: Edition) -> str:
    return url("education_edition_review", edition.pk)


def press(person: User, edition: Edition, button: str, **sent: Any) -> Any:
    """Send the form of a review with this button, and with what was typed: names with _ for -."""
    typed = {name.replace("_", "-"): value for name, value in sent.items()}
    return signed_in(person).post(review_url(edition), {"change": button, **typed})


def decide(person: User, edition: Edition, button: str = "approve", **sent: Any) -> Any:
    """Send a review in which every answer is yes and the text is the one on record, but for what `sent` says."""
    return press(person, edition, button, **{"judged": edition.content_hash, **ALL_YES, **sent})
