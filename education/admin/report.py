"""The quality report on a screen: what stops, what wants a reason, what is worth knowing, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.forms import BoundField
from django.urls import reverse

from education import quality
from education.admin.loading import guide_url, page_url
from education.forms import ReasonsForm
from education.models import Guide, Page, Source
from education.quality import Finding

# For findings about the whole guide: where on the guide's screen it is put right.
ANCHORS = {"summary.missing": "id_summary", "dates": "id_review_interval_months", "funding": "id_written_by"}
SOURCES = "source."
# The one line that every report has: check, place, level.
GRADE = ("reading.grade", "", quality.INFORMATION)


@dataclass(frozen=True)
class Places:
    """Where the findings of a report are put right.

    `titles`: of the pages reported on, by address; `pages`: where each is written. `carried_over`: the addresses of
    pages that stand as in the live edition, so that a line or an entry is not one of the working copy. `sources`:
    key → id. With `linked` False there are words but no links.
    """

    guide: Guide
    titles: Mapping[str, str]
    pages: Mapping[str, Page] = field(default_factory=dict)
    carried_over: Collection[str] = ()
    sources: Mapping[str, int] = field(default_factory=dict)
    linked: bool = True

    def words(self, finding: Finding) -> str:
        """Return what a finding is about."""
        if not finding.place:
            return "Sources" if finding.check.startswith(SOURCES) else "The guide"
        words = self.titles.get(finding.place, finding.place)
        if finding.entry:
            words += f", entry {finding.entry}"
        elif finding.line:
            words += f", line {finding.line}"
        return words

    def href(self, finding: Finding) -> str:
        """Return the address at which a finding is put right; empty when there is none, or one for each source."""
        if not self.linked or (finding.check.startswith(SOURCES) and not finding.place):
            return ""
        if not finding.place:
            anchor = "pages" if finding.check.startswith(("pages.", "carecard.")) else "facts"
            return f"{guide_url(self.guide.pk)}#{ANCHORS.get(finding.check, anchor)}"
        page = self.pages.get(finding.place)
        if page is None:
            return f"{guide_url(self.guide.pk)}#pages"
        if finding.place in self.carried_over:
            return page_url(page)
        if finding.entry:
            return f"{page_url(page)}#entry-{finding.entry}"
        return f"{page_url(page)}?line={finding.line}#id_markdown" if finding.line else page_url(page)

    def sources_of(self, finding: Finding) -> list[tuple[str, str]]:
        """Return key and address of each source that a finding about sources names."""
        if not self.linked or not finding.check.startswith(SOURCES):
            return []
        return [
            (key, reverse("admin:education_source_change", args=[pk]))
            for key, pk in self.sources.items()
            if (key == finding.about if finding.about else f"“{key}”" in finding.message)
        ]


@dataclass(frozen=True)
class Line:
    """A finding with its place: in words, and as links."""

    finding: Finding
    where: str
    href: str
    sources: Sequence[tuple[str, str]]
    carried_over: bool


@dataclass(frozen=True)
class Item:
    """The lines for which one reason speaks, and that reason: as a field, or as it was given.

    `elsewhere`: the id of the item that has the field of this one's key.
    """

    id: str
    key: str
    lines: Sequence[Line]
    field: BoundField | None = None
    reason: str = ""
    elsewhere: str = ""

    @property
    def owner_may_pass(self) -> bool:
        return all(line.finding.override for line in self.lines)


@dataclass(frozen=True)
class Level:
    """The findings of one level under a heading that says what they mean."""

    name: str
    title: str
    meaning: str
    items: Sequence[Item]

    @property
    def count(self) -> int:
        return sum(len(item.lines) for item in self.items)


@dataclass(frozen=True)
class Report:
    """The whole report. `grade` is the reading grade of the guide, in a sentence."""

    levels: Sequence[Level]
    grade: str

    @property
    def counts(self) -> str:
        """How many findings there are of each level, in words."""
        return ", ".join(f"{level.count} {COUNTED[level.name][level.count != 1]}" for level in self.levels)

    @property
    def measures(self) -> list[tuple[str, str]]:
        """What the lines are measured by, once for each check: its rule, and the yardstick that it serves."""
        lines = [line.finding for level in self.levels for item in level.items for line in item.lines]
        named = {one.check: one.yardstick for one in lines}
        return [
            (quality.CHECKS[check].rule if check in quality.CHECKS else check, yardstick)
            for check, yardstick in named.items()
        ]

    def item_of(self, finding: Finding) -> Item | None:
        """Return the item with this finding."""
        items = (item for level in self.levels for item in level.items)
        return next((item for item in items if finding in [line.finding for line in item.lines]), None)


LEVELS = (
    (quality.ERROR, "Errors", "They stop the submission."),
    (quality.WARNING, "Warnings", "Mend what is wrong. Where it is right as it is, say why: the reason is kept."),
    (quality.INFORMATION, "Notes: nothing you must do", ""),
)
COUNTED = {
    quality.ERROR: ("error", "errors"),
    quality.WARNING: ("warning", "warnings"),
    quality.INFORMATION: ("note", "notes"),
}


def findings_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings that an edition keeps; one that an earlier version wrote may lack some of their facts."""
    known = {one.name for one in fields(Finding)}
    return tuple(Finding(**{name: value for name, value in row.items() if name in known}) for row in rows)


def ids_of_sources(keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of sources by key: one query."""
    return dict(Source.objects.filter(key__in=list(keys)).order_by("key").values_list("key", "pk"))


def report_of(
    findings: Sequence[Finding],
    places: Places,
    *,
    form: ReasonsForm | None = None,
    owner: bool = False,
    given: Mapping[str, str] | None = None,
) -> Report:
    """Return the report as a screen shows it: with the fields of a form for reasons, or with those that were given.

    Each key has one field: beside an error only for the `owner`, who may pass it, and otherwise beside the warning.
    """
    grade = next((one for one in findings if (one.check, one.place, one.level) == GRADE), None)
    levels = []
    has_field: dict[str, str] = {}
    for name, title, meaning in LEVELS:
        by_key: dict[str, list[Line]] = {}
        for one in findings:
            if one.level == name and one is not grade:
                by_key.setdefault(one.key, []).append(_line(one, places))
        items = []
        for number, (key, lines) in enumerate(by_key.items(), 1):
            item = Item(f"report-{name}-{number}", key, lines)
            if name != quality.INFORMATION:
                wanted = form and key not in has_field and (owner or name != quality.ERROR)
                field = form.field_of(key) if form and wanted else None
                item = replace(item, field=field, reason=(given or {}).get(key, ""), elsewhere=has_field.get(key, ""))
                if field:
                    has_field[key] = item.id
            items.append(item)
        if items:
            levels.append(Level(name, title, meaning, items))
    return Report(levels, grade.message if grade else "")


def _line(finding: Finding, places: Places) -> Line:
    return Line(
        finding,
        places.words(finding),
        places.href(finding),
        places.sources_of(finding),
        finding.place in places.carried_over,
    )


def labels_of(findings: Iterable[Finding], places: Places) -> dict[str, str]:
    """Return what the field for the reason of each key is called."""
    labels = {}
    for one in findings:
        about = places.titles.get(one.place, one.place) or one.about
        name = f"“{about}”" if about else "the guide"
        labels[one.key] = f"Why {name} is right as it is ({one.check})"
    return labels
