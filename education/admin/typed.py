"""What somebody typed into a form that was not taken: shown with a way back, so that it can be put where it belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urljoin

from django import forms
from django.contrib import admin
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from education.forms import BUTTON, ROW, WITH_ENTRIES, typed_answers, typed_entries
from education.quality.questions import QUESTION

View = Callable[..., HttpResponseBase]
# The form classes of a view; where the address names a step, by step.
FormsOf = Sequence[type[forms.BaseForm]] | Mapping[str, type[forms.BaseForm]]

# What forms carry along beside what somebody typed.
NOT_TYPED = (
    *("csrfmiddlewaretoken", "base", "seen", "judged", "opened", "started_from", "together", "place"),
    *(WITH_ENTRIES, ROW, BUTTON, *QUESTION),
)
# A field whose choices only somebody who is signed in may read.
CHOSEN = "You had chosen something here. Choose it again."
FILES = "You had chosen a file. Choose it again: a browser does not hand it back."

_STEP = re.compile(r"/do/[^/]+/$")


@dataclass(frozen=True)
class Typed:
    """One text that somebody typed, and the label of its field."""

    label: str
    text: str

    @property
    def rows(self) -> int:
        """How high a field has to be to show it."""
        return min(24, max(2, sum(1 + len(line) // 80 for line in self.text.splitlines())))


@dataclass(frozen=True)
class Kept:
    """How the typed text of a view is shown: by the labels of these forms, for the screen at this relative address."""

    classes: FormsOf = ()
    belongs_to: str = ""

    def screen(self, request: HttpRequest) -> str:
        """Return the local address of the screen on which the form stands."""
        if self.belongs_to:
            return urljoin(request.path, self.belongs_to)
        if _STEP.search(request.path):
            return urljoin(request.path, "../../change/")
        return request.get_full_path()

    def fields(self, match: Any) -> dict[str, forms.Field]:
        """Return the fields that may have been sent, by name."""
        found = self.classes
        if isinstance(found, Mapping):
            step = found.get(match.kwargs.get("step", "")) if match else None
            found = [step] if step else []
        return {name: field for form in reversed(found) for name, field in getattr(form, "base_fields", {}).items()}


def keeping_typed(view: View, forms: FormsOf = (), belongs_to: str = "") -> View:
    """Answer a post of somebody whose sign-in has run out with what they typed, not with the sign-in page.

    `forms` give the labels. `belongs_to` leads from an address that only takes posts to its screen, such as `../`;
    an address that ends in `do/<step>/` needs none.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or admin.site.has_permission(request):
            return view(request, *args, **kwargs)
        return shown_again(request)

    kept.kept = Kept(forms, belongs_to)  # type: ignore[attr-defined]  # read by shown_again()
    return kept


def keeps_typed(request: HttpRequest) -> bool:
    """Return whether a post went to a screen whose text is shown again. Sign-in, passwords and accounts have none."""
    return request.method == "POST" and _kept(request) is not None


def shown_again(request: HttpRequest, reason: str = "", status: int = 403) -> HttpResponse:
    """Answer with what was typed and where it belongs. `reason`: why it was not taken, when not for the sign-in."""
    kept = _kept(request) or Kept()
    context = {
        **admin.site.each_context(request),
        "typed": typed_in(request, kept),
        "reason": reason,
        "belongs_to": kept.screen(request),
        "title": "Nothing was saved" if reason else "You have been signed out",
        "is_nav_sidebar_enabled": False,
    }
    response = render(request, "admin/signed_out.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def typed_in(request: HttpRequest, kept: Kept | None = None) -> list[Typed]:
    """Return what was typed, text by text; an entry of a page is one text. Nothing of passwords or inside files."""
    fields = (kept or _kept(request) or Kept()).fields(request.resolver_match)
    entries = typed_entries(request.POST)
    carried = (f"{ROW}-", "_") if entries else ("_",)
    found = []
    for name, values in request.POST.lists():
        field = fields.get(name)
        if name in NOT_TYPED or name.startswith(carried) or "password" in name or (field and field.widget.is_hidden):
            continue
        if text := "\n".join(filter(None, (_in_words(field, value) for value in dict.fromkeys(values)))):
            found.append(Typed(_label(name, field), text))
    found += [Typed(label, text) for label, text in (*entries, *typed_answers(request.POST.dict()))]
    if request.FILES:
        found.append(Typed("Files", FILES))
    return found


def _kept(request: HttpRequest) -> Kept | None:
    match = request.resolver_match
    return getattr(match.func, "kept", None) if match else None


def _label(name: str, field: forms.Field | None) -> str:
    return str((field and field.label) or pretty_name(re.sub(r"[-/]+", " ", name)))


def _in_words(field: forms.Field | None, value: str) -> str:
    if not value.strip():
        return ""
    if isinstance(field, forms.BooleanField):
        return "Ticked"
    if isinstance(field, forms.ModelChoiceField):
        return CHOSEN
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, CHOSEN))  # type: ignore[arg-type]  # pairs, in no form groups
    return value
