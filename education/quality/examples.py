"""Examples of checks: small changes to a guide in order, which the tests apply and the documentation shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from education.quality.finding import SourceState, World
from education.snapshot import Snapshot, SnapshotPage


@dataclass(frozen=True)
class Case:
    """A guide and the world that it is checked in."""

    snapshot: Snapshot
    world: World


class Change(Protocol):
    """A small change to a case."""

    def applied(self, case: Case) -> Case: ...

    def shown(self) -> str:
        """Return the change in Markdown, as a sentence or with a block."""
        ...


@dataclass(frozen=True)
class Example:
    """Changes to the guide in order, and the level of what the check then finds; empty: it finds nothing."""

    changes: tuple[Change, ...]
    level: str = ""


def found(level: str, *changes: Change) -> Example:
    """Return an example in which the check finds something of this level."""
    return Example(changes, level)


def fine(*changes: Change) -> Example:
    """Return an example in which the check finds nothing."""
    return Example(changes)


@dataclass(frozen=True)
class Text:
    """Another text on a page."""

    page: str
    markdown: str

    def applied(self, case: Case) -> Case:
        return _with_page(case, self.page, markdown=self.markdown)

    def shown(self) -> str:
        if not self.markdown:
            return f"The page “{self.page}” has no text."
        return f"The text of the page “{self.page}” is:\n\n{_block(self.markdown.strip(), 'markdown')}"


@dataclass(frozen=True)
class EntryWith:
    """Other values in one entry of a page, counted from 1."""

    page: str
    number: int
    values: Mapping[str, Any]

    def applied(self, case: Case) -> Case:
        entries = [dict(one) for one in _page(case, self.page).entries]
        entries[self.number - 1].update(self.values)
        return _with_page(case, self.page, entries=tuple(entries))

    def shown(self) -> str:
        return f"Entry {self.number} of the page “{self.page}” has:\n\n{_block(_facts(self.values), 'text')}"


@dataclass(frozen=True)
class FirstEntries:
    """Only the first entries of a page."""

    page: str
    count: int

    def applied(self, case: Case) -> Case:
        return _with_page(case, self.page, entries=_page(case, self.page).entries[: self.count])

    def shown(self) -> str:
        return f"The page “{self.page}” has its first {self.count} entries only." if self.count else (
            f"The page “{self.page}” has no entry."
        )  # fmt: skip


@dataclass(frozen=True)
class GuideWith:
    """Other facts of the guide, such as its summary or language."""

    values: Mapping[str, Any]

    def applied(self, case: Case) -> Case:
        return replace(case, snapshot=replace(case.snapshot, **self.values))

    def shown(self) -> str:
        return f"The guide has:\n\n{_block(_facts(self.values), 'text')}"


@dataclass(frozen=True)
class WorldWith:
    """Another world: the day, the kind of guide, the review interval, the clinic's numbers."""

    values: Mapping[str, Any]

    def applied(self, case: Case) -> Case:
        return replace(case, world=replace(case.world, **self.values))

    def shown(self) -> str:
        return f"Beside the text, this is so:\n\n{_block(_facts(self.values), 'text')}"


@dataclass(frozen=True)
class SourceWith:
    """Other facts of a source, or another state: when to check it again (`due`), and `status`."""

    key: str
    values: Mapping[str, Any]

    def applied(self, case: Case) -> Case:
        state = case.world.sources.get(self.key, SourceState(None))
        of_state = {name: value for name, value in self.values.items() if name in ("due", "status")}
        facts = {name: value for name, value in self.values.items() if name not in of_state}
        sources = tuple(replace(one, **facts) if one.key == self.key else one for one in case.snapshot.sources)
        states = {**case.world.sources, self.key: replace(state, **of_state)}
        return Case(replace(case.snapshot, sources=sources), replace(case.world, sources=states))

    def shown(self) -> str:
        return f"The source “{self.key}” has:\n\n{_block(_facts(self.values), 'text')}"


@dataclass(frozen=True)
class ImageWith:
    """Other facts of an image."""

    key: str
    values: Mapping[str, Any]

    def applied(self, case: Case) -> Case:
        images = tuple(replace(one, **self.values) if one.key == self.key else one for one in case.snapshot.images)
        return replace(case, snapshot=replace(case.snapshot, images=images))

    def shown(self) -> str:
        return f"The image “{self.key}” has:\n\n{_block(_facts(self.values), 'text')}"


@dataclass(frozen=True)
class Without:
    """Pages left out; none named: all."""

    pages: tuple[str, ...] = ()

    def applied(self, case: Case) -> Case:
        pages = tuple(one for one in case.snapshot.pages if self.pages and one.slug not in self.pages)
        return replace(case, snapshot=replace(case.snapshot, pages=pages))

    def shown(self) -> str:
        named = ", ".join(f"“{slug}”" for slug in self.pages)
        return f"The guide is without the pages: {named}." if named else "The guide has no page."


@dataclass(frozen=True)
class Another:
    """One more page of a kind at an address."""

    kind: str
    slug: str

    def applied(self, case: Case) -> Case:
        page = SnapshotPage(self.kind, self.slug, "One more page", "You can ask us.")
        return replace(case, snapshot=replace(case.snapshot, pages=(*case.snapshot.pages, page)))

    def shown(self) -> str:
        return f"The guide has one more page, of the kind “{self.kind}” and with the address “{self.slug}”."


def text(page: str, markdown: str) -> Text:
    return Text(page, markdown)


def entry(page: str, number: int, **values: Any) -> EntryWith:
    return EntryWith(page, number, values)


def guide(**values: Any) -> GuideWith:
    return GuideWith(values)


def world(**values: Any) -> WorldWith:
    return WorldWith(values)


def source(key: str, **values: Any) -> SourceWith:
    return SourceWith(key, values)


def image(key: str, **values: Any) -> ImageWith:
    return ImageWith(key, values)


def without(*pages: str) -> Without:
    return Without(pages)


def _page(case: Case, slug: str) -> SnapshotPage:
    return next(page for page in case.snapshot.pages if page.slug == slug)


def _with_page(case: Case, slug: str, **values: Any) -> Case:
    pages = tuple(replace(page, **values) if page.slug == slug else page for page in case.snapshot.pages)
    return replace(case, snapshot=replace(case.snapshot, pages=pages))


def _block(content: str, language: str) -> str:
    return f"```{language}\n{content}\n```"


def _facts(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return f'"{value}"'
