"""What importing a folder would change in what is here already: for the person who decides, and as a fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from education.canonical import canonical_json, canonical_text, sha256
from education.differences import Block, text_differences
from education.entries import KIND_NAMED, KIND_OF_PAGE, canonical_entry
from education.guide_files import GuideFiles, PageFile, Row
from education.models import ENTRY_MODELS, Guide, Image, Page, Source, Term
from education.rendering import keys
from education.working_copy import entries_of

LONGEST_SHOWN, SHOWN_BEFORE, MOST_LINES = 70, 20, 20
# What was found about a source is a check of its own, not one of its facts.
OF_A_CHECK = ("status", "status_note")
LIBRARY: tuple[tuple[str, type[Source] | type[Term] | type[Image]], ...] = (
    ("sources", Source),
    ("terms", Term),
    ("images", Image),
)


@dataclass(frozen=True)
class Change:
    """One place that an import would write: what differs there in words, and both values for the fingerprint.

    `existing`: something that is here already would say something else.
    """

    place: str
    says: tuple[str, ...]
    before: Any
    after: Any
    existing: bool = True


@dataclass(frozen=True)
class Changes:
    """All that an import would write, and the titles of the guide's pages that the folder does not have.

    `doubts`: what the folder has found about sources that are here and stand otherwise; an import leaves that to staff.
    """

    rows: tuple[Change, ...] = ()
    untouched: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def overwrite(self) -> bool:
        return any(row.existing for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """A hash over every value that would be written and over what it would take the place of."""
        return sha256(canonical_json([[row.place, row.before, row.after] for row in self.rows]))

    def lines(self) -> Iterator[str]:
        """Yield the changes for a reader, a line each."""
        for row in self.rows:
            yield f"{row.place}"
            yield from (f"  {line}" for line in row.says)
        if self.untouched:
            yield f"Not in the folder, so these pages stay as they are: {', '.join(self.untouched)}."


def changes_of(
    files: GuideFiles, guide: Guide | None, facts: Mapping[str, Any], pictures: Mapping[str, str]
) -> Changes:
    """Return what importing the files would change. `facts`: the guide's; `pictures`: SHA-256 by an image's key."""
    rows = list(_library_changes(files, guide, pictures))
    doubts = tuple(_doubts(files.sources))
    if guide is None:
        return Changes(tuple(rows), doubts=doubts)
    matches = matching_pages(guide, files.pages)
    rows += _guide_changes(guide, facts)
    rows += _page_changes(files.pages, matches)
    named = {page.pk for page in matches if page}
    untouched = tuple(page.title for page in guide.pages.kept() if page.pk not in named)
    return Changes(tuple(rows), untouched, doubts)


def with_order(changes: Changes, before: Iterable[Page], after: Iterable[Page], named: Collection[int]) -> Changes:
    """Return the changes with the new order of the pages: when pages move, or new ones come among others that stay.

    `before` and `after`: the guide's kept pages in order; `named`: the ids of those that the folder has.
    """
    old, new = list(before), list(after)
    there = {page.pk for page in old}
    moved = [page.pk for page in new if page.pk in there] != [page.pk for page in old]
    if not moved and not (changes.untouched and len(new) > len(old)):
        return changes
    titles = (page.title if page.pk in named else f"{page.title} (not in the folder)" for page in new)
    slugs = [page.slug for page in old], [page.slug for page in new]
    row = Change("The order of the pages", (f"would be: {', '.join(titles)}",), *slugs)
    return replace(changes, rows=(*changes.rows, row))


def matching_pages(guide: Guide, files: Sequence[PageFile]) -> list[Page | None]:
    """Return for each file the page of the guide that it is about: of its kind, for "other" of its address.

    A kept page comes first, then the one removed last.
    """
    pages = [*guide.pages.kept(), *guide.pages.removed()]
    found = []
    for file in files:
        kind, slug = file.front.values["kind"], slug_of(file)
        same = (page for page in pages if page.kind == kind and (kind != Page.Kind.OTHER or page.slug == slug))
        found.append(next(same, None))
    return found


def slug_of(file: PageFile) -> str:
    return file.front.values.get("slug") or file.front.values["kind"]


def entries_in(file: PageFile) -> tuple[dict[str, Any], ...]:
    """Return the entries of a page's file in their canonical form."""
    kind = KIND_OF_PAGE.get(file.front.values["kind"])
    return tuple(canonical_entry(kind, row.values, row.values.get("sources", ())) for row in file.entries if kind)


