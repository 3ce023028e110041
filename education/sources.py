"""What is known of sources beside their text: how they stand today, what is due, and where they are used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from education.entries import KIND_NAMED
from education.models import ENTRY_MODELS, Archiving, Edition, EditionPage, Guide, Page, Source, SourceCheck
from education.rendering import keys

DUE_SOON = timedelta(days=30)
WITHDRAWN = SourceCheck.Outcome.WITHDRAWN
DOUBTFUL = (SourceCheck.Outcome.SUPERSEDED, WITHDRAWN)
# Beyond this many the database is asked for every text that cites anything.
MOST_PATTERNS = 20


@dataclass(frozen=True)
class SourceStanding:
    """How a source stands today. `status` is empty before the first check; `since` is when that status began."""

    status: str = ""
    note: str = ""
    since: datetime | None = None
    checked_at: datetime | None = None
    check_due: date | None = None

    @property
    def is_doubtful(self) -> bool:
        return self.status in DOUBTFUL


UNCHECKED = SourceStanding()

# A status in one word, for staff.
STATUS_WORDS: Mapping[str, str] = {
    "": "Never checked",
    SourceCheck.Outcome.CURRENT: "Current",
    SourceCheck.Outcome.SUPERSEDED: "Superseded",
    SourceCheck.Outcome.WITHDRAWN: "Withdrawn",
}


def standings(sources: Collection[str]) -> dict[str, SourceStanding]:
    """Return how the sources with these keys stand, those that were ever checked: one query, none for no keys."""
    found: dict[str, SourceStanding] = {}
    if not sources:
        return found
    checks = SourceCheck.objects.filter(source__key__in=sources).order_by("id")
    for key, status, note, made_at, due in checks.values_list(
        "source__key", "outcome", "note", "made_at", "next_check"
    ):
        before = found.get(key, UNCHECKED)
        since = before.since if before.status == status else made_at
        found[key] = SourceStanding(status, note, since, made_at, due)
    return found


# Where sources are used


@dataclass(frozen=True)
class UsedEntry:
    """An entry by its kind and title, in words. `number`: which one of its page, as the editor counts them."""

    label: str
    title: str
    number: int


@dataclass
class Use:
    """A page that rests on a source: in the working copy, or in the live `edition`."""

    guide: Guide
    page: int
    title: str
    edition: Edition | None = None
    in_text: bool = False
    entries: list[UsedEntry] = field(default_factory=list)

    @property
    def places(self) -> int:
        """How often the source is named there: once for the text, and once for each entry."""
        return len(self.entries) + self.in_text


def uses(sources: Collection[str]) -> dict[str, list[Use]]:
    """Return where each of these keys is used, by guide, the working copy first.

    At most nine queries: one for each kind of entry, one for texts, two for live editions.
    """
    found: dict[str, list[Use]] = {key: [] for key in sources}
    if found:
        working = _in_working_copies(found)
        for key, listed in found.items():
            listed += [use for (named, _), use in working.items() if named == key]
        _add_live(found)
    for listed in found.values():
        listed.sort(key=lambda use: (use.guide.title, use.guide.pk, use.edition is not None))
    return found


def _in_working_copies(sources: Collection[str]) -> dict[tuple[str, int], Use]:
    """Return each use in a kept page by key and page, in the order of the pages."""
    pages: dict[int, Page] = {}
    in_text: set[tuple[str, int]] = set()
    entries: dict[tuple[str, int], list[UsedEntry]] = {}
    for page in _citing(Page.objects.kept().select_related("guide"), sources):
        for key in keys(page.markdown).sources.intersection(sources):
            pages[page.pk] = page
            in_text.add((key, page.pk))
    for kind, rows in _entries_citing(sources):
        for key, entry in rows:
            pages[entry.page_id] = entry.page
            listed = entries.setdefault((key, entry.page_id), [])
            listed.append(UsedEntry(str(KIND_NAMED[kind].label), str(entry), entry.position + 1))
    named = sorted(in_text | entries.keys(), key=lambda one: (pages[one[1]].position, one[1]))
    return {
        (key, pk): Use(
            pages[pk].guide, pk, pages[pk].title, in_text=(key, pk) in in_text, entries=entries.get((key, pk), [])
        )
        for key, pk in named
    }


def _citing(rows: QuerySet[Any], sources: Collection[str]) -> QuerySet[Any]:
    """Narrow pages to those whose text may cite one of the sources; whether it does is read from the text."""
    if len(sources) > MOST_PATTERNS:
        return rows.filter(markdown__contains="[@")
    patterns = Q()
    for key in sources:
        patterns |= Q(markdown__contains=f"[@{key}]")
    return rows.filter(patterns)


def _entries_citing(sources: Collection[str]) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Yield each kind with its entries on kept pages that have one of the sources, by key, in order."""
    for kind, links, name in _links(sources):
        rows = links.select_related("source", f"{name}__page__guide").order_by(f"{name}__page", f"{name}__position")
        yield kind, [(row.source.key, getattr(row, name)) for row in rows]


