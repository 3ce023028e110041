"""A report of a mistake, as a reader types it; an answer and an outcome, as staff do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Layout, Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from education.forms.guarded import CanonicalField
from education.forms.visitors import NOT_CHECKED, SentForm
from education.models import LONGEST_REPORT, MistakeReport

_SIGNATURE = "education.forms.mistakes"


@dataclass(frozen=True)
class About:
    """What a reader had before them: an edition by its id, and the slug of one of its pages, or nothing."""

    edition: int
    page: str

    def signed(self) -> str:
        """Return it as the page carries it along: a later edition does not take the place of what was read."""
        return signing.dumps([self.edition, self.page], salt=_SIGNATURE, compress=False)


def about_of(signed: str) -> About | None:
    """Return what `About.signed()` gave, or None for any other text."""
    try:
        return About(*signing.loads(signed, salt=_SIGNATURE))
    except signing.BadSignature:
        return None


class ReportField(CanonicalField):
    """A text of a few paragraphs, in whichever language. Its length is judged here, where nothing is cut unseen."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"dir": "auto", "rows": 8}


class MistakeForm(SentForm):
    """What is wrong, and if the reader wants an answer, to which address."""

    about = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": NOT_CHECKED, "null_characters_not_allowed": NOT_CHECKED}
    )
    words = ReportField(
        label=_("What is wrong?"),
        max_length=LONGEST_REPORT,
        help_text=_("Copy the words that you mean, and say what is wrong with them. Write nothing about your health."),
        widget=forms.Textarea,
        error_messages={
            "required": _("Write what is wrong."),
            "max_length": _("Write at most %(limit_value)d characters. You wrote %(show_value)d."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only if you want an answer. We delete it when your report is done, at the latest after 180 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Write it like name@example.org, or leave it empty."),
            "max_length": _("Write an address of at most %(limit_value)d characters, or leave it empty."),
            "null_characters_not_allowed": _("Write it like name@example.org, or leave it empty."),
        },
    )

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        """`about`: what the reader has before them, which the answer to this form carries along."""
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "about": about.signed()}
        self.read_about = about
        self.helper.layout = Layout("words", "email", self.trap(), Submit("send", _("Send this report")))

    def clean_about(self) -> str:
        if about_of(self.cleaned_data["about"]) != self.read_about:
            raise forms.ValidationError(NOT_CHECKED, code="unsigned")
        return self.read_about.signed()

    def full_clean(self) -> None:
        super().full_clean()
        if "about" in self.errors:
            self.renew("about", self.read_about.signed())


class AnswerForm(forms.Form):
    answer = CanonicalField(
        label="Your answer",
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        error_messages={"required": "Write the answer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser cuts what is pasted at this length without a word; the server says so and keeps it.
        self.fields["answer"].widget.attrs.pop("maxlength", None)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What came of it",
        choices=MistakeReport.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of this report."},
    )
