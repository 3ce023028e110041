"""Why an action was refused, beside permission and state."""

from __future__ import annotations

from collections.abc import Sequence

from education.models import PageVersion
from education.quality import Finding


class Refused(Exception):
    """The input cannot be accepted. The message says what to do; `field` names the form field, if one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class EntryRefused(Refused):
    """An entry of a page cannot be accepted. `number` says which, counted from 1."""

    def __init__(self, message: str, number: int, field: str = "") -> None:
        super().__init__(message, field)
        self.number = number


class ChangedMeanwhile(Refused):
    """Somebody saved something after this person looked."""


class EditConflict(Exception):
    """Somebody else saved this page first. Carries the text both started from and theirs."""

    def __init__(self, base: PageVersion | None, theirs: PageVersion) -> None:
        super().__init__(f"{theirs.made_by_name} saved this page while you were writing.")
        self.base = base
        self.theirs = theirs


class Blocked(Exception):
    """The quality report has errors, or warnings without a reason: `missing`. Carries the whole report."""

    def __init__(self, findings: Sequence[Finding], missing: Sequence[Finding]) -> None:
        super().__init__("The report stops this submission. Mend what it names, or say why it is right as it is.")
        self.findings = tuple(findings)
        self.missing = tuple(missing)