def library_facts(row: Row, pictures: Mapping[str, str]) -> dict[str, Any]:
    """Return what a row of the library file says about a source, a term or an image.

    A text or number that is left out is none of it, so that what is here stays; a source without year has none.
    """
    values = {name: one for name, one in row.values.items() if name not in OF_A_CHECK}
    facts = {name: canonical_text(one) if isinstance(one, str) else one for name, one in values.items()}
    if "strength" in facts:
        facts.setdefault("year", None)
    if facts.pop("file", None):
        facts["sha256"] = pictures[facts["key"]]
    return facts


def _library_changes(files: GuideFiles, guide: Guide | None, pictures: Mapping[str, str]) -> Iterator[Change]:
    for name, model in LIBRARY:
        rows = {row.values["key"]: row for row in getattr(files, name)}
        # Held until the end, so that what was agreed to is what is overwritten.
        there = {one.key: one for one in model.objects.select_for_update().filter(key__in=rows).order_by("key")}
        for key, row in rows.items():
            place = f"{model.__name__} {key}"
            facts = library_facts(row, pictures)
            if key not in there:
                found = {name: row.values[name] for name in OF_A_CHECK if row.values.get(name)}
                says = f"new, {found['status']}: {_shown(found.get('status_note'))}" if "status" in found else "new"
                yield Change(place, (says,), None, {**facts, **found}, existing=False)
                continue
            before = {field: getattr(there[key], field) for field in facts}
            if before != facts:
                used = ", ".join(_used_in(model, key, guide))
                also = f" (also used in: {used})" if used else ""
                yield Change(place + also, tuple(_differing(before, facts)), before, facts)


def _doubts(rows: Sequence[Row]) -> Iterator[str]:
    said = {row.values["key"]: row.values for row in rows if row.values.get("status")}
    for source in Source.objects.with_check().filter(key__in=said).order_by("key"):
        status, note = said[source.key]["status"], said[source.key].get("status_note")
        if source.status != status:
            yield (
                f"The folder says that the source “{source.key}” is {status}: {_shown(note)} "
                f"Here it is {source.status or 'not checked yet'}. Look at it, and record a check in the admin."
            )


def _used_in(model: type[Source] | type[Term] | type[Image], key: str, guide: Guide | None) -> list[str]:
    """Return the titles of the other guides whose working copy names this row of the library."""
    name = f"{model._meta.model_name}s"
    pages = Page.objects.filter(removed_at=None, markdown__contains=key).select_related("guide")
    found = {page.guide for page in pages if key in getattr(keys(page.markdown), name)}
    if model is Source:
        for entries in ENTRY_MODELS.values():
            cited = entries.objects.filter(page__removed_at=None, sources__key=key).values("page__guide")
            found |= set(Guide.objects.filter(pk__in=cited))
    return sorted(one.title for one in found if one != guide)


def _guide_changes(guide: Guide, facts: Mapping[str, Any]) -> Iterator[Change]:
    before = {name: getattr(guide, name) for name in facts if name != "reasons"}
    after = {name: facts[name] for name in before}
    for one in (before, after):
        if "translation_of" in one:
            one["translation_of"] = one["translation_of"].slug if one["translation_of"] else ""
    if before != after:
        yield Change("The guide", tuple(_differing(before, after)), before, after)
    reasons = facts.get("reasons", guide.reasons)
    if reasons != guide.reasons:
        told = tuple(_differing(guide.reasons, reasons))
        yield Change("Reasons for the report", told, guide.reasons, reasons)


