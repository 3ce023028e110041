"""What a request's screen shows: all that the visitor wrote, what was done, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from clinic import actions, languages
from clinic.admin.request_steps import offered
from clinic.models import Clinic, ConsultationRequest
from education.newsroom import how_long_ago


def request_screen(
    request: HttpRequest,
    row: ConsultationRequest,
    *,
    tried: Mapping[str, forms.Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a request's screen. `tried`: forms by step with what was typed; `problem`: why it was refused."""
    tried = tried or {}
    every = offered(row, request.user, tried)
    typed_in_vain = [_typed(one.form) for one in every if one.name in tried and one.why_not]
    context = {
        "row": row,
        "age": how_long_ago(row.made_at),
        "language": languages.name_of(row.language) if row.language else "",
        "steps_done": list(row.steps.all()),
        "erased_on": erased_on(row),
        "steps": [one for one in every if not one.why_not],
        "typed_in_vain": [typed for typed in typed_in_vain if typed],
        "tried": list(tried.values()),
        "problem": problem,
    }
    wrong = problem or any(form.errors for form in tried.values())
    return show(request, "request.html", context, title=str(row), wrong=wrong, status=status)


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    wrong: object = False,
    status: int = 200,
) -> HttpResponse:
    """Answer with a screen of the front desk, `templates/admin/clinic/<template>`."""
    everywhere = {**admin.site.each_context(request), "title": title, "wrong": bool(wrong), **context}
    return TemplateResponse(request, f"admin/clinic/{template}", everywhere, status=status)


def erased_on(row: ConsultationRequest) -> datetime:
    """Return when a request is erased if nobody does anything more with it."""
    if row.closed_at:
        return row.closed_at + timedelta(days=Clinic.current().keep_closed_days)
    newest = max([row.made_at, *(step.made_at for step in row.steps.all())])
    return max(newest + actions.UNTOUCHED_KEPT, timezone.now())


def _typed(form: forms.Form) -> list[tuple[str, str]]:
    return [(str(field.label), str(field.value() or "")) for field in form if not field.is_hidden and field.value()]
