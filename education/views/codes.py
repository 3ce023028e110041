"""The code on a printed copy: where to type it, and what it tells."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from education.forms import CodeForm
from education.history import History, history_of
from education.models import Edition
from education.reading import latest_review
from education.views.loading import for_one_reader, in_language, kept_from_search, public


@public(reads=("code",))
def code_form(request: HttpRequest) -> HttpResponse:
    """`/e/?code=…`: where a code is typed; a known one leads to what it tells."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("education:code", form.cleaned_data["code"])
    return _asked(request, form)


def _asked(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "not_found": status == 404}
    return kept_from_search(render(request, "education/code_form.html", context, status=status))


@public
def code(request: HttpRequest, code: str) -> HttpResponse:
    """`/e/<code>/`: is the copy with this code current, and what changed since; for no such code the form and 404."""
    form = CodeForm({"code": code})
    if not form.is_valid():
        return _asked(request, form, status=404)
    history = history_of(form.edition.guide.slug)
    shown = history.edition(form.edition.number) if history else None
    if history is None or shown is None:
        raise Http404
    response = kept_from_search(in_language(request, "education/code.html", _told(history, shown)))
    # Spaces, hyphens and capitals may stand in it.
    return response if code == shown.code else for_one_reader(response)


def _told(history: History, shown: Edition) -> dict[str, Any]:
    newest = history.live or (None if history.withdrawn else history.current)
    return {
        "edition": shown,
        "state": shown.state,
        "withdrawal": getattr(shown, "withdrawal", None),
        "archiving": history.archiving,
        "live": history.live,
        "withdrawn": history.withdrawn,
        "newest": newest if newest != shown else None,
        "review": latest_review(shown),
        "periods": history.periods_of(shown),
        "later": history.since(shown),
        "language": shown.language,
    }
