"""What a visitor asks of the price list: which day's it is, and what to work out. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic import money
from clinic.models import MOST_SESSIONS, Price
from clinic.price_list import Breakdown, Procedure, breakdown
from education.forms.visitors import DayInput, MarkedSelect
from education.wording import marks_of_text

MOST_YEARS = 20
Words = Any  # a text that is translated when it is shown
YES, NO = "yes", "no"
# A form sent with one of these wants a sum; the name of a procedure alone wants its table.
ASKING = ("area", "sessions", "keep", "years")


class PriceDayForm(forms.Form):
    """Whose prices are shown: those of a day that has come."""

    on = forms.DateField(
        label=gettext_lazy("Show what we charged on this day"),
        widget=DayInput(),
        error_messages={
            "required": gettext_lazy("Choose a day. Until then, these are the prices of today."),
            "invalid": gettext_lazy("Write the day as year-month-day, such as 2026-03-03."),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(
                _("That day has not come yet, and prices can change until then. Choose a day that is over, or today.")
            )
        return day

    @property
    def day(self) -> date:
        """The day that was asked for; today where none was, or none that could be."""
        return self.cleaned_data["on"] if self.is_bound and self.is_valid() else self.today


def _number(label: Words, most: int, **messages: Words) -> forms.IntegerField:
    wrong = gettext_lazy("Write a whole number, such as 3.")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        # A text field: a browser throws away what it cannot read as a number.
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
        error_messages={"invalid": wrong, **messages},
    )


class SumForm(forms.Form):
    """Narrows the price list to a procedure, and says what to work out for it."""

    # Whoever looks for something need not be told that they may leave it open.
    is_a_filter = True

    procedure = forms.ChoiceField(
        label=gettext_lazy("Treatment"),
        required=False,
        widget=MarkedSelect,
        error_messages={
            "invalid_choice": gettext_lazy("We have no price for this on the list. Choose a treatment, or ask us.")
        },
    )
    area = forms.ChoiceField(
        label=gettext_lazy("For what"),
        required=False,
        widget=MarkedSelect,
        error_messages={"invalid_choice": gettext_lazy("This treatment has no such price. Choose one of the list.")},
    )
    sessions = _number(
        gettext_lazy("How many sessions"),
        MOST_SESSIONS,
        min_value=gettext_lazy("Write 1 session or more."),
        max_value=gettext_lazy("That is more than we can plan: write at most %(limit_value)s sessions."),
    )
    keep = forms.ChoiceField(
        label=gettext_lazy("Add the sessions that keep the result?"),
        choices=[(YES, gettext_lazy("Yes, add them")), (NO, gettext_lazy("No, the course alone"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say whether to add them."),
            "invalid_choice": gettext_lazy("Choose yes or no."),
        },
    )
    years = _number(
        gettext_lazy("For how many years"),
        MOST_YEARS,
        min_value=gettext_lazy("Write 1 year or more, or choose the course alone."),
        max_value=gettext_lazy("Nobody knows prices so far ahead: write at most %(limit_value)s years."),
    )

    def __init__(self, data: Mapping[str, str], *, procedures: Sequence[Procedure]) -> None:
        self.wants_sum = any(name in data for name in ASKING)
        asked = data.get("procedure", "")
        # A guide leads here whether its treatment has a price or not: following its link is no mistake.
        self.unlisted = "" if self.wants_sum or asked in {one.slug for one in procedures} else asked
        super().__init__({"keep": YES, "years": "1", **data, **({"procedure": ""} if self.unlisted else {})})
        self.procedures = procedures
        if not procedures:
            # Nothing to choose from, and nothing to be wrong about.
            self.fields.clear()
            return
        names = [(one.slug, one.title) for one in procedures]
        marks = {one.slug: marks_of_text(one.language) for one in procedures}
        self._choose("procedure", names if len(names) == 1 else [("", _("All treatments")), *names], marks)
        if self.chosen is None:
            # Which areas there are, and in how many sessions, only a procedure says.
            for name in ASKING:
                del self.fields[name]
            return
        areas = self.chosen.areas
        own = marks_of_text(settings.LANGUAGE_CODE) if _is_foreign(settings.LANGUAGE_CODE) else {}
        self._choose("area", [("", _("Everything")), *((area, area) for area in areas)], dict.fromkeys(areas, own))
        self.fields["sessions"].help_text = self._usual()

    def _choose(self, name: str, choices: list[tuple[str, str]], marks: Mapping[str, Mapping[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        field.widget.marks = marks

    @property
    def made_of(self) -> tuple[object, ...]:
        """Return what the form shows as long as nobody has filled it in, for `{% kept %}`."""
        fields: Any = self.fields.items()
        return tuple(
            (name, tuple(getattr(field, "choices", ())), repr(getattr(field.widget, "marks", "")), field.help_text)
            for name, field in fields
        )

    @cached_property
    def chosen(self) -> Procedure | None:
        """The procedure that was chosen, or the only one there is while none was."""
        asked = self.data.get("procedure", "")
        if not asked and len(self.procedures) == 1:
            return self.procedures[0]
        return next((one for one in self.procedures if one.slug == asked), None)

    def _usual(self) -> str:
        least = [price.sessions_from for price in self._asked() if price.sessions_from is not None]
        most = [price.sessions_to for price in self._asked() if price.sessions_to is not None]
        if not least or not most:
            return _("How many are needed is not stated. Write a number to see the sum.")
        usual = money.sessions(min(least), max(most))
        return _("Leave it empty for %(usual)s, as the list says.") % {"usual": usual}

    def _asked(self) -> list[Price]:
        area = self.data.get("area", "")
        return self.chosen.of_area(area) if self.chosen else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.wants_sum and self.chosen is None and self.fields and not self.errors:
            self.add_error("procedure", _("Choose a treatment first, so that we know what to work out."))
        return cleaned

    @property
    def shown(self) -> list[Procedure]:
        """The procedures whose prices are wanted: the chosen one, or all."""
        return [self.chosen] if self.chosen and self.data.get("procedure") else list(self.procedures)

    def sums(self) -> list[Breakdown]:
        """Return what was asked to be worked out: nothing where nothing was, or where something typed is wrong."""
        if not self.wants_sum or not self.is_valid() or self.chosen is None:
            return []
        asked = self.cleaned_data
        years = (asked["years"] or 1) if asked["keep"] == YES else 0
        return [
            breakdown(price, self.chosen.standing, sessions=asked["sessions"], years=years) for price in self._asked()
        ]


def _is_foreign(language: str) -> bool:
    """Return whether the page's fixed words are in another language: en-gb and en are one."""
    return language.partition("-")[0] != (get_language() or language).partition("-")[0]
