"""Writing the entries of a page: all of them at once, as the page is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from education.actions.refusals import EntryRefused
from education.entries import KIND_OF_PAGE, MOST_HEADLINES, canonical_entry
from education.models import ENTRY_MODELS, Page, Source
from education.working_copy import entries_of

MOST_ENTRIES = 100
MOST_SOURCES = 40


def canonical_entries(page_kind: str, entries: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return entries as an edition keeps them. Raises EntryRefused, which says which entry and field."""
    kind = KIND_OF_PAGE.get(page_kind)
    if kind is None:
        if entries:
            raise EntryRefused("A page of this kind has no entries. Put them on the page of their kind.", 1)
        return ()
    if len(entries) > MOST_ENTRIES:
        raise EntryRefused(f"A page has at most {MOST_ENTRIES} entries.", MOST_ENTRIES + 1)
    found = []
    for number, entry in enumerate(entries, start=1):
        missing = [field.name for field in kind.fields if field.kind is int and field.name not in entry]
        if "from_day" in missing:
            raise EntryRefused("Say on which day, counted from the treatment.", number, "from_day")
        found.append(canonical_entry(kind, entry, entry.get("sources", ())))
        if len(found[-1]["sources"]) > MOST_SOURCES:
            raise EntryRefused(f"An entry has at most {MOST_SOURCES} sources.", number, "sources")
    headlines = [number for number, entry in enumerate(found, start=1) if entry.get("headline")]
    if len(headlines) > MOST_HEADLINES:
        message = f"The overview's box holds at most {MOST_HEADLINES} facts. Take the tick from one of them."
        raise EntryRefused(message, headlines[MOST_HEADLINES], "headline")
    return tuple(found)


def write_entries(page: Page, entries: Sequence[Mapping[str, Any]]) -> None:
    """Put these canonical entries in place of those that the page has. Raises EntryRefused."""
    if entries_of([page])[page.pk] == tuple(entries):
        return
    wanted = {key for entry in entries for key in entry["sources"]}
    sources = {source.key: source for source in Source.objects.filter(key__in=wanted)}
    rows = []
    for number, entry in enumerate(entries, start=1):
        for key in entry["sources"]:
            if key not in sources:
                raise EntryRefused(f"There is no source “{key}”. Add it to the library first.", number, "sources")
        model = ENTRY_MODELS[entry["kind"]]
        facts = {name: value for name, value in entry.items() if name not in ("kind", "sources")}
        row = model(page=page, position=number - 1, **facts)
        try:
            # The fields hold all but the order of days; asking the database about each constraint costs a query.
            row.full_clean(exclude=["page"], validate_constraints=False)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise EntryRefused(messages[0], number, name if name in facts else "") from error
        if facts.get("to_day", 0) < facts.get("from_day", 0):
            raise EntryRefused("The last day comes before the first.", number, "to_day")
        rows.append((row, [sources[key] for key in entry["sources"]]))
    if page.kind in KIND_OF_PAGE:
        ENTRY_MODELS[KIND_OF_PAGE[page.kind].name].objects.filter(page=page).delete()
    if rows:
        model = type(rows[0][0])
        model.objects.bulk_create([row for row, _ in rows])
        through: Any = model._meta.get_field("sources").remote_field.through
        mine = f"{model._meta.model_name}_id"
        through.objects.bulk_create(
            [through(**{mine: row.pk, "source_id": source.pk}) for row, cited in rows for source in cited]
        )
