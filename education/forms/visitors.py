"""What visitors of the public site type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OnDateForm(forms.Form):
    """Which day's edition a visitor wants to see."""

    on = forms.DateField(
        label=_("Show what was live on this day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _("Choose a day, or read the whole list below."),
            "invalid": _("Write the day as year-month-day, such as 2026-03-03."),
        },
    )
