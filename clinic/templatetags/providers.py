"""What pages of one app show of the other: providers beside a guide, self-checks before booking; templates compose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString

from clinic.models import Clinic, Provider
from clinic.profiles import Profile, pages_of_accounts, performers_of, providers_saying
from clinic.structured.provider import provider_script
from education.models import Edition, Guide, Page
from education.patient_tools import with_checks

register = template.Library()

# The pages on which a patient asks who does it; every other page has its own subject, and a budget of bytes.
ASKING = (Page.Kind.OVERVIEW, Page.Kind.COST, Page.Kind.CHOOSING_A_PROVIDER)
MOST_SHOWN = 4


@dataclass(frozen=True)
class Performers:
    """Who performs the procedure of a guide at the clinic today, as far as there is room."""

    guide_slug: str
    providers: tuple[Provider, ...]
    are_more: bool


@register.simple_tag
def performers(reading: Any, page: Any = None) -> Performers | None:
    """Return who performs the procedure of a guide, for a page on which patients ask, or for the whole: one query.

    None for any other page, for a guide that is about no procedure, and for what is not on record: no query.
    """
    if reading.edition is None or (page is not None and page.kind not in ASKING):
        return None
    guide: Guide = reading.edition.guide
    if guide.kind != Guide.Kind.PROCEDURE:
        return None
    found = performers_of(guide)
    return Performers(guide.slug, tuple(found[:MOST_SHOWN]), len(found) > MOST_SHOWN)


@dataclass(frozen=True)
class Checks:
    """The self-checks that somebody may want before booking, as far as there is room."""

    editions: tuple[Edition, ...]
    are_more: bool


@register.simple_tag
def checks_for(guide_slug: str | None = None) -> Checks | None:
    """Return the self-check of the guide that somebody wants to book, or of all where they named none: one query.

    None where there is no self-check to lead to.
    """
    return _checks([one for one in with_checks() if not guide_slug or one.guide.slug == guide_slug])


@register.simple_tag
def checks_of(profile: Profile) -> Checks | None:
    """Return the self-checks of what a provider performs; None where there is none to lead to. It asks no database."""
    return _checks(profile.checks)


def _checks(editions: Sequence[Edition]) -> Checks | None:
    return Checks(tuple(editions[:MOST_SHOWN]), len(editions) > MOST_SHOWN) if editions else None


@register.simple_tag
def found_providers(words: Sequence[str]) -> list[Provider]:
    """Return the shown providers of whom these words of a search tell: one query, or none."""
    return providers_saying(words)[:MOST_SHOWN]


@register.simple_tag
def provider_data(profile: Profile, clinic: Clinic) -> SafeString:
    """Return what a provider's page says, once more for machines."""
    return provider_script(profile, clinic)


@register.simple_tag
def pages_of_signers(reviews: Iterable[Any]) -> Mapping[int, str]:
    """Return where the provider's page is of each account that signed one of these reviews: one query, or none."""
    return pages_of_accounts({review.made_by_id for review in reviews if review.made_by_id})


@register.simple_tag
def page_of_signer(review: Any) -> str:
    """Return the address of the provider who signed a review, also of one who left, or an empty text."""
    return pages_of_signers([review]).get(review.made_by_id, "") if review else ""


@register.filter
def of_signer(pages: Mapping[int, str], signed: Any) -> str:
    """Return of these pages the one of whoever signed a row of the record, or an empty text."""
    return pages.get(signed.made_by_id, "") if pages else ""
