"""Two states of a guide beside each other: pages, their entries, facts, and what the texts refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from education.differences import (
    Block,
    Gap,
    PageDifference,
    PageText,
    Piece,
    collapsed,
    likeness,
    page_differences,
    text_differences,
)
from education.entries import KIND_NAMED, EntryField
from education.models import Edition, Page, Source
from education.snapshot import Snapshot, SnapshotPage, shown_entries
from education.working_copy import content_of

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
# Rows that share fewer of their words than this are two rows, not one that was written anew.
LEAST_LIKENESS_OF_ROWS = 0.5
LONGEST_NAME = 80


@dataclass(frozen=True)
class Shown:
    """A difference for a template: its unchanged stretches are shortened. A page has its entries' differences too.

    `place`: what a comment on it can be tied to, the value of a `CommentPlace`; empty where nobody comments.
    """

    title: str
    words: str
    blocks: tuple[Block | Gap, ...]
    title_before: str = ""
    slug_before: str = ""
    slug: str = ""
    entries: tuple[Shown, ...] = ()
    place: str = ""


def compared_texts(old: str, new: str) -> tuple[Block | Gap, ...]:
    """Return what changed between two texts, with unchanged stretches shortened; empty when nothing did."""
    return collapsed(text_differences(old, new)) if old != new else ()


def compared_pages(
    old: Sequence[PageText], new: Sequence[PageText], titles: Mapping[str, str] | None = None
) -> list[Shown]:
    """Return the pages that differ. `titles`: those of the sources, by key."""
    return _compared(old, new, {"added": _("new"), "removed": _("removed")}, titles)


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


def _compared(
    old: Sequence[PageText],
    new: Sequence[PageText],
    words: Mapping[str, Any],
    titles: Mapping[str, str] | None = None,
) -> list[Shown]:
    return [
        _shown(difference, str(words.get(difference.kind, _("changed"))), titles)
        for difference in page_differences(old, new)
        if difference.kind != "same"
    ]


def _shown(difference: PageDifference, words: str, titles: Mapping[str, str] | None) -> Shown:
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
        entries=tuple(entries_of_difference(difference, titles)),
    )


def entries_of_difference(difference: PageDifference, titles: Mapping[str, str] | None = None) -> list[Shown]:
    """Return what became of the entries of a page. `titles`: those of the sources, by key."""
    old, new = (page.entries if page else () for page in (difference.old, difference.new))
    return compared_entries(old, new, titles)


def edition_texts(edition: Edition) -> list[PageText]:
    """Return the pages of an edition for comparing."""
    pages = list(edition.pages.all())
    return page_texts([str(page.page_id) for page in pages], [content_of(page) for page in pages])


def page_texts(keys: Sequence[str], pages: Sequence[SnapshotPage]) -> list[PageText]:
    """Return pages for comparing, each with the entries that a reader sees on it. `keys`: what each is known by."""
    return [
        PageText(key, page.title, page.slug, page.markdown, shown_entries(pages, page))
        for key, page in zip(keys, pages, strict=True)
    ]


def titles_of_sources(*snapshots: Snapshot) -> dict[str, str]:
    """Return the titles of the sources by key, as the last of the snapshots has them."""
    return {source.key: source.title for snapshot in snapshots for source in snapshot.sources}


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


Row = Mapping[str, Any]


def compared_entries(old: Sequence[Row], new: Sequence[Row], titles: Mapping[str, str] | None = None) -> list[Shown]:
    """Return what became of the entries of one page: another order, then each changed, new or removed row.

    The rows are entries as an edition keeps them. `titles`: those of the sources, by key; without one the key stands.
    """
    titles = titles or {}
    became = matched_rows(old, new)
    origin = {there: here for here, there in became.items()}
    found: list[tuple[int | None, Shown | None]] = [
        (origin.get(index), _row_shown(old[origin[index]] if index in origin else None, row, titles))
        for index, row in enumerate(new)
    ]
    for index, row in enumerate(old):
        if index not in became:
            # A removed row stands after the one that it followed.
            place = next((at for at, (here, _row) in enumerate(found, 1) if index and here == index - 1), 0)
            found.insert(place, (index, _row_shown(row, None, titles)))
    return [*_compared_order_of_rows(old, new, became), *(shown for _here, shown in found if shown)]


def matched_rows(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    """Return which row became which, by number: equal ones first, then by name in their order, then by likeness."""
    became: dict[int, int] = {}
    for identity in (lambda row: row, lambda row: (row["kind"], _name_of_row(row))):
        for here in _left(old, became):
            for there in _left(new, became.values()):
                if identity(old[here]) == identity(new[there]):
                    became[here] = there
                    break
    words_before = {here: _words_of_row(old[here]) for here in _left(old, became)}
    words_after = {there: _words_of_row(new[there]) for there in _left(new, became.values())}
    pairs = [
        (-likeness(these, those), here, there)
        for here, these in words_before.items()
        for there, those in words_after.items()
        if old[here]["kind"] == new[there]["kind"]
    ]
    for unlikeness, here, there in sorted(pairs):
        if -unlikeness >= LEAST_LIKENESS_OF_ROWS and here not in became and there not in became.values():
            became[here] = there
    return became


def _left(rows: Sequence[Row], taken: Collection[int]) -> list[int]:
    return [index for index in range(len(rows)) if index not in taken]


def _name_of_row(row: Row) -> str:
    return KIND_NAMED[row["kind"]].title_of(row)


def _texts(row: Row) -> list[str]:
    fields = KIND_NAMED[row["kind"]].fields
    return [row[field.name] for field in fields if field.kind is str and not field.choices and row[field.name]]


def _words_of_row(row: Row) -> frozenset[str]:
    return frozenset(" ".join(_texts(row)).lower().split())


def _compared_order_of_rows(old: Sequence[Row], new: Sequence[Row], became: Mapping[int, int]) -> list[Shown]:
    """Return the order of the rows when those that both have stand in another order."""
    before = [became[here] for here in sorted(became)]
    after = sorted(before)
    if before == after:
        return []
    times = Counter(_name_of_row(row) for row in new)
    lines = {
        there: _short(
            _name_of_row(new[there]) if times[_name_of_row(new[there])] == 1 else ": ".join(_texts(new[there]))
        )
        for there in after
    }
    blocks = text_differences(*("\n".join(lines[there] for there in order) for order in (before, after)))
    kinds = KIND_NAMED[new[after[0]]["kind"]].plural
    return [Shown(str(kinds), now_in_language("in another order"), tuple(blocks))]


def _row_shown(old: Row | None, new: Row | None, titles: Mapping[str, str]) -> Shown | None:
    """Return a row as it changed, field by field; a new or a removed one whole; None when nothing changed."""
    row = new or old
    if row is None or old == new:
        return None
    kind = KIND_NAMED[row["kind"]]
    words = now_in_language("changed") if old and new else now_in_language("new") if new else now_in_language("removed")
    blocks = [block for field in kind.fields for block in _field_blocks(field, old, new)]
    before, after = (set(one["sources"]) if one else set() for one in (old, new))
    label = now_in_language("Source")
    blocks += [_block(label, [Piece("removed", titles.get(key, key))]) for key in sorted(before - after)]
    blocks += [_block(label, [Piece("added", titles.get(key, key))]) for key in sorted(after - before)]
    return Shown(f"{kind.label} “{_short(kind.title_of(row))}”", words, tuple(blocks))


def _field_blocks(field: EntryField, old: Row | None, new: Row | None) -> list[Block | Gap]:
    """Return what changed in one field, its label first; nothing when nothing did."""
    before, after = (_said(field, one) if one else "" for one in (old, new))
    whole = new if old is None else old if new is None else None
    if before == after or (whole and whole.get(field.name) is False):
        return []
    label = str(field.label)
    if "\n" in before or "\n" in after:
        lines = [block for block in compared_texts(before, after) if isinstance(block, Gap) or block.pieces[0].text]
        return [Block("same", (Piece("same", f"{label}:"),)), *lines]
    if field.kind is str and not field.choices:
        parts = [block.pieces for block in text_differences(before, after)]
    else:
        parts = [(Piece("removed", before),), (Piece("added", after),)]
    said = [part for part in parts if part[0].text]
    pieces = [piece for part in said for piece in (*part, Piece("same", " "))]
    return [_block(label, pieces[:-1])]


def _block(label: str, pieces: Sequence[Piece]) -> Block:
    return Block("changed", (Piece("same", f"{label}: "), *pieces))


def _said(field: EntryField, row: Row) -> str:
    """Return the value of a field in words."""
    value = row.get(field.name)
    if field.choices:
        labels: dict[Any, Any] = dict(field.choices.choices)
        return str(labels.get(value, value or ""))
    if field.kind is bool:
        return now_in_language("yes") if value else now_in_language("no")
    return "" if value is None else str(value)


def _short(name: str) -> str:
    return Truncator(" ".join(name.split())).chars(LONGEST_NAME)
