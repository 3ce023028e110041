"""A line of the quality report, what the checks know of the world, and which lines stop a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

ERROR, WARNING, INFORMATION = "E", "W", "I"
LEVELS = (ERROR, WARNING, INFORMATION)


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    `place` is a page's slug, or empty for the whole guide; `line` is of the page's Markdown and `entry` is which
    entry of the page, both from 1. `override`: an error that the owner may pass with a typed reason. `about`: the key
    of the source that it is about, if it is about one.
    """

    check: str
    level: str
    message: str
    yardstick: str
    place: str = ""
    line: int | None = None
    entry: int | None = None
    override: bool = False
    about: str = ""

    @property
    def key(self) -> str:
        """What a typed reason is kept under: the check, and the page or the source if there is one."""
        return " ".join(part for part in (self.check, self.place, self.about) if part)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class SourceState:
    """What staff last found about a source: when to check it again (None: never checked), and if it still holds."""

    due: date | None
    status: str = "current"


def _every_path(path: str) -> bool:
    return True


def _no_character(text: str) -> str:
    return ""


@dataclass(frozen=True)
class World:
    """What checks need beside the snapshot; passed in, never looked up.

    `sources`: states by key; a missing key was never checked. `resolves`: does this path of the site answer.
    `unprintable`: the characters of a text that no font of the leaflet has, each once. `own_numbers`: telephone
    numbers and lines of the address of the clinic.
    """

    today: date
    kind: str = "procedure"
    review_interval_months: int | None = 12
    sources: Mapping[str, SourceState] = field(default_factory=dict)
    resolves: Callable[[str], bool] = _every_path
    unprintable: Callable[[str], str] = _no_character
    own_numbers: tuple[str, ...] = ()

    @property
    def is_procedure(self) -> bool:
        return self.kind == "procedure"

    def state_of(self, key: str) -> SourceState:
        return self.sources.get(key, SourceState(None))


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are errors."""
    return tuple(finding for finding in findings if finding.level == ERROR)


def warnings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are warnings."""
    return tuple(finding for finding in findings if finding.level == WARNING)


def needs_reason(findings: Sequence[Finding], *, owner: bool) -> tuple[Finding, ...]:
    """Return the findings that pass only with a typed reason; for the owner, some errors are among them."""
    return tuple(
        finding
        for finding in findings
        if finding.level == WARNING or (finding.level == ERROR and finding.override and owner)
    )


def blocking(findings: Sequence[Finding], *, reasons: Mapping[str, str], owner: bool) -> tuple[Finding, ...]:
    """Return the findings that stop a submission. `reasons`: a finding's key → the typed reason."""
    passed = {finding for finding in needs_reason(findings, owner=owner) if reasons.get(finding.key, "").strip()}
    return tuple(finding for finding in findings if finding.level in (ERROR, WARNING) and finding not in passed)
