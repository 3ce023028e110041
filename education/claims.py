"""What each source of an edition supports: the claims that rest on it, and the pages whose text cites it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.text import slugify

from config.ready.until_changed import until_changed
from education.entries import KIND_NAMED
from education.models import Edition, EditionPage, Page
from education.reading import page_url, references, shown_sources
from education.rendering import keys
from education.rendering.entries import entry_anchor


@dataclass(frozen=True)
class Claim:
    """A place that rests on a source: an entry, or the text of a page, which has no `kind` and no `words`."""

    page: str
    url: str
    kind: str = ""
    kind_label: Any = ""
    words: str = ""


_shown_of_claim = attrgetter("page", "url", "kind", "words")


@until_changed
def supported(edition: Edition) -> list[dict[str, Any]]:
    """Return each source of an edition with how it stands today and with its `claims`: two queries.

    `edition` comes with its guide. The address of a claim leads to its entry; that of a text, to the first reference.
    """
    pages = list(edition.pages.order_by("position").with_html())
    anchors = {page.pk: _first_references(page) for page in pages}
    addresses = {page.pk: page_url(edition.guide.slug, page.slug) for page in pages}
    claims: dict[str, list[Claim]] = {}
    for page, number, entry, cited in _places(pages):
        # The renderer makes the anchor of the slug in this way too.
        own = entry_anchor(slugify(page.slug), number) if entry else ""
        has_own = bool(own) and f'id="{own}"' in (page.html or "")
        for key in set(cited):
            anchor = own if has_own else anchors[page.pk].get(key, "")
            url = addresses[page.pk] + (f"#{anchor}" if anchor else "")
            claims.setdefault(key, []).append(_claim(page, url, entry))
    return [{**source, "claims": claims.get(source["key"], [])} for source in shown_sources(edition.sources)]


def key_of(edition: Edition, rows: Iterable[Mapping[str, Any]]) -> tuple[object, ...]:
    """Return what the list of these sources and claims is kept by. The name of a kind follows from the kind."""
    shown = ((source["key"], source["standing"], *map(_shown_of_claim, source["claims"])) for source in rows)
    return (edition.chain_hash, *shown)


def _first_references(page: EditionPage) -> dict[str, str]:
    found: dict[str, str] = {}
    for reference in references(page.html or ""):
        if reference.kind == "source" and reference.anchor:
            found.setdefault(reference.key, reference.anchor)
    return found


Place = tuple[EditionPage, int, Mapping[str, Any] | None, Iterable[str]]


def _places(pages: Sequence[EditionPage]) -> Iterator[Place]:
    """Yield each text and each entry: the page where a reader finds it, its number there, the keys of its sources."""
    evidence = next((page for page in pages if page.kind == Page.Kind.EVIDENCE), None)
    for page in pages:
        yield page, 0, None, keys(page.markdown).sources
        for number, entry in enumerate(page.entries, start=1):
            # The overview has room for the headline facts alone; the evidence page has them all.
            elsewhere = page.kind == Page.Kind.OVERVIEW and not entry.get("headline")
            yield (evidence or page) if elsewhere else page, number, entry, entry["sources"]


def _claim(page: EditionPage, url: str, entry: Mapping[str, Any] | None) -> Claim:
    if entry is None:
        return Claim(page.title, url)
    kind = KIND_NAMED[entry["kind"]]
    words = kind.title_of(entry)
    if entry["kind"] == "key-fact":
        words = f"{words} {entry['value']}" if words.endswith(("?", "!", ":")) else f"{words}: {entry['value']}"
    return Claim(page.title, url, kind.name, kind.label, words)
