"""A source's screen beside its facts, and the screen on which somebody records a check of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from education import actions
from education.actions import Refused
from education.actions.identity import perhaps_same
from education.actions.library import next_check_of
from education.admin.newsroom import NOT_SAVED, screen, show
from education.forms import SourceCheckForm
from education.models import Source
from education.rules import may
from education.sources import STATUS_WORDS, UNCHECKED, Use, standings, uses


def source_context(source: Source, person: Any) -> dict[str, Any]:
    """Return what a source's screen shows beside the form: standing, checks, uses, sources that may be the same."""
    shown: dict[str, Any] = {"perhaps_same": list(perhaps_same(source)[:10])}
    if source.pk:
        shown |= _standing(source)
        shown["checks"] = list(source.checks.all())
        shown["may_check"] = may(person, "add_sourcecheck")
    return shown


def _standing(source: Source) -> dict[str, Any]:
    standing = standings([source.key]).get(source.key, UNCHECKED)
    used = uses([source.key])[source.key]
    return {"standing": standing, "status": STATUS_WORDS[standing.status], "uses": used, "reach": _reach(used)}


def _reach(used: Sequence[Use]) -> str:
    """Return in how many places of how many guides a source is named, in words."""
    places, guides = sum(use.places for use in used), len({use.guide.pk for use in used})
    if not places:
        return "nothing cites it now"
    return f"{places} place{'s' if places > 1 else ''} in {guides} guide{'s' if guides > 1 else ''}"


@screen("add_sourcecheck", "record a check of a source", (SourceCheckForm,))
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, source: int) -> HttpResponse:
    """`…/source/<id>/check/`: what somebody found who looked at a source again; it counts wherever it is cited."""
    row = Source.objects.filter(pk=source).first()
    if row is None:
        raise Http404("There is no such source.")
    form = SourceCheckForm(request.POST if request.method == "POST" else None, due=next_check_of(row))
    problem, status = "", 200
    if form.is_valid():
        try:
            made = actions.check_source(row, by=request.user, **form.cleaned_data)
            messages.success(request, f"The check of “{row.key}” is recorded: {STATUS_WORDS[made.outcome].lower()}.")
            return redirect(reverse("admin:education_source_change", args=[row.pk]))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DatabaseError:
            problem, status = NOT_SAVED, 503
    context = {"source": row, "form": form, "problem": problem, **_standing(row)}
    wrong = problem or form.errors
    return show(request, "source_check.html", context, title=f"Check “{row.key}”", wrong=wrong, status=status)
