"""The preview is the page: the public templates over text that is not public, or not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from education import quality
from education.examining import examine
from education.models import Edition, Page
from education.quality import Finding
from education.reading import reading_of_edition, reading_of_snapshot
from education.snapshot import SnapshotPage
from education.wording import language_of_words
from education.working_copy import assemble, contents

LEVELS: Mapping[str, str] = {
    quality.ERROR: "To put right before you submit",
    quality.WARNING: "To put right, or to give a reason for when you submit",
    quality.INFORMATION: "Notes: nothing you must do",
}


@dataclass(frozen=True)
class Remark:
    """A line of the report as the screen shows it. `entry` counts those that stay, `named` is what it is called."""

    level: str
    message: str
    line: int | None = None
    entry: int | None = None
    check: str = ""
    yardstick: str = ""
    named: str = ""


@dataclass(frozen=True)
class Preview:
    """A whole HTML document, and what there is to say about it. `words` head the remarks of each level."""

    html: str
    remarks: Sequence[Remark]
    words: Mapping[str, str] = field(default_factory=lambda: LEVELS)

    @property
    def levels(self) -> list[tuple[str, str, list[Remark]]]:
        """The remarks by level, those that matter most first: the level, what it means, its remarks."""
        found = [
            (level, words, [one for one in self.remarks if one.level == level]) for level, words in self.words.items()
        ]
        return [one for one in found if one[2]]

    def as_json(self) -> dict[str, Any]:
        findings = [{**asdict(one), "heading": self.words[one.level]} for one in self.remarks]
        return {"html": self.html, "findings": findings}


def preview_of_page(page: Page, content: SnapshotPage) -> tuple[str, list[Finding]]:
    """Return a page with this content, unsaved, among the guide's other pages as they are saved, and its report."""
    rows = [row for row in page.guide.pages.order_by("position", "id") if row.removed_at is None or row.pk == page.pk]
    place = [row.pk for row in rows].index(page.pk)
    pages = contents(rows)
    pages[place] = content
    snapshot = assemble(page.guide, pages)
    rendered, numbers, findings = examine(page.guide, snapshot)
    reading = reading_of_snapshot(page.guide.slug, snapshot, rendered, numbers)
    html = in_language("education/page.html", reading.context(reading.pages[place]))
    return html, [finding for finding in findings if finding.place == content.slug]


def preview_of_edition(edition: Edition) -> str:
    """Return the whole edition, which comes with its guide, as patients read it."""
    return in_language("education/whole.html", reading_of_edition(edition).whole_context())


def preview_of_edition_page(edition: Edition, slug: str) -> str:
    """Return a page of an edition, which comes with its guide, as patients read it; empty where it has no such page."""
    reading = reading_of_edition(edition, only=slug)
    page = reading.page(slug)
    return in_language("education/page.html", reading.context(page)) if page else ""


def in_language(template: str, context: Mapping[str, Any]) -> str:
    """Return a public template for a guide in `context["language"]`, as any visitor gets it."""
    with translation.override(language_of_words(context["language"])):
        return render_to_string(template, dict(context))
