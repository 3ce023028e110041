"""What importing a folder would change in what is here already: for the person who decides, and as a fingerprint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from education.canonical import canonical_json, canonical_text, sha256
from education.entries import KIND_NAMED, KIND_OF_PAGE, canonical_entry
from education.guide_files import GuideFiles, PageFile, Row
from education.models import ENTRY_MODELS, Guide, Image, Page, Source, Term
from education.rendering import keys
from education.working_copy import entries_of

LONGEST_SHOWN, SHOWN_BEFORE = 70, 20
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
    """All that an import would write, and the titles of the guide's pages that the folder does not have."""

    rows: tuple[Change, ...] = ()
    untouched: tuple[str, ...] = ()

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
    if guide is None:
        return Changes(tuple(rows))
    matches = matching_pages(guide, files.pages)
    rows += _guide_changes(guide, facts)
    rows += _page_changes(files.pages, matches)
    named = {page.pk for page in matches if page}
    untouched = tuple(page.title for page in guide.pages.kept() if page.pk not in named)
    return Changes(tuple(rows), untouched)


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
    facts = {name: canonical_text(one) if isinstance(one, str) else one for name, one in row.values.items()}
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
                yield Change(place, ("new",), None, facts, existing=False)
                continue
            before = {field: getattr(there[key], field) for field in facts}
            if before != facts:
                used = ", ".join(_used_in(model, key, guide))
                also = f" (also used in: {used})" if used else ""
                yield Change(place + also, tuple(_differing(before, facts)), before, facts)


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
    here = [page for page in matches if page and page.removed_at is None]
    ordered = sorted(here, key=lambda page: (page.position, page.pk))
    if here != ordered:
        after = [page.slug for page in here]
        told = f"would be: {', '.join(page.title for page in here)}"
        yield Change("The order of the pages", (told,), [page.slug for page in ordered], after)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each name whose values differ."""
    for name in after:
        old, new = before.get(name), after[name]
        if old == new:
            continue
        if name == "markdown":
            yield _changed_lines(old or "", new)
        elif name == "sha256":
            yield "another picture"
        elif name not in before:
            yield f"{name}: new, {_shown(new)}"
        else:
            start = _begins_to_differ(old, new)
            yield f"{name.replace('_', ' ')}: {_shown(old, start)} → {_shown(new, start)}"


def _changed_lines(old: str, new: str) -> str:
    lines = list(difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm=""))[2:]
    counts = [sum(line.startswith(mark) for line in lines) for mark in "+-"]
    return f"text, in lines: {counts[0]} new, {counts[1]} gone"


def _differing_entries(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    gone = [entry for entry in before if entry not in after]
    come = [entry for entry in after if entry not in before]
    left, added = _titles(gone), _titles(come)
    yield from (f"{title}: changed" for title in added if title in left)
    yield from (f"{title}: new" for title in added if title not in left)
    yield from (f"{title}: out" for title in left if title not in added)
    if not gone and not come and list(before) != list(after):
        yield "entries: another order"


def _titles(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the entries are called, each once."""
    kinds = ((KIND_NAMED[entry["kind"]], entry) for entry in entries)
    return list(dict.fromkeys(f"{kind.label} {_shown(kind.title_of(entry))}" for kind, entry in kinds))


def _begins_to_differ(old: Any, new: Any) -> int:
    """Return from which character on two long texts are to be shown, so that what differs can be seen."""
    if not (isinstance(old, str) and isinstance(new, str)) or max(len(old), len(new)) <= LONGEST_SHOWN:
        return 0
    pairs = enumerate(zip(old, new, strict=False))
    differ = next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
    return max(0, differ - SHOWN_BEFORE)


def _shown(value: Any, start: int = 0) -> str:
    if value is None or value == "":
        return "nothing"
    if not isinstance(value, str):
        return str(value)
    line = " ".join(value[start:].split())
    end = "…" if len(line) > LONGEST_SHOWN else ""
    return f"“{'…' if start else ''}{line[:LONGEST_SHOWN]}{end}”"
