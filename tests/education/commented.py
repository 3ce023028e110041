"""A reviewer's comments, made as the reviewer's screen makes them."""

from __future__ import annotations

from typing import Any

from clinic.models import User
from education import actions
from education.models import Edition, Guide, Review
from tests import builders

NAUSEA = {"name": "Nausea", "frequency": "rare", "duration": "1 day", "action": "Rest.", "sources": ["trial-2020"]}
BRUISES = {
    "name": "Bruises", "frequency": "common", "duration": "5 days", "action": "Cool them.", "sources": ["trial-2020"],
}  # fmt: skip
TEXT = (
    "Some effects are common.\n\n## Bruises\n\n"
    "You can get [numbness](term:numbness) for *a day* [@trial-2020].\n\nIt goes."
)


def comment(edition: Edition, kind: str | None = "side-effects", words: str = "Say for how long.", **facts: Any):
    """Return a comment on an edition's page of this kind, or on the whole guide."""
    page = edition.pages.get(kind=kind) if kind else None
    return {
        "page": page.page_id if page else None,
        "slug": page.slug if page else "",
        "title": page.title if page else "The whole guide",
        "place": "",
        "line": None,
        "entry": None,
        "quote": "",
        "words": words,
        **facts,
    }


def written(guide: Guide, by: User) -> None:
    """Give the guide's side effects a text of several lines and two entries."""
    builders.write(guide, by, "side-effects", TEXT, entries=[BRUISES, NAUSEA])


def returned(guide: Guide, cast: dict[str, User], *comments: dict[str, Any], note: str = "See my comments.") -> Review:
    """Submit the guide as it is and return it with comments; without any, with one on the side effects.

    A comment here holds what it has beside the usual, such as {"words": "…", "line": 3}.
    """
    edition = builders.submitted(guide, cast["author"])
    made = [comment(edition, **one) for one in comments or ({},)]
    return actions.give_back(edition, by=cast["reviewer"], note=note, comments=made)


def of_three_kinds(guide: Guide, cast: dict[str, User]) -> Review:
    """Return the guide with a comment on a line, one on an entry, and one on the whole guide."""
    written(guide, cast["author"])
    return returned(
        guide,
        cast,
        {"place": "Under “Bruises”", "line": 5, "quote": "numbness for a day", "words": "Is it not two days?"},
        {"place": "Side effect “Nausea”", "entry": 2, "words": "Name a source for rare."},
        {"kind": None, "words": "Please read it aloud once."},
    )
