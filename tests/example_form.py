"""The form of the style guide with a layout, and what to send for each of its states."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Hidden, Layout, Submit

from clinic.styleguide.form import WRONG, ExampleForm

__all__ = ["CONTRADICTION", "GOOD", "WRONG", "ExampleForm", "LaidOutForm"]


class LaidOutForm(ExampleForm):
    """The same with its layout, its buttons and its own <form>."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "ask"
        self.helper.layout = Layout(
            Fieldset(
                "About you",
                "name",
                Div("email", "phone", css_class="reach", css_id="reach"),
                css_class="about-you",
                css_id="you",
            ),
            HTML("<p>{% if form.is_bound %}Look at it once more.{% else %}Takes a minute.{% endif %}</p>"),
            "sessions",
            Field("day", wrapper_class="wide", autocomplete="off"),
            *(
                "message",
                "language",
                "areas",
                "blood_thinners",
                "reasons",
                "letter",
                "agreed",
                "clinic",
                "guide",
                "page",
            ),
            Hidden("origin", 'a "quoted" <place>'),
            Submit("ask", 'Ask "us" & wait'),
            Submit("later", "Keep for later", css_class="button-quiet", formnovalidate=True),
        )


GOOD = {
    "name": "Ada",
    "email": "ada@example.org",
    "phone": "(202) 555-0142",
    "sessions": "2",
    "day": "2026-05-04",
    "message": "Does it hurt?",
    "language": "es",
    "areas": ["chin", "thighs"],
    "blood_thinners": "unsure",
    "reasons": ["questions", "price"],
    "agreed": "on",
    "guide": "Mesotherapy",
    "page": "side-effects",
}
CONTRADICTION = {**GOOD, "message": GOOD["name"]}
