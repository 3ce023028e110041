"""The form with which a visitor asks for a consultation."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic import languages
from clinic.models import ConsultationRequest, Provider
from education.forms import CanonicalField, LineField, SentForm
from education.forms.visitors import MarkedSelect
from education.models import Edition, Guide
from education.reading import live_editions
from education.wording import marks_of_text

BestTime = ConsultationRequest.BestTime
# The words that a visitor agrees to. They are kept with the request.
CONSENT = _("You may use what I wrote here to contact me about a consultation.")
CHOOSE = _("Choose one of the list.")
LONGEST_MESSAGE = 1000
# An extension is written behind a number in one of these ways.
_EXTENSION = re.compile(r"(?i)\b(?:ext(?:ension)?\.?|x)(?=[\s.:]*\d)")
_BETWEEN_DIGITS = "+()/.#-\u2010\u2011\u2013\u2212 "
FEWEST_DIGITS, MOST_DIGITS = 5, 25


class PhoneField(LineField):
    """A telephone number of any country, kept as it was typed."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        number = _EXTENSION.sub("", typed)
        digits = sum(one.isdigit() for one in number)
        if typed and any(not one.isdigit() and one not in _BETWEEN_DIGITS for one in number):
            raise forms.ValidationError(
                _("Write the phone number with digits, such as (202) 555-0142 or +44 20 7946 0018."), code="invalid"
            )
        if typed and not FEWEST_DIGITS <= digits <= MOST_DIGITS:
            raise forms.ValidationError(
                _("Check the phone number: it is too short or too long. Begin with the area code."), code="digits"
            )
        return typed


class ConsultationForm(SentForm):
    """Who asks, how to reach them, and what for."""

    field_order = (
        *("name", "email", "phone", "best_time", "guide", "provider", "language", "message", "consent"),
        *("website", "page"),
    )

    name = LineField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Write your name, so that we know whom to ask for."),
            "max_length": _("Write a shorter name, of at most 120 letters."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Write the e-mail address like name@example.org."),
            "max_length": _("Check the e-mail address: it is too long."),
        },
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=_("From another country, begin with + and the country's code."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": _("Check the phone number: it is too long.")},
    )
    best_time = forms.ChoiceField(
        label=_("When is it best to reach you?"),
        required=False,
        choices=[
            (BestTime.ANY, _("Any time")),
            (BestTime.MORNING, _("In the morning")),
            (BestTime.AFTERNOON, _("In the afternoon")),
            (BestTime.EVENING, _("In the evening")),
        ],
        initial=BestTime.ANY,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of these times.")},
    )
    guide = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        widget=MarkedSelect,
        error_messages={"invalid_choice": CHOOSE},
    )
    provider = forms.ChoiceField(
        label=_("Whom would you like to see?"), required=False, error_messages={"invalid_choice": CHOOSE}
    )
    language = forms.ChoiceField(
        label=_("Which language should we speak with you?"),
        required=False,
        error_messages={"invalid_choice": CHOOSE},
    )
    message = CanonicalField(
        label=_("Your message"),
        required=False,
        help_text=_(
            "Please write nothing about your health: no illness, no medicine. We talk about that when we meet."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    consent = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": _("Tick the box, so that we may contact you. Or call us instead.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", (get_language() or settings.LANGUAGE_CODE).partition("-")[0])
        self._guides = _live_procedures()
        self._providers = {provider.slug: provider for provider in Provider.objects.shown()}
        titles = [(slug, edition.title) for slug, edition in self._guides.items()]
        people = [(slug, _described(provider)) for slug, provider in self._providers.items()]
        self._offer("guide", _("I do not know yet"), titles)
        self._offer("provider", _("I have no preference"), people)
        self._offer("language", _("I have no preference"), languages.choices())
        if "guide" in self.fields:
            marks = {slug: marks_of_text(edition.language) for slug, edition in self._guides.items()}
            self.fields["guide"].widget.marks = marks
        self.helper.layout = Layout(
            "name",
            Fieldset(_("How can we reach you? One of the two is enough."), "email", "phone"),
            "best_time",
            *(name for name in ("guide", "provider", "language") if name in self.fields),
            "message",
            "consent",
            self.trap(),
            Submit("", _("Send the request")),
        )

    def _offer(self, name: str, none: Any, choices: list[tuple[str, str]]) -> None:
        """Give a field its choices, or take it out where there is nothing to choose."""
        if choices:
            self.fields[name].choices = [("", none), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields[name]

    def clean_best_time(self) -> str:
        return self.cleaned_data["best_time"] or BestTime.ANY.value

    def clean_message(self) -> str:
        """A browser would cut a longer one without a word."""
        message: str = self.cleaned_data["message"]
        if len(message) > LONGEST_MESSAGE:
            raise forms.ValidationError(
                _("Your message has %(length)s characters. Shorten it to %(most)s, or tell us the rest when we talk."),
                code="max_length",
                params={"length": len(message), "most": LONGEST_MESSAGE},
            )
        return message

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        wrong = {"email", "phone"} & set(self.errors)
        if not wrong and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", _("Write an e-mail address or a phone number, so that we can reach you."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what the action `ask` keeps of a valid form."""
        kept = {name: self.cleaned_data.get(name, "") for name in ("name", "email", "phone", "best_time", "message")}
        edition = self._guides.get(self.cleaned_data.get("guide", ""))
        return {
            **kept,
            "key": self.key,
            "guide": edition.guide if edition else None,
            "provider": self._providers.get(self.cleaned_data.get("provider", "")),
            "language": self.cleaned_data.get("language", ""),
            "consent": str(CONSENT),
        }


def _live_procedures() -> dict[str, Edition]:
    """Return the live edition of each guide to a procedure, by the guide's slug: one query."""
    return {one.guide.slug: one for one in live_editions() if one.guide.kind == Guide.Kind.PROCEDURE}


def _described(provider: Provider) -> str:
    if provider.accepts_new_patients is False:
        return f"{provider.name}, {provider.role} – {_('no new patients at present')}"
    return f"{provider.name}, {provider.role}"
