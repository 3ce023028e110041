"""Which addresses of guides search engines are to know, since when each reads as it does, and which say the same.

The form is that of https://www.sitemaps.org/protocol.html, with translations as
https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap asks for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from education.entries import KIND_NAMED
from education.models import HAS_ENTRIES, Edition, EditionPage, Page
from education.reading import page_url

# Pages beside those of the edition. What has `noindex`, such as the plan, stands in no site map.
_BESIDE = ("whole", "sources", "editions")
REASONS = KIND_NAMED["contraindication"]


@dataclass(frozen=True)
class Address:
    """A path of the site. `changed`: since when it reads as it does, where that is known.

    `translations`: language and path of each page that says the same, this one among them; empty without another.
    """

    path: str
    changed: datetime | None = None
    translations: tuple[tuple[str, str], ...] = ()


def guide_addresses() -> list[Address]:
    """Return the addresses of every live edition, guide by guide: two queries."""
    live = Edition.objects.live()
    wanted = ("language", "guide__slug", "guide__translation_of")
    editions = list(live.with_live_since().select_related("guide").only(*wanted).order_by("guide__slug"))
    pages: dict[int, list[tuple[str, str]]] = defaultdict(list)
    # Without a reason there is nothing to ask, and the self-check answers 404.
    asking = set()
    rows = EditionPage.objects.filter(edition__in=live).annotate(filled=HAS_ENTRIES).order_by("position")
    for edition_id, kind, slug, filled in rows.values_list("edition_id", "kind", "slug", "filled"):
        pages[edition_id].append((kind, slug))
        if filled and kind in REASONS.pages:
            asking.add(edition_id)
    found = {one.pk: dict(_pages_of(one, pages[one.pk], asking)) for one in editions}
    groups: dict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        groups[_original(edition)].append(edition)
    return [
        Address(path, edition.live_since, _translations(key, groups[_original(edition)], found))
        for edition in editions
        for key, path in found[edition.pk].items()
    ]


def _original(edition: Edition) -> int:
    """Return the guide that a guide is a translation of, or that guide itself."""
    return edition.guide.translation_of_id or edition.guide_id


def _pages_of(edition: Edition, pages: Iterable[tuple[str, str]], asking: Container[int]) -> Iterator[tuple[str, str]]:
    """Yield what tells a page of a guide from its others, alike in each translation, and its path."""
    slug = edition.guide.slug
    for kind, at in pages:
        # There may be several others, of which nothing says which is which in another language.
        yield (kind if kind != Page.Kind.OTHER else f"{slug}/{at}"), page_url(slug, at)
    for name in (*_BESIDE, *(["check"] if edition.pk in asking else [])):
        yield f"/{name}", reverse(f"education:{name}", args=[slug])


def _translations(key: str, group: Iterable[Edition], found: dict[int, dict[str, str]]) -> tuple[tuple[str, str], ...]:
    same = [(one.language, found[one.pk][key]) for one in group if key in found[one.pk]]
    # Two guides in one language are no translations of each other, so nothing says which of them is meant.
    return tuple(same) if len(same) > 1 and len(dict(same)) == len(same) else ()
