"""Which days a visitor wants a plan for. Nothing of it is kept."""

from __future__ import annotations

import datetime
import unicodedata
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.forms.visitors import DayInput
from education.planning import session_days

MOST_SESSIONS = 20
DAYS, WEEKS = "days", "weeks"
DAYS_IN = {DAYS: 1, WEEKS: 7}
MOST_APART = {DAYS: 364, WEEKS: 52}
# Aftercare can go on for long; who asks for an older day has most likely mistyped the year.
MOST_DAYS_AGO = 365
MOST_DAYS_AHEAD = 730
Words = Any  # a text that is translated when it is shown


def _number(label: Words, help_text: Words, most: int, **messages: Words) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=most,
        # A text field: a browser throws away what it cannot read as a number.
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write a whole number, such as 3."), **messages},
    )


def _digits(text: str) -> str:
    """Return a text with the digits of other scripts as 0 to 9, which alone Python reads in a day.

    Without U+0000, which no page can show beside what is wrong.
    """
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text if one != "\0")


class PlanForm(forms.Form):
    """The day of the treatment and, for a course, how many sessions it has and how far apart they are."""

    # Two fields are for a course alone, and their hints say so.
    is_a_filter = True

    date = forms.DateField(
        label=gettext_lazy("The day of your treatment"),
        help_text=gettext_lazy("For several sessions, the day of the first one."),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Choose the day of your treatment."),
            "invalid": gettext_lazy("There is no such day. Write it as year-month-day, such as 2026-03-03."),
        },
    )
    sessions = _number(
        gettext_lazy("How many sessions"),
        gettext_lazy("Leave it empty for one session."),
        MOST_SESSIONS,
        min_value=gettext_lazy("Write 1 session or more."),
        max_value=gettext_lazy("That is more than we can plan: write at most %(limit_value)s sessions."),
    )
    interval = _number(
        gettext_lazy("Time from one session to the next"),
        gettext_lazy("Only for several sessions. Write a number, and choose days or weeks below."),
        MOST_APART[DAYS],
        min_value=gettext_lazy("Write 1 or more."),
        max_value=gettext_lazy("That is too far apart to plan. Write at most 52 weeks, or 364 days."),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[(WEEKS, gettext_lazy("weeks")), (DAYS, gettext_lazy("days"))],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose days or weeks.")},
    )

    def __init__(self, data: Any, *, today: datetime.date) -> None:
        """`data`: the query of the address, or None for a form as it comes. `today`: by the clinic's clock."""
        super().__init__(
            None if data is None else {"unit": WEEKS, **data, "date": _digits(data.get("date", "")).strip()}
        )
        self.initial = {"unit": WEEKS}
        self.today = today

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
        if day < self.today - timedelta(days=MOST_DAYS_AGO):
            raise forms.ValidationError(
                _("That day was more than a year ago. Look at the year, and choose the day again.")
            )
        if day > self.today + timedelta(days=MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("We can plan 2 years ahead. Look at the year, or come back later."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sessions, interval = cleaned.get("sessions") or 1, cleaned.get("interval")
        unit = cleaned.get("unit") or WEEKS
        if sessions == 1 or {"sessions", "interval", "unit"} & set(self.errors):
            return cleaned
        if interval is None:
            self.add_error("interval", _("Write how long it is from one session to the next."))
        elif interval > MOST_APART[unit]:
            self.add_error("interval", _("That is too far apart to plan. Write at most 52 weeks, or 364 days."))
        elif "date" in cleaned and self.days[-1] > self.today + timedelta(days=MOST_DAYS_AHEAD):
            last = date_format(self.days[-1])
            said = _("The last session would be on %(last)s. We can plan 2 years ahead: write fewer sessions.")
            self.add_error("sessions", said % {"last": last})
        return cleaned

    @property
    def days(self) -> list[datetime.date]:
        """The days of the sessions, of a valid form."""
        apart = (self.cleaned_data.get("interval") or 0) * DAYS_IN[self.cleaned_data.get("unit") or WEEKS]
        sessions = self.cleaned_data.get("sessions") or 1
        return session_days(self.cleaned_data["date"], sessions, apart)

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address of this plan, of a valid form."""
        asked = {"date": self.cleaned_data["date"].isoformat()}
        if len(self.days) > 1:
            asked |= {"sessions": str(len(self.days)), "interval": str(self.cleaned_data["interval"])}
            if self.cleaned_data["unit"] == DAYS:
                asked["unit"] = DAYS
        return asked
