"""A guide whose claims rest on sources in every way: by entries, by texts, on the overview and as evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic.models import User
from education import actions
from education.actions import Blocked
from education.models import Edition, Guide, Page, Source, SourceCheck
from tests import builders
from tests.education.example_entries import BENEFIT, KEY_FACT, SIDE_EFFECT

Kind = Page.Kind


def sourced(cast: dict[str, User], slug: str = "cold-therapy", title: str = "Cold therapy") -> Guide:
    """Make a guide that cites two sources.

    `trial-2020`: in the text of the overview, the side effects and the evidence page, a headline fact, a side effect.
    `old-2001`: a benefit, and a fact that only the evidence page shows.
    """
    author = cast["author"]
    builders.source("old-2001", title="An old trial", year=2001)
    guide = builders.guide(author, title=title, slug=slug)
    builders.page(guide, author, Kind.BENEFITS, "You may feel less pain.", entries=[_resting_on("old-2001", BENEFIT)])
    builders.page(guide, author, Kind.EVIDENCE, "One trial is good [@trial-2020].")
    fact = {"label": "How long", "value": "It takes you an hour.", "headline": False, "sources": ["old-2001"]}
    _add_entries(guide, author, Kind.OVERVIEW, KEY_FACT, fact)
    _add_entries(guide, author, Kind.SIDE_EFFECTS, SIDE_EFFECT)
    return guide


def _resting_on(key: str, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "sources": [key]}


def _add_entries(guide: Guide, by: User, kind: str, *entries: dict[str, Any]) -> None:
    page = guide.pages.get(kind=kind)
    text = {"title": page.title, "slug": page.slug, "markdown": page.markdown}
    actions.save_page(page, by=by, base=None, entries=list(entries), **text)


def published(guide: Guide, cast: dict[str, User], what_changed: str = "An edition.") -> Edition:
    """Submit, approve and publish the guide, with a reason for each warning of its report."""
    said = {"what_changed": what_changed}
    try:
        edition = actions.submit(guide, by=cast["owner"], **said)
    except Blocked as blocked:
        reasons = {finding.key: "It is right as it is." for finding in blocked.missing}
        edition = actions.submit(guide, by=cast["owner"], reasons=reasons, **said)
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.publish(edition, by=cast["author"])
    return edition


def checked(key: str, by: User, outcome: str = "withdrawn", note: str = "The journal took it back.") -> SourceCheck:
    """Record a check of the source with this key."""
    return actions.check_source(Source.objects.get(key=key), by=by, outcome=outcome, note=note)


def check_due(key: str, by: User, day: date) -> SourceCheck:
    """Record that a source stands and is to be checked by a day."""
    return actions.check_source(Source.objects.get(key=key), by=by, outcome="current", next_check=day)
