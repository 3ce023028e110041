"""Putting a guide into the archive and bringing it back, and how the list of guides sets the archived ones apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from education import actions
from education.actions import Refused
from education.admin.loading import guide_or_404, guide_url
from education.admin.newsroom import NOT_SAVED, screen, show
from education.forms import ArchiveForm
from education.models import Archiving, Edition, Guide
from education.rules import WrongState, why_not_archive
from education.working_copy import live_edition

ARCHIVED, ALL = "archived", "all"


@screen("publish_edition", "put guides into the archive", (ArchiveForm,))
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/guide/<id>/archive/`: asks for the reason, and once more whether the guide goes into the archive."""
    row = guide_or_404(guide)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    problem = "" if form.is_bound else why_not_archive(row.editions.with_state())
    if form.is_valid() and not (problem := _tried(form, lambda: _archive(row, request, form))):
        messages.success(request, f"“{row}” is in the archive. Patients read your reason where the guide was.")
        return redirect(guide_url(row.pk))
    facts = {"live": live_edition(row), "was_public": Edition.objects.public().filter(guide=row).exists()}
    context = {"guide": row, "form": form, "problem": problem, **facts}
    return _shown(request, "guide_archive.html", context, f"Put “{row}” into the archive", problem)


def _archive(guide: Guide, request: HttpRequest, form: forms.Form) -> None:
    actions.archive_guide(guide, by=request.user, **form.cleaned_data)


@screen("publish_edition", "bring guides back from the archive")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/guide/<id>/reopen/`: asks once more whether the guide comes back from the archive as it was."""
    row = guide_or_404(guide)
    form = forms.Form(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_valid() and not (problem := _tried(form, lambda: actions.reopen_guide(row, by=request.user))):
        messages.success(request, f"“{row}” is back from the archive.")
        return redirect(guide_url(row.pk))
    archiving = Archiving.objects.of(row)
    last = Edition.objects.latest_published().filter(guide=row, withdrawal=None).first()
    context = {"guide": row, "form": form, "problem": problem, "archiving": archiving, "last": last}
    return _shown(request, "guide_reopen.html", context, f"Bring “{row}” back from the archive", problem)


def _tried(form: forms.Form, act: Callable[[], object]) -> str:
    """Do it; return why it was refused, or an empty text."""
    try:
        act()
    except (WrongState, Refused) as error:
        return str(error)
    except DatabaseError:
        return NOT_SAVED
    return ""


def _shown(request: HttpRequest, template: str, context: dict[str, Any], title: str, problem: str) -> HttpResponse:
    status = 503 if problem == NOT_SAVED else 409 if problem else 200
    return show(request, template, context, title=title, wrong=problem or context["form"].errors, status=status)


class ArchiveFilter(admin.SimpleListFilter):
    """Shows the guides that are in use; those of the archive, or all, when asked. Offered once one is archived."""

    title = "archive"
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        there = Archiving.objects.in_force().exists()
        return [(ARCHIVED, "In the archive"), (ALL, "All guides")] if there else []

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "In use"} if number == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Guide]) -> QuerySet[Guide]:
        archived = Exists(Archiving.objects.in_force().filter(guide=OuterRef("pk")))
        if self.value() == ARCHIVED:
            return queryset.filter(archived)
        return queryset if self.value() == ALL else queryset.filter(~archived)
