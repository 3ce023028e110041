"""Two states of a guide beside each other: pages, facts, and what the texts refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from education.differences import Block, Gap, PageDifference, PageText, collapsed, page_differences, text_differences
from education.models import Edition, Source
from education.snapshot import Snapshot

FACTS = {
    "title": "Title",
    "summary": "Summary",
    "language": "Language",
    "written_by": "Written by",
    "funding": "Who pays",
}
# What a row of the library says; the key stands in its heading, and a picture's file is named by its digest.
LIBRARY = {
    "title": "Title",
    "strength": "Kind and strength",
    "authors": "Authors",
    "publisher": "Publisher or journal",
    "year": "Year",
    "url": "Web address",
    "doi": "DOI",
    "pmid": "PubMed number",
    "note": "Note",
    "term": "Word",
    "plain_meaning": "Plain meaning",
    "sha256": "File",
    "alternative_text": "Text for people who cannot see it",
    "decorative": "Decoration only",
    "credit": "Credit",
    "licence": "Licence",
}


@dataclass(frozen=True)
class Shown:
    """A difference for a template: its unchanged stretches are shortened."""

    title: str
    words: str
    blocks: tuple[Block | Gap, ...]
    title_before: str = ""
    slug_before: str = ""
    slug: str = ""


def compared_texts(old: str, new: str) -> tuple[Block | Gap, ...]:
    """Return what changed between two texts, with unchanged stretches shortened; empty when nothing did."""
    return collapsed(text_differences(old, new)) if old != new else ()


def compared_pages(old: Sequence[PageText], new: Sequence[PageText]) -> list[Shown]:
    """Return the pages that differ."""
    return _compared(old, new, {"added": "new", "removed": "removed"})


def compared_facts(old: Snapshot, new: Snapshot) -> list[Shown]:
    """Return the facts of the guide, the sources, terms and images that differ."""
    words = {"added": "not used before", "removed": "no longer used"}
    return _compared(list(_things(old)), list(_things(new)), words)


def _compared(old: Sequence[PageText], new: Sequence[PageText], words: Mapping[str, str]) -> list[Shown]:
    return [
        _shown(difference, words.get(difference.kind, "changed"))
        for difference in page_differences(old, new)
        if difference.kind != "same"
    ]


def _shown(difference: PageDifference, words: str) -> Shown:
    page = difference.new or difference.old
    if page is None:
        raise ValueError("A difference has an old page or a new one.")
    return Shown(
        title=page.title,
        words=words,
        blocks=collapsed(difference.blocks),
        title_before=difference.old.title if difference.old and difference.title_changed else "",
        slug_before=difference.old.slug if difference.old and difference.slug_changed else "",
        slug=page.slug,
    )


def edition_texts(edition: Edition) -> list[PageText]:
    """Return the pages of an edition for comparing."""
    return [PageText(str(page.page_id), page.title, page.slug, page.markdown) for page in edition.pages.all()]


def _things(snapshot: Snapshot) -> Iterable[PageText]:
    facts = asdict(snapshot)
    for name, label in FACTS.items():
        if facts[name]:
            yield PageText(f"fact {name}", label, "", str(facts[name]))
    for kind, rows in (("Source", facts["sources"]), ("Term", facts["terms"]), ("Image", facts["images"])):
        for row in sorted(rows, key=lambda one: one["key"]):
            yield PageText(f"{kind} {row['key']}", f"{kind} “{row['key']}”", "", _lines(row))


def _lines(row: Mapping[str, Any]) -> str:
    said = {**row}
    if "strength" in said:
        said["strength"] = Source.Strength(said["strength"]).label
    if "decorative" in said:
        said["decorative"] = "yes" if said["decorative"] else "no"
    return "\n".join(f"{label}: {said[name]}" for name, label in LIBRARY.items() if said.get(name))
