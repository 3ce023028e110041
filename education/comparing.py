"""Two states of a guide beside each other: pages, facts, and what the texts refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from education.differences import Block, Gap, PageDifference, PageText, collapsed, page_differences, text_differences
from education.models import Edition, Page, Source
from education.snapshot import Snapshot, SnapshotPage

FACTS = {
    "title": _("Title"),
    "summary": _("Summary"),
    "language": _("Language"),
    "written_by": _("Written by"),
    "funding": _("Who pays"),
}
# What a row of the library says; the key stands in its heading, and a picture's file is named by its digest.
LIBRARY = {
    "title": _("Title"),
    "strength": _("Kind and strength"),
    "authors": _("Authors"),
    "publisher": _("Publisher or journal"),
    "year": _("Year"),
    "url": _("Web address"),
    "doi": _("DOI"),
    "pmid": _("PubMed number"),
    "note": _("Note"),
    "term": _("Word"),
    "plain_meaning": _("Plain meaning"),
    "sha256": _("File"),
    "alternative_text": _("Text for people who cannot see it"),
    "decorative": _("Decoration only"),
    "credit": _("Credit"),
    "licence": _("Licence"),
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
    return _compared(old, new, {"added": _("new"), "removed": _("removed")})


def compared_facts(old: Snapshot, new: Snapshot) -> list[Shown]:
    """Return the facts of the guide, the order of its pages, the sources, terms and images that differ."""
    words = {"added": _("not used before"), "removed": _("no longer used")}
    return [*_compared_order(old, new), *_compared(list(_things(old)), list(_things(new)), words)]


def _compared_order(old: Snapshot, new: Snapshot) -> list[Shown]:
    """Return the order of the pages when those that both have stand in another order."""
    before, after = ({_identity(page): page.title for page in one.pages} for one in (old, new))
    if [key for key in before if key in after] == [key for key in after if key in before]:
        return []
    blocks = text_differences("\n".join(before.values()), "\n".join(after.values()))
    return [Shown(now_in_language("Order of pages"), now_in_language("changed"), tuple(blocks))]


def _identity(page: SnapshotPage) -> str:
    """Return what a page is known by beside its address: its kind, of which a guide has one."""
    return page.slug if page.kind == Page.Kind.OTHER else page.kind


def _compared(old: Sequence[PageText], new: Sequence[PageText], words: Mapping[str, Any]) -> list[Shown]:
    return [
        _shown(difference, str(words.get(difference.kind, _("changed"))))
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
            yield PageText(f"fact {name}", str(label), "", str(facts[name]))
    kinds = ((_("Source"), facts["sources"]), (_("Term"), facts["terms"]), (_("Image"), facts["images"]))
    for kind, rows in kinds:
        for row in sorted(rows, key=lambda one: one["key"]):
            yield PageText(f"{kind} {row['key']}", f"{kind} “{_name(row)}”", "", _lines(row))


def _name(row: Mapping[str, Any]) -> str:
    """Return what a patient knows a source, term or image by."""
    return str(row.get("title") or row.get("term") or row["key"])


def _lines(row: Mapping[str, Any]) -> str:
    said = {**row}
    if "strength" in said:
        said["strength"] = Source.Strength(said["strength"]).label
    if "decorative" in said:
        said["decorative"] = _("yes") if said["decorative"] else _("no")
    return "\n".join(f"{label}: {said[name]}" for name, label in LIBRARY.items() if said.get(name))
