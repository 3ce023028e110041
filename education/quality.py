"""The quality report: pure checks over a snapshot, each line with its level, place and yardstick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from education.rendering import Rendered
from education.snapshot import Snapshot

ERROR, WARNING, INFORMATION = "E", "W", "I"


@dataclass(frozen=True)
class Finding:
    """One line of the report. `place` is a page's slug, or empty for the whole guide; `line` counts from 1."""

    check: str
    level: str
    message: str
    yardstick: str
    place: str = ""
    line: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Check = Callable[[Snapshot, Sequence[Rendered]], Iterator[Finding]]


def guide_without_pages(snapshot: Snapshot, rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """An edition has at least one page."""
    if not snapshot.pages:
        yield Finding("pages.none", ERROR, _("The guide has no page. Add one first."), "IPDAS options")


def page_without_text(snapshot: Snapshot, rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """Every page says something."""
    for page, html in zip(snapshot.pages, rendered, strict=True):
        if not html.text.strip() and not html.problems:
            message = _("The page “{title}” is empty. Write its text, or remove the page.")
            yield Finding("page.empty", ERROR, message.format(title=page.title), "PEMAT 1", page.slug)


def page_address_twice(snapshot: Snapshot, rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """No two pages of an edition share an address, which can happen when a removal is left out."""
    for slug, count in Counter(page.slug for page in snapshot.pages).items():
        if count > 1:
            message = _("Two pages have the address “{slug}”. Change one, or tick the removal of the other.")
            yield Finding("page.address", ERROR, message.format(slug=slug), "WCAG 2.4.4", slug)


def page_kind_twice(snapshot: Snapshot, rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """An edition has one page of each kind, which can fail when a removal is left out and a new page is taken."""
    kinds = Counter(page.kind for page in snapshot.pages if page.kind != "other")
    for page in snapshot.pages:
        if kinds[page.kind] > 1:
            message = _("The page “{title}” is of a kind that another page has too. Leave one of them out.")
            yield Finding("page.kind", ERROR, message.format(title=page.title), "PEMAT 10", page.slug)


def text_with_problems(snapshot: Snapshot, rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """The text has no unknown key, refused link or malformed block."""
    for page, html in zip(snapshot.pages, rendered, strict=True):
        for problem in html.problems:
            yield Finding("text.problem", ERROR, problem.message, "IPDAS citations", page.slug, problem.line)


CHECKS: tuple[Check, ...] = (
    guide_without_pages,
    page_without_text,
    page_address_twice,
    page_kind_twice,
    text_with_problems,
)


def report(snapshot: Snapshot, rendered: Sequence[Rendered]) -> tuple[Finding, ...]:
    """Return the findings of every check, errors first, in the order of the pages."""
    found = [finding for check in CHECKS for finding in check(snapshot, rendered)]
    return tuple(sorted(found, key=lambda finding: "EWI".index(finding.level)))


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that block a submission."""
    return tuple(finding for finding in findings if finding.level == ERROR)
