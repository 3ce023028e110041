"""The form over a place: its facts, its week, the days that differ."""

from __future__ import annotations

import json
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils import timezone

from clinic.actions.places import (
    LINES,
    NO_ADDRESS,
    NO_NAME,
    NO_POINT,
    NO_SLUG,
    SAME_BEGINNING,
    SLUG_TAKEN,
    TEXTS,
    is_point,
    same_beginning,
    times_of,
    wrong_days,
)
from clinic.forms.times import clean_spans, in_words, times_fields
from clinic.hours import Span, SpecialDays, schedule_of
from clinic.models import Location, WeekdayHours
from clinic.models.places import Access
from education.forms import CanonicalField, GuardedForm, LineField
from education.forms.guarded import Theirs

# Rows for new days that differ, each time the form is opened.
EMPTY_ROWS = 3
MOST_ROWS = 100
LONGEST_REASON = 120
ACCESS = ("step_free", "parking", "hearing_loop")
# Names of the IANA list that stand for no place, or for one that has another name too.
_OTHER_ZONES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")

_DEGREES = r"([-+−]?[0-9]{1,3}(?:\.[0-9]{1,20})?)°?"
_POINT = re.compile(rf"\(?\s*{_DEGREES}[\s,;]+{_DEGREES}\s*\)?")


def zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from, with that of the site for a place that names none."""
    names = sorted(one for one in zoneinfo.available_timezones() if "/" in one and not one.startswith(_OTHER_ZONES))
    return [("", f"The same as the site’s: {settings.TIME_ZONE}"), *((name, name.replace("_", " ")) for name in names)]


def point_from(text: str) -> tuple[Decimal, Decimal] | None:
    """Return latitude and longitude as a map application gives them, to six places; None for any other text."""
    found = _POINT.fullmatch(text.strip())
    if not found:
        return None
    latitude, longitude = (round(Decimal(degrees.replace("−", "-")), 6) for degrees in found.groups())
    return (latitude, longitude) if is_point(latitude, longitude) else None


@dataclass(frozen=True)
class Row:
    """Some fields of the form that stand together under a name."""

    name: str
    label: str
    hint: str
    fields: Sequence[BoundField]
    errors: bool


class LocationForm(GuardedForm):
    """A place. Fields of its hours are named `hours-<weekday>-<time>`, those of its special days `special-<row>-…`."""

    point = forms.CharField(
        label="Point on the map",
        required=False,
        max_length=60,
        help_text="Latitude and longitude, such as: 38.8977, -77.0365. Map applications give both when you hold a "
        "finger on the place. Left empty, they look for the address.",
    )
    time_zone = forms.ChoiceField(
        choices=zones,
        required=False,
        help_text="Choose one only where its clocks show another time than those of the site.",
    )

    class Meta:
        model = Location
        fields = (
            *("name", "slug", "postal_address", "phone", "point", "directions"),
            *(*ACCESS, "access_note", "time_zone", "position", "is_shown"),
        )
        field_classes = {**dict.fromkeys(TEXTS, CanonicalField), **dict.fromkeys(LINES, LineField)}
        widgets = {name: forms.Textarea(attrs={"rows": 3, "cols": 80}) for name in TEXTS}
        help_texts = {
            "name": "What you call it, such as: Harbor Lane.",
            "slug": "Part of the link to this place. It cannot be changed later, because other pages may link to it.",
            "phone": "As patients should dial it. Leave it empty where the clinic’s number is the one to call.",
            "directions": "In a few sentences: the bus stop, which door, which floor.",
            "step_free": "Whether somebody in a wheelchair gets from the street to the treatment room.",
            "parking": "Whether patients can park.",
            "hearing_loop": "Whether there is a loop for hearing aids.",
            "access_note": "What somebody should know before they come, such as: The elevator is at the back.",
            "position": "Places stand in this order.",
            "is_shown": "Take the tick away, and patients do not see this place any more.",
        }
        error_messages = {
            "name": {"required": NO_NAME},
            "postal_address": {"required": NO_ADDRESS},
            "slug": {"required": NO_SLUG, "invalid": NO_SLUG, "unique": SLUG_TAKEN},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schedule = schedule_of(self.instance) if self.instance.pk else None
        today = timezone.now().astimezone(self.instance.zone).date()
        special_days = self.schedule.special_days if self.schedule else ()
        # Over, and kept all the same: how long somebody waited is counted with them.
        self.past = [special for special in special_days if special.last < today]
        self.coming = [special for special in special_days if special.last >= today]
        self.today = today
        for name in {*ACCESS} & {*self.fields}:
            self.fields[name].choices = [("", "Not said"), *Access.choices]  # type: ignore[attr-defined]
        if "time_zone" in self.fields and self.instance.time_zone:
            self._keep_zone(self.instance.time_zone)
        self.initial["point"] = self.instance.point
        self._add_week()
        self._add_special_days()
        if self.schedule:
            self._stored |= {"point": self.instance.point, **self._units()}

    def _keep_zone(self, name: str) -> None:
        field: Any = self.fields["time_zone"]
        if name not in dict(field.choices):
            field.choices = [*field.choices, (name, name)]

    def _add_week(self) -> None:
        weekdays = self.schedule.weekdays if self.schedule else {}
        for number, label in WeekdayHours.Weekday.choices:
            prefix = f"hours-{number}"
            self.fields |= times_fields(prefix, str(label))
            self._fill(prefix, weekdays.get(number, ()))

    def _add_special_days(self) -> None:
        for number in range(self._rows()):
            prefix, label = f"special-{number}", f"Days that differ, row {number + 1}"
            self.fields |= {
                f"{prefix}-first_day": _day(label, "First day"),
                f"{prefix}-last_day": _day(label, "Last day"),
                f"{prefix}-reason": _reason(label),
                **times_fields(prefix, label),
            }
            if number < len(self.coming):
                special = self.coming[number]
                self.fields[f"{prefix}-remove"] = _remove(label)
                self._fill(prefix, special.spans)
                self.initial.update({f"{prefix}-first_day": special.first, f"{prefix}-reason": special.reason})
                # A single day's end stays empty, so that it moves along.
                self.initial[f"{prefix}-last_day"] = special.last if special.last != special.first else None

    def _rows(self) -> int:
        sent = [int(found[1]) for name in self.data or () if (found := re.match(r"special-([0-9]{1,3})-", name))]
        if self.is_bound:
            return max(len(self.coming), min(MOST_ROWS, max(sent, default=-1) + 1))
        return len(self.coming) + EMPTY_ROWS

    def _fill(self, prefix: str, spans: Sequence[Span]) -> None:
        self.initial.update({f"{prefix}-{name}": at for name, at in times_of(spans).items()})

    def _units(self) -> dict[str, str]:
        """Return what stands in each weekday and in all special days, in words: others may have changed them."""
        weekdays = self.schedule.weekdays if self.schedule else {}
        week = {f"hours-{day}": in_words(weekdays.get(day, ())) for day in WeekdayHours.Weekday.values}
        return {**week, "special": "\n".join(_line(special) for special in self.coming)}

    @property
    def theirs(self) -> list[Theirs]:
        found = super().theirs
        if not self.is_bound or not self.schedule:
            return found
        opened, now, labels = self._opened(), json.loads(self.opened), dict(WeekdayHours.Weekday.choices)
        for unit, words in self._units().items():
            changed = any(name.startswith(f"{unit}-") for name in self.changed_data)
            if changed and opened.get(unit) != now[unit]:
                label = labels[int(unit.partition("-")[2])] if unit != "special" else "Days that differ"
                found.append(Theirs(str(label), words))
        return found

    @property
    def week(self) -> list[Row]:
        """The seven days, each with its four times."""
        return [self._row(f"hours-{number}", str(label)) for number, label in WeekdayHours.Weekday.choices]

    @property
    def special_rows(self) -> list[Row]:
        """The days that differ, and empty rows for more."""
        return [
            self._row(f"special-{number}", f"Row {number + 1}", _line(self.coming[number]))
            if number < len(self.coming)
            else self._row(f"special-{number}", f"Row {number + 1}", "new")
            for number in range(self._rows())
        ]

    def _row(self, prefix: str, label: str, hint: str = "") -> Row:
        fields = [self[name] for name in self.fields if name.startswith(f"{prefix}-")]
        return Row(prefix, label, hint, fields, any(field.errors for field in fields))

    def clean_point(self) -> str:
        text = self.cleaned_data["point"]
        point = point_from(text) if text else (None, None)
        if point is None:
            raise forms.ValidationError(NO_POINT, code="invalid")
        self.instance.latitude, self.instance.longitude = point
        return text

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.hours = {day: clean_spans(self, f"hours-{day}") for day in WeekdayHours.Weekday.values}
        rows = [(row, special) for row in range(self._rows()) if (special := self._special(f"special-{row}"))]
        twice = same_beginning([special for _, special in rows])
        if twice is not None:
            self.add_error(f"special-{rows[twice][0]}-first_day", SAME_BEGINNING)
        typed = [special for _, special in rows]
        first_days = {special.first for special in typed}
        # Of two that begin on one day the one that is seen counts.
        self.special_days = [*(special for special in self.past if special.first not in first_days), *typed]
        return cleaned

    def _special(self, prefix: str) -> SpecialDays | None:
        """Return the days that a row names; None where it is empty, ticked to go, or wrong."""
        value = {name: self.cleaned_data.get(f"{prefix}-{name}") for name in ("first_day", "last_day", "reason")}
        if self.cleaned_data.get(f"{prefix}-remove"):
            for name in [name for name in self.errors if name.startswith(f"{prefix}-")]:
                del self.errors[name]
            return None
        spans = clean_spans(self, prefix)
        if any(name.startswith(f"{prefix}-") for name in self.errors):
            return None
        if value["first_day"] is None:
            if value["last_day"] or value["reason"] or spans:
                self.add_error(f"{prefix}-first_day", "Write the first day, or empty the whole row.")
            return None
        first: date = value["first_day"]
        special = SpecialDays(first, value["last_day"] or first, spans, value["reason"] or "")
        if refusal := wrong_days(special):
            self.add_error(f"{prefix}-{refusal.field}", str(refusal))
            return None
        if special.last < self.today and any(name.startswith(f"{prefix}-") for name in self.changed_data):
            self.add_error(f"{prefix}-first_day", "This is over. Check the year, or empty the whole row.")
            return None
        return special


def _day(row: str, label: str) -> forms.DateField:
    field = forms.DateField(
        label=f"{row}, {label.lower()}",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a day such as 2027-12-24."},
    )
    field.short_label = label  # type: ignore[attr-defined]
    return field


def _reason(row: str) -> LineField:
    field = LineField(
        label=f"{row}, reason", required=False, max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"size": 40})
    )
    field.short_label = "Reason, such as: Thanksgiving"  # type: ignore[attr-defined]
    return field


def _remove(row: str) -> forms.BooleanField:
    field = forms.BooleanField(label=f"{row}, take away", required=False)
    field.short_label = "Take this row away when I save"  # type: ignore[attr-defined]
    return field


def _line(special: SpecialDays) -> str:
    days = f"{special.first:%Y-%m-%d}"
    if special.last != special.first:
        days = f"{days} to {special.last:%Y-%m-%d}"
    reason = f" ({special.reason})" if special.reason else ""
    return f"{days}: {in_words(special.spans)}{reason}"
