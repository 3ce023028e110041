"""Two people saved one page: what both started from, what each changed, and both put together where that can be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator

from education.actions import EditConflict
from education.admin.loading import source_titles
from education.admin.page_screen import FIELDS, Sheet, editor
from education.canonical import canonical_json, canonical_text
from education.comparing import Shown, compared_entries, compared_texts
from education.differences import Block, Gap
from education.entries import KIND_OF_PAGE
from education.forms import EntryForms, PageForm
from education.forms.entry import in_words
from education.merging import Merged, merge, merge_values
from education.models import Page, PageVersion

# The button that puts both together, and the saved text that both started from.
TOGETHER, STARTED_FROM = "together", "started_from"
FACTS = {"title": "Title", "slug": "Address"}
LONGEST_PLACE = 80
# A browser and a reader can do with so many rows of one comparison; the whole texts stand beside it.
MOST_BLOCKS = 1000


@dataclass(frozen=True)
class Text:
    """A page as somebody saved or typed it."""

    title: str
    slug: str
    markdown: str
    entries: Sequence[Mapping[str, Any]]

    @property
    def lines(self) -> list[str]:
        return self.markdown.split("\n")

    @property
    def rows(self) -> list[str]:
        """The entries, each as one text."""
        return [canonical_json(dict(entry)).decode() for entry in self.entries]


@dataclass(frozen=True)
class Compared:
    """What changed from one text to another. `facts`: label, before, after; `more`: whether blocks were left out."""

    facts: Sequence[tuple[str, str, str]]
    blocks: Sequence[Block | Gap]
    entries: Sequence[Shown]
    more: bool = False


@dataclass(frozen=True)
class Together:
    """Both changes in one text; or None and the places that both changed, in words."""

    text: Text | None
    touched: Sequence[str]


def conflict(request: HttpRequest, sheet: Sheet, error: EditConflict) -> HttpResponse:
    """Answer with what both started from and with both texts. Saving again goes over theirs knowingly."""
    theirs, base = _saved(error.theirs), _saved(error.base) if error.base else None
    mine = _typed(sheet, base or theirs)
    sheet.form.data = {**{name: sheet.form.data.get(name, "") for name in FIELDS}, "base": error.theirs.pk}
    texts = [one for one in (base, theirs, mine) if one]
    titles = source_titles(entry for text in texts for entry in text.entries)
    context = {
        "conflict": error,
        "theirs": error.theirs,
        "base": error.base,
        "their_entries": in_words(theirs.entries),
        "base_entries": in_words(base.entries) if base else [],
        "theirs_to_mine": _compared(theirs, mine, titles),
        "base_to_theirs": _compared(base, theirs, titles) if base else None,
        "base_to_mine": _compared(base, mine, titles) if base else None,
        "both": put_together(sheet.page, base, theirs, mine) if base else None,
    }
    return editor(request, sheet, status=409, **context)


def together(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Answer with both changes in the form, not saved; with the conflict again where they touch each other."""
    versions = sheet.page.versions
    theirs = versions.filter(pk=sheet.form.cleaned_data["base"]).first()
    started_from = request.POST.get(STARTED_FROM, "")
    is_id = started_from.isascii() and started_from.isdigit() and len(started_from) < 19
    base = versions.filter(pk=int(started_from)).first() if is_id else None
    theirs = theirs or versions.first()
    if theirs is None:
        return editor(request, sheet)
    if base is None:
        return conflict(request, sheet, EditConflict(None, theirs))
    before, other = _saved(base), _saved(theirs)
    both = put_together(sheet.page, before, other, _typed(sheet, before))
    if both.text is None:
        return conflict(request, sheet, EditConflict(base, theirs))
    titles = source_titles([*other.entries, *both.text.entries])
    return editor(
        request,
        _filled(sheet.page, both.text, theirs),
        put_together=theirs,
        theirs_to_both=_compared(other, both.text, titles),
    )


def put_together(page: Page, base: Text, theirs: Text, mine: Text) -> Together:
    """Return both changes of a page in one text, or the places that both changed."""
    values = {name: merge_values(getattr(base, name), getattr(theirs, name), getattr(mine, name)) for name in FACTS}
    lines = merge(base.lines, theirs.lines, mine.lines)
    rows = merge(base.rows, theirs.rows, mine.rows)
    touched = [f"The {label.lower()} of the page" for name, label in FACTS.items() if values[name] is None]
    touched += _touched_lines(base.lines, lines)
    touched += _touched_entries(page, base.entries, rows)
    if touched:
        return Together(None, touched)
    entries = [json.loads(row) for row in rows.rows]
    return Together(Text(values["title"] or "", values["slug"] or "", "\n".join(lines.rows), entries), ())


def _touched_lines(lines: Sequence[str], merged: Merged) -> list[str]:
    """Return each place of the text in words: with the first words that stood there, or those before it."""
    found = []
    for one in merged.touches:
        there = next((line for line in lines[one.start : one.end] if line.strip()), "")
        before = next((line for line in reversed(lines[: one.start]) if line.strip()), "")
        if there:
            found.append(f"The text at “{_short(there)}”")
        else:
            found.append(f"The text after “{_short(before)}”" if before else "The beginning of the text")
    return found


def _touched_entries(page: Page, entries: Sequence[Mapping[str, Any]], merged: Merged) -> list[str]:
    kind = KIND_OF_PAGE.get(page.kind)
    if kind is None:
        return []
    found = []
    for one in merged.touches:
        names = [f"{kind.label} “{_short(kind.title_of(entry))}”" for entry in entries[one.start : one.end]]
        place = f"after entry {one.start}" if one.start else "at the beginning"
        found += names or [f"{kind.plural}: you both added some {place}"]
    return found


def _short(words: str) -> str:
    return Truncator(" ".join(words.split())).chars(LONGEST_PLACE)


def _saved(version: PageVersion) -> Text:
    return Text(version.title, version.slug, version.markdown, version.entries)


def _typed(sheet: Sheet, otherwise: Text) -> Text:
    """Return what stands in the form, as it would be saved; the entries of `otherwise` from a screen without any."""
    sent = sheet.to_save
    entries = otherwise.entries if sent["entries"] is None else sent["entries"]
    return Text(canonical_text(sent["title"]), sent["slug"], canonical_text(sent["markdown"]), entries)


def _compared(old: Text, new: Text, titles: Mapping[str, str]) -> Compared:
    blocks = compared_texts(old.markdown, new.markdown)
    return Compared(
        [
            (label, getattr(old, name), getattr(new, name))
            for name, label in FACTS.items()
            if getattr(old, name) != getattr(new, name)
        ],
        blocks[:MOST_BLOCKS],
        compared_entries(old.entries, new.entries, titles),
        len(blocks) > MOST_BLOCKS,
    )


def _filled(page: Page, text: Text, theirs: PageVersion) -> Sheet:
    """Return a sheet with a text that is saved nowhere yet and starts from theirs."""
    typed = {**{name: getattr(text, name) for name in FIELDS}, "base": theirs.pk}
    form = PageForm(typed, page=page, initial={"slug": page.slug})
    kind = KIND_OF_PAGE.get(page.kind)
    return Sheet(page, form, EntryForms.saved(kind, text.entries) if kind else None)
