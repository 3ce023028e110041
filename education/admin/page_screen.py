"""The screen on which a page is written: its text and entries as they stand there, their preview and report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse

from education import quality
from education.admin.comments import Board, board_of_page
from education.admin.drafts import while_writing
from education.admin.newsroom import show
from education.admin.previews import Preview, Remark, preview_of_page
from education.entries import KIND_OF_PAGE
from education.figures import FIGURES
from education.forms import BUTTON, EntryForm, EntryForms, PageForm
from education.models import Image, Page, Source, Term
from education.quality import Finding
from education.snapshot import SnapshotPage
from education.working_copy import entries_of

# What the button of the copy in a browser sends in place of one of the entries.
BRING_BACK = "bring-back"
FIELDS = ("title", "slug", "markdown")
_ADDRESS = re.compile(r"[-a-zA-Z0-9_]{1,80}")


@dataclass
class Sheet:
    """What stands on the screen of a page. `entries` is None for a kind of page that has none."""

    page: Page
    form: PageForm
    entries: EntryForms | None
    # What a button of the entries just did.
    said: str = ""
    # It holds the copy that a browser had kept, and whether somebody saved since the text that it began from.
    brought_back: bool = False
    saved_meanwhile: bool = False

    @property
    def sent_entries(self) -> EntryForms | None:
        """The entries that saving means: none from a screen that had none."""
        return self.entries if self.entries and self.entries.are_sent else None

    @property
    def is_valid(self) -> bool:
        """Whether it can be saved. Both parts are judged, so that everything wrong is named at once."""
        if not self.form.is_bound:
            return False
        sent = self.sent_entries
        return all([self.form.is_valid(), sent is None or sent.is_valid()])

    @property
    def to_save(self) -> dict[str, Any]:
        """What saving takes beside the page and the person, of a sheet that is valid."""
        sent = self.sent_entries
        return {**self.form.cleaned_data, "entries": None if sent is None else sent.as_entries()}

    @cached_property
    def shown(self) -> list[tuple[EntryForm, dict[str, Any] | None]]:
        """The entries that go onto the page, each with what can be shown of it."""
        return self.entries.as_shown() if self.entries else []

    @property
    def is_unsaved(self) -> bool:
        return self.form.is_bound or self.brought_back or bool(self.said)

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or (self.entries and self.entries.faults))


UNSEEN = "It is not in the preview yet: say on which day it begins."


def opened(page: Page) -> Sheet:
    """Return the sheet with what is saved."""
    version = page.versions.first()
    initial = {name: getattr(page, name) for name in FIELDS}
    form = PageForm(page=page, initial={**initial, "base": version.pk if version else 0})
    return Sheet(page, form, _saved_entries(page))


def sent(page: Page, request: HttpRequest) -> Sheet:
    """Return the sheet that somebody sent, to be judged; or, unjudged, with what a button did."""
    button = request.POST.get(BUTTON, "")
    if button:
        form = PageForm(page=page, initial={name: request.POST.get(name, "") for name in (*FIELDS, "base")})
    else:
        form = PageForm(request.POST, page=page, initial={"slug": page.slug})
    kind = KIND_OF_PAGE.get(page.kind)
    entries = EntryForms.sent(kind, request.POST, judged=not button) if kind else None
    said = entries.press(button) if entries and button else ""
    back = button == BRING_BACK
    version = page.versions.first() if back else None
    meanwhile = version is not None and str(version.pk) != request.POST.get("base", "")
    return Sheet(page, form, entries or _saved_entries(page), said, back, meanwhile)


def _saved_entries(page: Page) -> EntryForms | None:
    kind = KIND_OF_PAGE.get(page.kind)
    return EntryForms.saved(kind, entries_of([page])[page.pk]) if kind else None


def preview_of(sheet: Sheet) -> Preview:
    """Return the page as patients would see it, with the report on it, before anything is saved."""
    html, findings = preview_of_page(sheet.page, _content(sheet))
    unseen = [
        Remark(quality.ERROR, UNSEEN, entry=row.number, named=row.heading) for row, data in sheet.shown if data is None
    ]
    remarks = [_remark(finding, _standing(sheet)) for finding in findings]
    return Preview(html, [*unseen, *remarks])


def _standing(sheet: Sheet) -> list[EntryForm]:
    """Return the entries that the preview shows."""
    return [row for row, data in sheet.shown if data is not None]


def _remark(finding: Finding, rows: Sequence[Any]) -> Remark:
    row = rows[finding.entry - 1] if finding.entry and finding.entry <= len(rows) else None
    return Remark(
        finding.level,
        finding.message,
        finding.line,
        row.number if row else None,
        finding.check,
        finding.yardstick,
        row.heading if row else "",
    )


def _content(sheet: Sheet) -> SnapshotPage:
    """Return what the sheet holds, with the saved title and address where those typed cannot be used."""
    page, form = sheet.page, sheet.form
    if form.is_bound:
        form.is_valid()
    typed = form.cleaned_data if form.is_bound else form.initial
    markdown = typed.get("markdown", form["markdown"].value() or "")
    slug = str(typed.get("slug") or "")
    return SnapshotPage(
        page.kind,
        slug if _ADDRESS.fullmatch(slug) else page.slug,
        typed.get("title") or page.title,
        str(markdown).replace("\x00", ""),
        tuple(data for _, data in sheet.shown if data is not None),
    )


def _board(sheet: Sheet) -> Board | None:
    """Return the comments on the page, and put those on an entry beside it as well."""
    board, standing = board_of_page(sheet.page, _content(sheet)), _standing(sheet)
    for one in board.rows if board else ():
        if one.place.entry:
            standing[one.place.entry - 1].comments.append(one)
    return board


def editor(request: HttpRequest, sheet: Sheet, *, status: int = 200, **more: Any) -> HttpResponse:
    """Answer with the screen."""
    page = sheet.page
    context = {
        "guide": page.guide,
        "page": page,
        "sheet": sheet,
        "form": sheet.form,
        "entries": sheet.entries,
        "preview": preview_of(sheet),
        "board": _board(sheet),
        "while_writing": while_writing(page.guide),
        "is_nav_sidebar_enabled": False,
        **whole_library(),
        **more,
    }
    wrong = sheet.is_wrong or status != 200
    return show(request, "page_write.html", context, title=f"Write “{page.title}”", wrong=wrong, status=status)


def whole_library() -> dict[str, Any]:
    """Return what a text may name, for the lists beside the editor."""
    return {
        "all_sources": Source.objects.only("key", "title", "authors", "publisher", "year"),
        "all_terms": Term.objects.only("key", "term"),
        "all_figures": FIGURES.values(),
        "all_images": Image.objects.only("key", "alternative_text", "sha256"),
    }
