"""The places of an edition that a search can lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.text import slugify

from education.entries import KIND_NAMED
from education.models import Edition, EditionPage, SearchRow
from education.rendering import plain_text
from education.rendering.entries import days_in_words, entry_anchor
from education.searching.folding import words_of
from education.searching.index import Entry
from education.snapshot import EVIDENCE, OVERVIEW
from education.wording import language_of_words

GUIDE, PAGE = "guide", "page"
# What an entry says under its title. A care step has no title but its days.
TEXTS = {
    "key-fact": ("value",),
    "benefit": ("finding",),
    "side-effect": ("figure", "duration", "action"),
    "contraindication": ("question", "why"),
    "care-step": ("text",),
    "question": ("answer",),
}
# What a place is asked about, and says only at the head of its column: “How long does swelling last?”
ASKED_OF = ("duration",)


def entries_of(edition: Edition) -> Iterator[Entry]:
    """Yield the rows of an edition, not saved, with what else they are found by: one query.

    Entries are rows of their own, so the text of a page comes without them.
    """
    yield Entry(SearchRow(edition=edition, kind=GUIDE, title=edition.title, text=edition.summary), "")
    pages = list(edition.pages.order_by("position").with_html())
    evidence = next((page for page in pages if page.kind == EVIDENCE), None)
    for page in pages:
        text = plain_text(page.html or "", without_entries=True)
        yield Entry(SearchRow(edition=edition, page=page, kind=PAGE, title=page.title, text=text), edition.title)
        for number, entry in enumerate(page.entries, start=1):
            # The overview has room for the headline facts alone; the evidence page has them all.
            elsewhere = page.kind == OVERVIEW and not entry.get("headline")
            shown = (evidence or page) if elsewhere else page
            # The renderer makes the anchor of the slug in this way too.
            anchor = entry_anchor(slugify(shown.slug), number)
            if f'id="{anchor}"' not in (shown.html or ""):
                anchor = ""
            row = _entry(edition, shown, anchor, entry)
            yield Entry(row, f"{edition.title} {shown.title} {_columns(edition, entry)}")


def _entry(edition: Edition, page: EditionPage, anchor: str, entry: Mapping[str, Any]) -> SearchRow:
    kind = KIND_NAMED[entry["kind"]]
    if kind.name == "care-step":
        with translation.override(language_of_words(edition.language)):
            title = days_in_words(entry["from_day"], entry["to_day"])
    else:
        title = kind.title_of(entry)
    text = "\n".join(str(entry[name]) for name in TEXTS[kind.name] if entry.get(name))
    return SearchRow(edition=edition, page=page, kind=kind.name, anchor=anchor, title=title, text=text)


def _columns(edition: Edition, entry: Mapping[str, Any]) -> str:
    with translation.override(language_of_words(edition.language)):
        fields = KIND_NAMED[entry["kind"]].fields
        return " ".join(str(one.label) for one in fields if one.name in ASKED_OF and entry.get(one.name))


def words_in(entries: list[Entry]) -> set[str]:
    """Return the words of these rows, each once."""
    return {word for one in entries for text in (one.row.title, one.row.text) for word in words_of(text)}