def _page_changes(files: Sequence[PageFile], matches: Sequence[Page | None]) -> Iterator[Change]:
    entries = entries_of([page for page in matches if page])
    for file, page in zip(files, matches, strict=True):
        title = canonical_text(file.front.values["title"])
        wanted = {"title": title, "slug": slug_of(file), "markdown": canonical_text(file.markdown)}
        rows = entries_in(file)
        place = f"Page “{page.title if page else title}”"
        if page is None:
            yield Change(place, ("new",), None, [wanted, rows])
            continue
        before = {name: getattr(page, name) for name in wanted}
        if page.removed_at or before != wanted or entries[page.pk] != rows:
            says = [*_differing(before, wanted), *_differing_entries(entries[page.pk], rows)]
            back = ["put back: it was removed"] if page.removed_at else []
            removed = page.removed_at is not None
            yield Change(place, (*back, *says), [removed, before, entries[page.pk]], [False, wanted, rows])


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each name whose values differ."""
    for name in after:
        old, new = before.get(name), after[name]
        if old == new:
            continue
        if name == "markdown":
            yield from _changed_lines(old or "", new)
        elif name == "sha256":
            yield "another picture"
        elif name not in before:
            yield f"{name}: new, {_shown(new)}"
        else:
            yield f"{name.replace('_', ' ')}: {_both(old, new)}"


def _changed_lines(old: str, new: str) -> Iterator[str]:
    """Yield how many lines of a text differ, and those lines, at most MOST_LINES of them."""
    differing = [block for block in text_differences(old, new) if block.kind != "same"]
    blocks = [block for block in differing if any(piece.text.strip() for piece in block.pieces)]
    if not blocks:
        yield "text: other empty lines"
        return
    counts = Counter(block.kind for block in blocks)
    words = {"changed": counts["changed"], "new": counts["added"], "gone": counts["removed"]}
    yield f"text, in lines: {', '.join(f'{count} {word}' for word, count in words.items() if count)}"
    yield from (f"  {_told(block)}" for block in blocks[:MOST_LINES])
    if len(blocks) > MOST_LINES:
        yield f"  and {len(blocks) - MOST_LINES} more"


def _told(block: Block) -> str:
    old, new = ("".join(piece.text for piece in block.pieces if piece.kind != kind) for kind in ("added", "removed"))
    if block.kind == "added":
        return f"new: {_shown(new)}"
    if block.kind == "removed":
        return f"gone: {_shown(old)}"
    return f"other spaces: {_shown(new)}" if old.split() == new.split() else _both(old, new)


def _differing_entries(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    gone = [entry for entry in before if entry not in after]
    come = [entry for entry in after if entry not in before]
    left, added = _titles(gone), _titles(come)
    for title in added:
        if title in left:
            yield f"{title}: changed"
            old, new = ([one for one in entries if _titles([one]) == [title]] for entries in (gone, come))
            if len(old) == len(new) == 1:
                yield from (f"  {line}" for line in _differing(old[0], new[0]))
    yield from (f"{title}: new" for title in added if title not in left)
    yield from (f"{title}: out" for title in left if title not in added)
    if not gone and not come and list(before) != list(after):
        yield "entries: another order"


def _titles(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the entries are called, each once."""
    kinds = ((KIND_NAMED[entry["kind"]], entry) for entry in entries)
    return list(dict.fromkeys(f"{kind.label} {_shown(kind.title_of(entry))}" for kind, entry in kinds))


def _both(old: Any, new: Any) -> str:
    start = _begins_to_differ(old, new)
    return f"{_shown(old, start)} → {_shown(new, start)}"


def _begins_to_differ(old: Any, new: Any) -> int:
    """Return from which character on two long texts are to be shown, so that what differs can be seen."""
    if not (isinstance(old, str) and isinstance(new, str)) or max(len(old), len(new)) <= LONGEST_SHOWN:
        return 0
    pairs = enumerate(zip(old, new, strict=False))
    differ = next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
    return max(0, differ - SHOWN_BEFORE)


def _shown(value: Any, start: int = 0) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if not isinstance(value, str):
        return str(value)
    line = " ".join(value[start:].split())
    end = "…" if len(line) > LONGEST_SHOWN else ""
    return f"“{'…' if start else ''}{line[:LONGEST_SHOWN]}{end}”"
