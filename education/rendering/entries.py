"""A page's entries as HTML: facts, benefits, side effects, reasons against, care steps, questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from education.entries import ADVICE_MEANS, FREQUENCY_IN_NUMBERS, KIND_NAMED, Advice, Evidence, Frequency
from education.rendering.references import References

Data = Mapping[str, Any]
DAYS_IN_WEEK = 7
# Beyond this a stretch is said with both its ends.
MOST_DAYS_COUNTED = 14


class Place(Protocol):
    """Where on the page the entries stand: gives them references and headings as the text around them has."""

    references: References
    language: str

    def heading(self, text: str) -> str:
        """Return the id for a heading inside the entries."""

    def level_below(self) -> int:
        """Return the level of such a heading."""


@dataclass(frozen=True)
class Entries:
    """What stands at [[entries]] on a page: entries of one kind.

    `box`: key facts as the overview's summary box. `headlines`: only those that are marked for it.
    """

    rows: tuple[Data, ...]
    box: bool = False
    headlines: bool = False

    @property
    def kind(self) -> str:
        return str(self.rows[0]["kind"])

    def html(self, place: Place, *, titled: bool) -> str:
        """Return safe HTML, every text escaped, with labels in the active language.

        `titled`: with a heading of their own, where the page's author gave them no place under another.
        """
        rows = [
            {**row, "id": entry_anchor(place.references.anchor, number)}
            for number, row in enumerate(self.rows, start=1)
            if not self.headlines or row["headline"]
        ]
        if not rows:
            return ""
        title = str(KIND_NAMED[self.kind].plural) if titled or self.box else ""
        level = place.level_below()
        context = {
            "title": title,
            "anchor": place.heading(title) if title else "",
            "level": level,
            "inner_level": min(level + 1, 4) if title else level,
            "box": self.box,
            "language": place.language,
            **_CONTEXT[self.kind](rows, place),
        }
        return render_to_string(_TEMPLATE[self.kind], context).strip()


def entry_anchor(page: str, number: int) -> str:
    """Return the id of an entry on a page, counted from 1. No heading's id has two hyphens side by side."""
    return f"{page}--{number}"


def _with_references(row: Data, place: Place) -> dict[str, Any]:
    return {**row, "references": place.references.refer(row["sources"])}


def _key_facts(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    """Group the facts by label, each where the first of its label stands."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["label"], []).append(dict(row))
    return {
        "groups": [
            {
                "label": label,
                "facts": [_with_references(fact, place) for fact in facts],
                "disagree": len({fact["value"] for fact in facts}) > 1,
            }
            for label, facts in groups.items()
        ]
    }


def _benefits(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    labels = dict(Evidence.choices)
    return {
        "benefits": [
            {
                **_with_references(row, place),
                "evidence_label": labels.get(row["evidence"], gettext("Evidence not stated")),
                "anchor": place.heading(row["claim"]),
            }
            for row in rows
        ]
    }


def _side_effects(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    return {"effects": [{**_with_references(row, place), "how_often": how_often(row["frequency"])} for row in rows]}


def how_often(frequency: str) -> str:
    """Return a frequency in words and numbers, in the active language."""
    if not frequency:
        return gettext("Not stated")
    named = Frequency(frequency)
    if named in FREQUENCY_IN_NUMBERS:
        return f"{named.label}: {FREQUENCY_IN_NUMBERS[named]}"
    return str(named.label)


def _contraindications(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    groups = []
    for advice in Advice:
        meant = [row for row in rows if row["advice"] == advice.value]
        if meant:
            anchor = place.heading(str(advice.label))
            conditions = [_with_references(row, place) for row in meant]
            group = {"advice": advice.value, "label": advice.label, "meaning": ADVICE_MEANS[advice], "anchor": anchor}
            groups.append({**group, "conditions": conditions})
    return {"groups": groups}


def _care_steps(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    """Sort the steps by day and put the treatment day among them, with its steps or as a mark alone."""
    in_order = sorted(rows, key=_days)
    stretches: list[dict[str, Any]] = [
        {"days": days, "label": days_in_words(*days), "steps": [_with_references(row, place) for row in steps]}
        for days, steps in groupby(in_order, key=_days)
    ]
    if not any(one["days"] == (0, 0) for one in stretches):
        after = next((index for index, one in enumerate(stretches) if one["days"] > (0, 0)), len(stretches))
        stretches.insert(after, {"days": (0, 0), "label": days_in_words(0, 0), "steps": []})
    for one in stretches:
        one["treatment"] = one["days"] == (0, 0)
    return {"stretches": stretches}


def _days(row: Data) -> tuple[int, int]:
    return row["from_day"], row["to_day"]


def days_in_words(start: int, end: int) -> str:
    """Return a stretch of days, counted from the treatment, in the active language: “4 to 2 weeks before”."""
    if start == end:
        return day_in_words(start)[:1].upper() + day_in_words(start)[1:]
    near, far = sorted((abs(start), abs(end)))
    if start * end > 0 and not near % DAYS_IN_WEEK and not far % DAYS_IN_WEEK:
        weeks = {"near": near // DAYS_IN_WEEK, "far": far // DAYS_IN_WEEK}
        before, after = gettext("%(far)d to %(near)d weeks before"), gettext("%(near)d to %(far)d weeks after")
        return (before if start < 0 else after) % weeks
    if start * end > 0 and far <= MOST_DAYS_COUNTED:
        before, after = gettext("%(far)d to %(near)d days before"), gettext("%(near)d to %(far)d days after")
        return (before if start < 0 else after) % {"near": near, "far": far}
    return gettext("From %(start)s to %(end)s") % {"start": day_in_words(start), "end": day_in_words(end)}


def day_in_words(day: int) -> str:
    """Return a day counted from the treatment, such as “1 week before” or “the day of treatment”."""
    if day == 0:
        return gettext("the day of treatment")
    count = abs(day)
    weeks, odd = divmod(count, DAYS_IN_WEEK)
    if not odd:
        before = ngettext("%(count)d week before", "%(count)d weeks before", weeks)
        after = ngettext("%(count)d week after", "%(count)d weeks after", weeks)
        return (before if day < 0 else after) % {"count": weeks}
    before = ngettext("%(count)d day before", "%(count)d days before", count)
    after = ngettext("%(count)d day after", "%(count)d days after", count)
    return (before if day < 0 else after) % {"count": count}


def _questions(rows: Sequence[Data], place: Place) -> dict[str, Any]:
    return {"questions": [{**_with_references(row, place), "anchor": place.heading(row["question"])} for row in rows]}


_CONTEXT: Mapping[str, Callable[[Sequence[Data], Place], dict[str, Any]]] = {
    "key-fact": _key_facts,
    "benefit": _benefits,
    "side-effect": _side_effects,
    "contraindication": _contraindications,
    "care-step": _care_steps,
    "question": _questions,
}
_TEMPLATE: Mapping[str, str] = {
    "key-fact": "components/key_facts.html",
    "benefit": "components/benefits.html",
    "side-effect": "components/side_effects.html",
    "contraindication": "components/contraindications.html",
    "care-step": "components/timeline.html",
    "question": "components/questions.html",
}