def _links(sources: Collection[str]) -> Iterator[tuple[str, QuerySet[Any], str]]:
    """Yield each kind, the rows that join its entries on kept pages with the sources, and their field of the entry."""
    for kind, model in ENTRY_MODELS.items():
        name = str(model._meta.model_name)
        wanted = {"source__key__in": sources, f"{name}__page__removed_at": None}
        yield kind, model.sources.through._default_manager.filter(**wanted), name


def _add_live(found: Mapping[str, list[Use]]) -> None:
    """Add the pages of live editions."""
    editions = {
        edition.pk: edition
        for edition in Edition.objects.live().select_related("guide").defer("terms", "images", "report", "reasons")
        if any(source["key"] in found for source in edition.sources)
    }
    pages = EditionPage.objects.filter(edition__in=editions).order_by("edition", "position") if editions else ()
    for page in pages:
        edition = editions[page.edition_id]
        cited = keys(page.markdown).sources
        for key, listed in found.items():
            entries = [
                UsedEntry(str(KIND_NAMED[entry["kind"]].label), KIND_NAMED[entry["kind"]].title_of(entry), number)
                for number, entry in enumerate(page.entries, start=1)
                if key in entry["sources"]
            ]
            if entries or key in cited:
                listed.append(Use(edition.guide, page.page_id, page.title, edition, key in cited, entries))


def guides_using(sources: Collection[str]) -> dict[str, set[int]]:
    """Return the ids of the guides that use each key, being written or live: eight queries, however many."""
    found: dict[str, set[int]] = {key: set() for key in sources}
    if not found:
        return found
    for _, links, name in _links(sources):
        for key, guide in links.values_list("source__key", f"{name}__page__guide").distinct():
            found[key].add(guide)
    for guide, markdown in _citing(Page.objects.kept(), sources).values_list("guide", "markdown"):
        for key in keys(markdown).sources.intersection(sources):
            found[key].add(guide)
    for guide, listed in Edition.objects.live().values_list("guide", "sources"):
        for source in listed:
            if source["key"] in found:
                found[source["key"]].add(guide)
    return found


# What waits for somebody


@dataclass
class Place:
    """A text or an entry that rests on a source, once: in the page that is being written, in `live`, or in both.

    `entry` is None for the text of the page.
    """

    guide: Guide
    page: int
    title: str
    entry: UsedEntry | None
    is_written: bool
    live: Edition | None = None


@dataclass
class Doubt:
    """A source that no longer stands, and what still rests on it."""

    source: Source
    places: list[Place]


def places(used: Iterable[Use]) -> list[Place]:
    """Return each place of these uses once, by guide and page; a live place is known by its entry's title."""
    found: list[Place] = []
    written: dict[tuple[int, str, str], list[Place]] = {}
    for use in used:
        for entry in [None, *use.entries] if use.in_text else use.entries:
            name = (use.page, entry.label, entry.title) if entry else (use.page, "", "")
            same = written.get(name, []) if use.edition else []
            free = next((place for place in same if place.live is None), None)
            if free is not None:
                free.live = use.edition
                continue
            place = Place(use.guide, use.page, use.title, entry, use.edition is None, use.edition)
            found.append(place)
            if use.edition is None:
                written.setdefault(name, []).append(place)
    return found


@dataclass
class DueSource:
    """A source to check by a day; none for one that nobody ever checked."""

    source: Source
    by: date | None
    is_overdue: bool


@dataclass
class SourceWork:
    """The sources to check, the longest overdue first, and the doubtful ones that are still used, withdrawn first."""

    due: list[DueSource] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def due_by(last: date) -> Q:
    """Return the condition on `Source.objects.with_check()` for those to be checked by a day; never checked counts."""
    return Q(checked_at=None) | Q(check_due__lte=last)


def source_work(now: datetime | None = None) -> SourceWork:
    """Return what waits to be done about sources: one query, ten more when some are doubtful.

    What rests on them in the guides of the archive waits for nobody.
    """
    today = timezone.localdate(now)
    last = today + DUE_SOON
    rows = list(Source.objects.with_check().filter(due_by(last) | Q(status__in=DOUBTFUL)))
    due = [
        DueSource(row, row.check_due, row.check_due is not None and row.check_due < today)
        for row in rows
        if row.checked_at is None or (row.check_due is not None and row.check_due <= last)
    ]
    # Withdrawn is worse than superseded.
    doubtful = sorted((row for row in rows if row.status in DOUBTFUL), key=lambda row: row.status != WITHDRAWN)
    used = uses([row.key for row in doubtful])
    archived = set(Archiving.objects.in_force().values_list("guide", flat=True)) if doubtful else set()
    in_use = {key: [use for use in listed if use.guide.pk not in archived] for key, listed in used.items()}
    return SourceWork(
        sorted(due, key=lambda one: one.by or date.min),
        [Doubt(row, places(in_use[row.key])) for row in doubtful if in_use[row.key]],
    )
