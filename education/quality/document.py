"""The documentation of the checks, made from their register and the example guide."""

from __future__ import annotations

from collections.abc import Iterator

from education.quality import CHECK_MODULES, CHECKS
from education.quality.example_guide import IN_ORDER
from education.quality.examples import Case, Example
from education.quality.finding import ERROR, INFORMATION, WARNING, Finding
from education.quality.registry import Check, report

LEVEL_WORDS = {ERROR: "error", WARNING: "warning", INFORMATION: "for information"}

INTRODUCTION = """\
# What the quality report checks

When a guide is submitted, the checks below read the text, its entries and its sources, and the report is kept with
the edition. Each line names the place, says what to do, and names the yardstick that it serves.

- An **error** stops the submission. Some errors the owner may pass with a typed reason.
- A **warning** wants a typed reason, which is kept with the edition.
- What is **for information** is shown only.

This file is written by `manage.py document_checks` from the checks themselves. The examples are small changes of one
guide that passes every check, the one about cold therapy in `education/quality/example_guide.py`; the tests apply
each of them.

| Check | Level | Serves |
|---|---|---|
"""


def document() -> str:
    """Return the documentation of every check as Markdown."""
    checks = [
        check for module in CHECK_MODULES for check in CHECKS.values() if check.look.__module__ == module.__name__
    ]
    rows = "".join(f"| [{check.id}](#{_anchor(check)}) | {_levels(check)} | {check.serves} |\n" for check in checks)
    return f"{INTRODUCTION}{rows}\n" + "\n".join("\n".join(_section(check)) for check in checks)


def case_of(example: Example) -> Case:
    """Return the guide in order with an example's changes."""
    case = IN_ORDER
    for change in example.changes:
        case = change.applied(case)
    return case


def findings_of(case: Case) -> tuple[Finding, ...]:
    """Return the whole report on a case."""
    return report(case.snapshot, case.snapshot.rendered()[0], case.world)


def _section(check: Check) -> Iterator[str]:
    yield f"## {check.id}\n"
    yield f"{check.rule}\n"
    passes = " The owner may pass an error with a typed reason." if check.override else ""
    yield f"Level: {_levels(check)}.{passes} Serves: {check.serves}.\n"
    for example in check.examples:
        shown = [change.shown() for change in example.changes]
        if not example.level:
            yield "\n\n".join(["**An example that passes.**", *shown]) + "\n"
            continue
        finding = next(
            one for one in findings_of(case_of(example)) if (one.check, one.level) == (check.id, example.level)
        )
        said = f"→ {finding.message}"
        yield "\n\n".join([f"**An example of what it finds ({LEVEL_WORDS[example.level]}).**", *shown, said]) + "\n"


def _levels(check: Check) -> str:
    return ", ".join(LEVEL_WORDS[level] for level in check.levels)


def _anchor(check: Check) -> str:
    return check.id.replace(".", "")
