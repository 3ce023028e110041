"""A guide with reasons not to have it, care steps and signs to watch for."""

from __future__ import annotations

from clinic.models import User
from education.models import Edition, Guide, Page
from tests import builders
from tests.education import sourced
from tests.education.example_entries import CARE_STEP, CONTRAINDICATION

Kind = Page.Kind
TELL_US = {**CONTRAINDICATION, "condition": "Pregnancy", "question": "Are you pregnant?", "advice": "tell-us-first"}
BEFORE = {**CARE_STEP, "from_day": -28, "to_day": -14, "text": "Tell us if you take a blood thinner."}
AFTER = {**CARE_STEP, "from_day": 1, "to_day": 10, "text": "Look at the skin each day."}
SIGNS = """\
Rest for a day [@trial-2020].

!!! emergency "Call 911 if"
    - you cannot breathe [@trial-2020]

!!! urgent "Call a doctor the same day if"
    - your skin turns hard
"""


def guide(cast: dict[str, User]) -> Guide:
    """Make a guide whose first reason means: tell us first, and whose second: do not book."""
    author = cast["author"]
    made = builders.guide(author)
    builders.page(made, author, Kind.CONTRAINDICATIONS, "Who should wait.", entries=[TELL_US, CONTRAINDICATION])
    builders.write(made, author, Kind.PREPARATION, "Eat as usual.", [{**BEFORE, "ask_prescriber": True}])
    builders.page(made, author, Kind.RECOVERY, SIGNS, entries=[AFTER])
    return made


def published(cast: dict[str, User]) -> Edition:
    return sourced.published(guide(cast), cast)
