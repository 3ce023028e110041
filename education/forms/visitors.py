"""What visitors of the public site type."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A field for a day. What is no day is not given back in it: no browser shows it, and HTML forbids it."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        written = super().format_value(value)
        try:
            return written and date.fromisoformat(written).isoformat()
        except ValueError:
            return None


class OnDateForm(forms.Form):
    """Which day's edition a visitor wants to see."""

    on = forms.DateField(
        label=_("Show what was live on this day"),
        widget=DayInput(),
        error_messages={
            "required": _("Choose a day, or read the whole list below."),
            "invalid": _("Write the day as year-month-day, such as 2026-03-03."),
        },
    )
