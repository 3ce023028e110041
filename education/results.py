"""What a search shows: the places it found, by guide, each with its address and the words around what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from education.entries import KIND_NAMED
from education.models import SearchRow
from education.reading import page_url
from education.searching import GUIDE, PAGE, Asked, Found, Hit, Within, find, index

# Enough of each guide to judge it by; one guide alone is shown in longer lists.
MOST_OF_A_GUIDE = 4
GUIDES_ON_A_PAGE = 5
PLACES_ON_A_PAGE = 20
SNIPPET = 200
OF_A_PLACE = (
    *("kind", "anchor", "title", "text", "edition__title", "edition__language", "edition__guide__slug"),
    *("page__slug", "page__title"),
)
SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
# How much of it may stand before the first word that was found.
BEFORE = 70

Stretches = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Place:
    """One place as the list shows it. `kind_label` is what it is, where its title does not say so."""

    url: str
    title: SafeString
    snippet: SafeString
    kind_label: Any
    page_title: str


@dataclass(frozen=True)
class OfGuide:
    """What was found in one guide. `more`: how many places beside those, and `more_url` where they are."""

    title: str
    language: str
    url: str
    places: tuple[Place, ...]
    more: int
    more_url: str


@dataclass(frozen=True)
class Results:
    """A page of what was found. `count` is of all places, `number` and `pages` of pages of results."""

    asked: Asked
    groups: tuple[OfGuide, ...]
    count: int
    is_cut: bool
    instead: str
    some: bool
    number: int
    pages: int
    previous_url: str
    next_url: str
    instead_url: str
    # The guide that was searched alone.
    within: Within | None = None
    everywhere_url: str = ""

    @property
    def words(self) -> list[str]:
        """The words that were looked for in the end."""
        return self.instead.split() or list(self.asked.words)

    @property
    def shown_words(self) -> str:
        """What the list is about, as a reader would say it; of too much, the words that were looked for."""
        return self.instead or (" ".join(self.asked.words) if self.asked.shortened else self.asked.typed)


def results(typed: str, *, guide: str = "", number: int = 1) -> Results:
    """Return one page of what is found: a few places of each guide, or all of one guide.

    Two queries beside those of `find()`, however much is found.
    """
    found = find(typed, guide=guide if SLUG.fullmatch(guide) else "")
    within = found.within
    guide = within.slug if within else ""
    pages = _pages(found.hits, whole=bool(guide))
    number = min(max(number, 1), max(len(pages), 1))
    here = pages[number - 1] if pages else []
    typed = found.asked.typed
    return Results(
        asked=found.asked,
        groups=tuple(_groups(found, here, typed, whole=bool(guide))),
        count=len(found.hits),
        is_cut=found.is_cut,
        instead=found.instead,
        some=found.some,
        number=number,
        pages=len(pages),
        previous_url=_url(typed, guide, number - 1) if number > 1 else "",
        next_url=_url(typed, guide, number + 1) if number < len(pages) else "",
        instead_url=_url(found.instead, guide) if found.instead else "",
        within=within,
        everywhere_url=_url(typed) if within else "",
    )


def _url(typed: str, guide: str = "", number: int = 1) -> str:
    asked = {"q": typed, **({"guide": guide} if guide else {}), **({"page": number} if number > 1 else {})}
    return f"{reverse('education:search')}?{urlencode(asked)}"


def _pages(hits: Sequence[Hit], *, whole: bool) -> list[list[Hit]]:
    """Return the hits that have a place in the lists, page by page."""
    if whole:
        starts = range(0, len(hits), PLACES_ON_A_PAGE)
        return [list(hits[start : start + PLACES_ON_A_PAGE]) for start in starts]
    by_guide: dict[int, list[Hit]] = {}
    for hit in hits:
        by_guide.setdefault(hit.edition_id, []).append(hit)
    firsts = [of_guide[:MOST_OF_A_GUIDE] for of_guide in by_guide.values()]
    return [
        [hit for of_guide in firsts[start : start + GUIDES_ON_A_PAGE] for hit in of_guide]
        for start in range(0, len(firsts), GUIDES_ON_A_PAGE)
    ]


def _groups(found: Found, here: Sequence[Hit], typed: str, *, whole: bool) -> Iterable[OfGuide]:
    # What is shown, and no more: an edition has its whole report with it.
    rows = SearchRow.objects.select_related("edition__guide", "page").only(*OF_A_PLACE)
    by_id = rows.in_bulk([hit.id for hit in here])
    # A row can be written anew between two queries: then it is not shown.
    there = [by_id[hit.id] for hit in here if hit.id in by_id]
    marked = index().marked(there, found.wanted) if found.wanted else {}
    counts: dict[int, int] = {}
    for hit in found.hits:
        counts[hit.edition_id] = counts.get(hit.edition_id, 0) + 1
    for edition_id in dict.fromkeys(row.edition_id for row in there):
        mine = [row for row in there if row.edition_id == edition_id]
        edition = mine[0].edition
        more = 0 if whole else counts[edition_id] - len(mine)
        yield OfGuide(
            title=edition.title,
            language=edition.language,
            url=edition.guide.get_absolute_url(),
            places=tuple(_place(row, *marked.get(row.pk, ((), ()))) for row in mine),
            more=more,
            more_url=_url(found.instead or typed, edition.guide.slug) if more else "",
        )


def _place(row: SearchRow, in_title: Stretches, in_text: Stretches) -> Place:
    guide_slug = row.edition.guide.slug
    page = row.page
    url = row.edition.guide.get_absolute_url() if page is None else page_url(guide_slug, page.slug)
    labels = {GUIDE: _("The guide"), PAGE: _("Page")}
    return Place(
        url=f"{url}#{row.anchor}" if row.anchor else url,
        title=with_marks(row.title, in_title),
        snippet=snippet(row.text, in_text),
        kind_label=labels.get(row.kind) or KIND_NAMED[row.kind].label,
        page_title=page.title if page is not None and row.kind != PAGE else "",
    )


def with_marks(text: str, marked: Stretches) -> SafeString:
    """Return a text as HTML, escaped, with `<mark>` around these stretches of it."""
    pieces: list[tuple[str, str, str]] = []
    at = 0
    for start, end in marked:
        pieces.append((text[at:start], "mark", text[start:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{0}<{1}>{2}</{1}>", pieces), text[at:])


def snippet(text: str, marked: Stretches) -> SafeString:
    """Return the piece of a text that has the most of what was found, marked, on one line; its beginning if none."""
    begin, end = _window(text, marked)
    inside = [(start - begin, stop - begin) for start, stop in marked if start >= begin and stop <= end]
    lead, tail = "… " if begin else "", " …" if end < len(text) else ""
    # As many characters as before, so that the stretches stay where they are.
    piece = text[begin:end].replace("\n", " ")
    return format_html("{}{}{}", lead, with_marks(piece, inside), tail)


def _window(text: str, marked: Stretches) -> tuple[int, int]:
    if len(text) <= SNIPPET:
        return 0, len(text)
    best = max(
        (start for start, _end in marked),
        key=lambda start: (sum(start <= one and stop <= start + SNIPPET - BEFORE for one, stop in marked), -start),
        default=0,
    )
    begin = 0 if best <= BEFORE else _word_begins(text, best - BEFORE, best)
    end = min(begin + SNIPPET, len(text))
    if end < len(text):
        # Not in the middle of a word, as long as words are of a usual length.
        end = max(text.rfind(" ", begin, end), text.rfind("\n", begin, end), begin + SNIPPET // 2)
        covered = next((stop for start, stop in marked if start < end < stop), end)
        end = max(end, covered)
    return begin, end


def _word_begins(text: str, earliest: int, latest: int) -> int:
    """Return where a line begins between two places, else where a word does."""
    line = text.rfind("\n", earliest, latest)
    if line >= 0:
        return line + 1
    space = text.find(" ", earliest, latest)
    return space + 1 if space >= 0 else latest
