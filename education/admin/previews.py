"""The preview is the page: the public templates over text that is not public, or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from education.models import Edition, Guide, Page
from education.reading import reading_of_edition, reading_of_working_copy
from education.rendering import Problem
from education.snapshot import SnapshotPage


@dataclass(frozen=True)
class Preview:
    """A whole HTML document, and what the renderer has to say about its text."""

    html: str
    problems: tuple[Problem, ...] = ()


def snapshot_page(page: Page) -> SnapshotPage:
    return SnapshotPage(page.kind, page.slug, page.title, page.markdown)


def preview_of_page(page: Page, *, title: str, slug: str, markdown: str) -> Preview:
    """Return a page with this content, unsaved, among the guide's other pages as they are saved."""
    rows = [row for row in page.guide.pages.order_by("position", "id") if row.removed_at is None or row.pk == page.pk]
    place = [row.pk for row in rows].index(page.pk)
    contents = [snapshot_page(row) for row in rows]
    contents[place] = SnapshotPage(page.kind, slug, title, markdown)
    reading, rendered = reading_of_working_copy(page.guide, contents)
    html = in_language("education/page.html", reading.context(reading.pages[place]))
    return Preview(html, rendered[place].problems)


def preview_of_edition(edition: Edition) -> str:
    """Return the whole edition, which comes with its guide, as patients read it."""
    return in_language("education/whole.html", reading_of_edition(edition).whole_context())


def problems_of_guide(guide: Guide, pages: list[Page]) -> list[tuple[Page, Problem]]:
    """Return what the renderer has to say about the saved texts of a guide's pages, in their order."""
    _, rendered = reading_of_working_copy(guide, [snapshot_page(page) for page in pages])
    return [(page, problem) for page, html in zip(pages, rendered, strict=True) for problem in html.problems]


def in_language(template: str, context: Mapping[str, Any]) -> str:
    """Return a public template with its fixed words in the guide's language, as any visitor gets it."""
    with translation.override(context["language"]):
        return render_to_string(template, dict(context))
