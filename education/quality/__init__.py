"""The quality report: pure checks over a snapshot, each line with its level, place and yardstick."""

from education.quality import (
    entry_checks,
    guide_checks,
    link_checks,
    medicine_checks,
    page_checks,
    reading_checks,
    source_checks,
    word_checks,
)
from education.quality.finding import (
    ERROR,
    INFORMATION,
    WARNING,
    Finding,
    SourceState,
    World,
    blocking,
    errors,
    needs_reason,
    warnings,
)
from education.quality.registry import CHECKS, Check, report

# Importing a module registers its checks.
CHECK_MODULES = (
    guide_checks,
    page_checks,
    link_checks,
    entry_checks,
    source_checks,
    reading_checks,
    word_checks,
    medicine_checks,
)

__all__ = [
    "CHECKS",
    "CHECK_MODULES",
    "ERROR",
    "INFORMATION",
    "WARNING",
    "Check",
    "Finding",
    "SourceState",
    "World",
    "blocking",
    "errors",
    "needs_reason",
    "report",
    "warnings",
]
