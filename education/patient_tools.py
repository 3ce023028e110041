"""What the self-check and the plan work from: entries of one edition, and where in the guide they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from config.ready.until_changed import until_changed
from education.care_cards import care_cards
from education.entries import KIND_NAMED
from education.models import Edition, Page
from education.reading import Reading, ReadingPage, live_editions, page_url

_REASONS, _STEPS = KIND_NAMED["contraindication"], KIND_NAMED["care-step"]
# Where signs to watch for are told, the place that patients are sent to first.
_PAGES_WITH_SIGNS = (Page.Kind.RECOVERY, Page.Kind.SIDE_EFFECTS)


@dataclass(frozen=True)
class PatientTools:
    """The reasons and care steps of an edition, and the pages that they stand on: title and address."""

    reasons: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    pages_of_reasons: tuple[tuple[str, str], ...]
    pages_of_steps: tuple[tuple[str, str], ...]


@until_changed
def tools_of(edition: Edition) -> PatientTools:
    """Return what the tools work from: one query. `edition` comes with its guide."""
    wanted = edition.pages.filter(kind__in=[*_REASONS.pages, *_STEPS.pages]).order_by("position")
    rows = list(wanted.values_list("kind", "slug", "title", "entries"))
    slug = edition.guide.slug

    def entries(kinds: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
        return tuple(entry for kind, _slug, _title, there in rows if kind in kinds for entry in there)

    def pages(kinds: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple((title, page_url(slug, at)) for kind, at, title, there in rows if kind in kinds and there)

    return PatientTools(entries(_REASONS.pages), entries(_STEPS.pages), pages(_REASONS.pages), pages(_STEPS.pages))


@dataclass(frozen=True)
class ToolsBeside:
    """Which tools a page leads to: whether there are reasons to check, and steps to plan."""

    reasons: bool
    steps: bool


def tools_beside(reading: Reading, page: ReadingPage | None = None) -> ToolsBeside | None:
    """Return the tools that a page leads to, or the whole guide; of a page that leads to none, None.

    The reasons lead to the self-check, the steps to the plan, and the overview to both.
    """
    leads_to_check, leads_to_plan = (
        page is None or page.is_overview or page.kind in kind.pages for kind in (_REASONS, _STEPS)
    )
    if not leads_to_check and not leads_to_plan:
        return None
    return ToolsBeside(
        leads_to_check and _filled(reading, _REASONS.pages), leads_to_plan and _filled(reading, _STEPS.pages)
    )


def _filled(reading: Reading, kinds: Iterable[str]) -> bool:
    return any(page.has_entries for page in reading.pages if page.kind in kinds)


def with_checks() -> list[Edition]:
    """Return the live editions that have a self-check, each with its guide, by the alphabet: one query."""
    return [edition for edition in live_editions() if edition.has_check]


@until_changed
def signs_of(edition: Edition, *, level: int) -> str:
    """Return the care cards of the first page that tells when to get help, as stored; empty without any.

    One query; a second one where only pages of other kinds have cards. Their headings get this level.
    """
    usual = edition.pages.filter(kind__in=_PAGES_WITH_SIGNS).with_html()
    in_order = sorted(usual, key=lambda page: _PAGES_WITH_SIGNS.index(page.kind))
    others = edition.pages.exclude(kind__in=_PAGES_WITH_SIGNS).order_by("position").with_html()
    for page in chain(in_order, others):
        address = page_url(edition.guide.slug, page.slug)
        if cards := care_cards(page.html or "", level=level, address=address):
            return cards
    return ""
