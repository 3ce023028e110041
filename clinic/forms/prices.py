"""Forms over prices, for staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone

from clinic import actions
from clinic.models import Location, Price
from education.forms import CanonicalField, LineField, RefusableForm
from education.models import Guide

TEXTS = ("included", "not_included", "note")
NUMBERS = ("sessions_in_course", "sessions_from", "sessions_to", "upkeep_from", "upkeep_to")
NUMBER = {"invalid": "Write a whole number, such as 6."}
AMOUNT = {
    "invalid": "Write digits with a point before the cents, such as 300 or 49.90.",
    "max_digits": "This is more than Plainleaf can add up. Write a smaller amount.",
    "max_whole_digits": "This is more than Plainleaf can add up. Write a smaller amount.",
    "max_decimal_places": "No currency has more than three digits after the point. Round the amount.",
}
# A text field: a browser throws away what it cannot read as a number.
DIGITS = {"inputmode": "decimal", "size": 12, "autocomplete": "off"}


class PriceForm(RefusableForm, forms.ModelForm):
    """A new price. `actions.faults` says what contradicts itself, all of it at once."""

    class Meta:
        model = Price
        fields = (
            *("guide", "what", "unit", "sessions_in_course", "amount_from", "amount_to", "currency", "valid_from"),
            *("included", "not_included", "location", "note"),
            *("sessions_from", "sessions_to", "upkeep_from", "upkeep_to", "source", "position"),
        )
        field_classes: ClassVar = {**dict.fromkeys(TEXTS, CanonicalField), "what": LineField}
        labels: ClassVar = {
            "guide": "Guide to the procedure",
            "what": "What for",
            "unit": "Price of",
            "sessions_in_course": "Sessions in the course",
            "amount_from": "Amount, or the lowest",
            "amount_to": "The highest amount",
            "valid_from": "Charged from",
            "sessions_from": "Sessions in a course, at least",
            "sessions_to": "Sessions in a course, at most",
            "upkeep_from": "Sessions a year to keep the result, at least",
            "upkeep_to": "Sessions a year to keep the result, at most",
            "source": "Where these numbers come from",
            "position": "Order",
        }
        help_texts: ClassVar = {
            "guide": (
                "Patients see its title beside the price, even while the guide is not live. Is it not in the list? "
                "Begin it under Guides first."
            ),
            "what": "The area or the product, as patients call it, such as: Face.",
            "sessions_in_course": "Only where you sell a whole course at one price.",
            "amount_from": "Such as 300 or 49.90.",
            "amount_to": "Leave it empty where there is one price only.",
            "valid_from": "Today or later. A price says what was charged, so it cannot begin in the past.",
            "included": "Such as: numbing cream and one visit after.",
            "not_included": "Such as: medicines that you buy yourself.",
            "location": "Leave it empty where the price is the same everywhere.",
            "note": "What a patient should know before asking for this.",
            "sessions_from": "Patients see the price of the whole course: the site adds it up.",
            "sessions_to": "Leave it empty where the number is always the same.",
            "upkeep_from": "Patients see what each further year costs. 0 is a number too.",
            "upkeep_to": "Leave it empty where the number is always the same.",
            "source": "A source of your library. Patients see it beside the sums.",
            "position": "Lower numbers come first in the table of the procedure.",
        }
        widgets: ClassVar = {
            **{name: forms.Textarea(attrs={"rows": 2, "cols": 80}) for name in TEXTS},
            **{name: forms.TextInput(attrs=DIGITS) for name in ("amount_from", "amount_to")},
            **{name: forms.TextInput(attrs={"inputmode": "numeric", "size": 5}) for name in (*NUMBERS, "position")},
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages: ClassVar = {
            "guide": {"required": "Choose the guide to the procedure that this is a price of."},
            "what": {"required": "Say what the price is for, such as the area: Face."},
            "unit": {"required": "Choose what the price is for."},
            "amount_from": {"required": "Write an amount, such as 300, or 0 where it costs nothing.", **AMOUNT},
            "amount_to": AMOUNT,
            "currency": {"required": "Choose a currency."},
            "valid_from": {
                "required": "Choose the first day on which this is charged.",
                "invalid": "Write the day as year-month-day, such as 2026-03-03.",
            },
            **dict.fromkeys((*NUMBERS, "position"), NUMBER),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "amount_to" in self.fields:
            self.fields["amount_to"].required = False
        if "guide" in self.fields:
            # A guide that gives advice is about nothing that one could pay for.
            self.fields["guide"].queryset = Guide.objects.filter(kind=Guide.Kind.PROCEDURE)  # type: ignore[attr-defined]
        if "location" in self.fields:
            kept = Q(is_shown=True) | Q(pk=self.initial.get("location"))
            self.fields["location"].queryset = Location.objects.filter(kept)  # type: ignore[attr-defined]
        for field in self.fields.values():
            # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
            field.widget.attrs.pop("maxlength", None)

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(
                "That day is over, and a price says what was charged. Choose a day from today on."
            )
        return day

    def _post_clean(self) -> None:
        price = self.instance
        # The constraints of the table have no words for people: `faults` says the same and more.
        price.validate_constraints = lambda exclude=None: None
        super()._post_clean()  # type: ignore[misc]
        if {"amount_from", "amount_to", "currency"} & set(self.errors):
            return
        for last, first in (
            ("amount_to", "amount_from"),
            ("sessions_to", "sessions_from"),
            ("upkeep_to", "upkeep_from"),
        ):
            if getattr(price, last) is None and last not in self.errors:
                setattr(price, last, getattr(price, first))
        for field, sentence in actions.faults(price):
            if field in self.fields and field not in self.errors:
                self.add_error(field, sentence)


class EndPriceForm(forms.Form):
    """The last day of a price."""

    last_day = forms.DateField(
        label="Last day on which this is charged",
        help_text="Choose yesterday to end it at once. What was charged until then stays on record.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the last day.",
            "invalid": "Write the day as year-month-day, such as 2026-03-03.",
        },
    )
