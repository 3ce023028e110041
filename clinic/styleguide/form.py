"""A form with a field of every kind that the template pack draws, and what to send so that each is wrong."""

from __future__ import annotations

from typing import Any

from django import forms

from education.forms.visitors import DayInput

UNSURE = [("yes", "Yes"), ("no", "No"), ("unsure", "I'm not sure")]
AREAS = [("chin", "Under the chin"), ("stomach", "Stomach"), ("thighs", "Thighs")]
REASONS = [("questions", "I have questions"), ("price", "I want to know the price"), ("book", "I want to book")]


class ExampleForm(forms.Form):
    """Each field has one message for each thing that can be wrong with it."""

    name = forms.CharField(
        label="Your name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="We answer to this address.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your e-mail address.", "invalid": "Write it like name@example.org."},
    )
    phone = forms.CharField(
        label="Telephone number",
        required=False,
        help_text="If you would rather talk.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    # A text field: a browser throws away what it cannot read as a number.
    sessions = forms.IntegerField(
        label="How many treatments have you had?",
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages={"required": "Write how many, or 0.", "invalid": "Write a number, such as 3."},
    )
    day = forms.DateField(
        label="Which day suits you?",
        widget=DayInput(),
        error_messages={"required": "Choose a day.", "invalid": "Write the day as year-month-day."},
    )
    message = forms.CharField(
        label="What would you like to ask?",
        required=False,
        help_text="Do not write anything here that is urgent.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(
        label="In which language?",
        choices=[("", "Choose one"), ("en", "English"), ("es", "Español"), ("ar", "العربية")],
        error_messages={"required": "Choose a language.", "invalid_choice": "Choose a language of the list."},
    )
    areas = forms.MultipleChoiceField(label="Which areas?", required=False, choices=AREAS)
    blood_thinners = forms.ChoiceField(
        label="Do you take blood thinners?",
        help_text="They make bruises more likely.",
        choices=UNSURE,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you take blood thinners.", "invalid_choice": "Choose one of these."},
    )
    reasons = forms.MultipleChoiceField(
        label="Why are you writing?",
        help_text="Choose all that apply.",
        choices=REASONS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reason."},
    )
    letter = forms.FileField(label="A letter from your doctor", required=False, widget=forms.FileInput)
    agreed = forms.BooleanField(
        label="You may keep what I wrote",
        help_text="We delete it after 90 days.",
        error_messages={"required": "Tick this, or call us instead."},
    )
    clinic = forms.CharField(label="Where", disabled=True, required=False, initial="Harbor Lane")
    guide = forms.CharField(
        label="Guide", required=False, initial="Mesotherapy", widget=forms.TextInput(attrs={"readonly": True})
    )
    page = forms.SlugField(widget=forms.HiddenInput, initial="side-effects", error_messages={"invalid": "Start anew."})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned["name"] == cleaned.get("message"):
            raise forms.ValidationError("Your question is the same as your name.")
        return cleaned


# Something is wrong with each field that can be wrong, in another way than that it is empty where there is one.
WRONG = {
    "email": "ada",
    "sessions": "two",
    "day": "2026-02-30",
    "language": "xx",
    "blood_thinners": "perhaps",
    "page": "no slug",
}
