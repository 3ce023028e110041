"""The editions on record: the list, the screen of one, and the views that take a step with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from education import actions
from education.actions import Refused
from education.admin.edition_screen import edition_screen
from education.admin.loading import edition_or_404, edition_url
from education.admin.newsroom import NOT_SAVED, RecordAdmin, screen, show
from education.admin.previews import preview_of_edition
from education.admin.reviewing import review
from education.admin.steps import STEPS, form_of
from education.forms import WithdrawForm
from education.leaflet import Leaflet, Notice, asked_for
from education.models import Edition
from education.rules import Verb, WrongState, require


@screen("view_edition", "see editions")
@require_safe
def change(request: HttpRequest, edition: int) -> HttpResponse:
    """`…/edition/<id>/change/`: an edition's screen. Nothing of an edition is changed; the name is the admin's."""
    return edition_screen(request, edition_or_404(edition))


@screen("view_edition", "see editions")
@require_safe
def preview(request: HttpRequest, edition: int) -> HttpResponse:
    """`…/edition/<id>/preview/`: the whole edition as patients read it, for staff alone."""
    return HttpResponse(preview_of_edition(edition_or_404(edition)), headers={"X-Robots-Tag": "noindex"})


@screen("view_edition", "see editions")
@require_safe
def leaflet(request: HttpRequest, edition: int) -> HttpResponse:
    """`…/edition/<id>/leaflet.pdf`: the leaflet as patients would get it, marked as a preview, for staff alone."""
    made = Leaflet(edition_or_404(edition), asked_for(request.GET), Notice("preview"))
    headers = {"X-Robots-Tag": "noindex", "Content-Disposition": f'inline; filename="preview-{made.name}"'}
    return HttpResponse(made.typeset().pdf, content_type="application/pdf", headers=headers)


@screen("view_edition", "decide about editions", {name: one.form for name, one in STEPS.items()})
@require_POST
def step(request: HttpRequest, edition: int, step: str) -> HttpResponse:
    """`…/edition/<id>/do/<step>/`: take back, publish, schedule, cancel."""
    row = edition_or_404(edition)
    if step not in STEPS:
        raise Http404("There is no such step.")
    form = form_of(step, request.POST)
    if not form.is_valid():
        return edition_screen(request, row, tried={step: form})
    problem, status = _tried(request, row, step, form)
    if not problem and not form.errors:
        messages.success(request, STEPS[step].done.format(number=row.number))
        return redirect(edition_url(row))
    # It may stand elsewhere by now: somebody else was quicker.
    return edition_screen(request, edition_or_404(edition), tried={step: form}, problem=problem, status=status)


def _tried(request: HttpRequest, edition: Edition, step: str, form: forms.Form) -> tuple[str, int]:
    """Take a step; return why it was refused, or an empty text, and the status of the answer."""
    try:
        STEPS[step].act(edition, by=request.user, **form.cleaned_data)
    except WrongState as wrong:
        return str(wrong), 409
    except Refused as refusal:
        if refusal.field not in form.fields:
            return str(refusal), 409
        form.add_error(refusal.field, str(refusal))
    except DatabaseError:
        return NOT_SAVED, 503
    return "", 200


@screen("view_edition", "withdraw editions", (WithdrawForm,))
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, edition: int) -> HttpResponse:
    """`…/edition/<id>/withdraw/`: asks once more, with the reason, because it is for good."""
    row = edition_or_404(edition)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    problem, status = "", 200
    try:
        require(Verb.WITHDRAW, request.user, row)
        if form.is_valid():
            actions.withdraw(row, by=request.user, **form.cleaned_data)
            messages.success(request, f"Edition {row.number} is withdrawn. Patients see the reason where it was.")
            return redirect(edition_url(row))
    except (WrongState, Refused) as error:
        problem, status = str(error), 409
    except DatabaseError:
        problem, status = NOT_SAVED, 503
    context = {"edition": row, "guide": row.guide, "form": form, "problem": problem}
    title, wrong = f"Withdraw edition {row.number} of “{row.guide}”", problem or form.errors
    return show(request, "edition_withdraw.html", context, title=title, wrong=wrong, status=status)


@admin.register(Edition)
class EditionAdmin(RecordAdmin):
    list_display = ("title", "number", "state_in_words", "urgency", "made_at", "made_by_name")
    list_display_links = ("title", "number")
    list_filter = (("guide", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "code")
    search_help_text = "A title, or the code on a leaflet"
    ordering = ("-id",)

    def get_urls(self) -> list[Any]:
        return [
            path("<row:edition>/change/", change, name="education_edition_change"),
            path("<row:edition>/preview/", preview, name="education_edition_preview"),
            path("<row:edition>/leaflet.pdf", leaflet, name="education_edition_leaflet"),
            path("<row:edition>/withdraw/", withdraw, name="education_edition_withdraw"),
            path("<row:edition>/review/", review, name="education_edition_review"),
            path("<row:edition>/do/<slug:step>/", step, name="education_edition_step"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        texts = ("summary", "funding", "what_changed", "report", "reasons", "contributors", "answered_comments")
        return Edition.objects.with_state().defer(*texts, "sources", "terms", "images")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The admin's own form has no place here; an address that gets this far names no edition."""
        raise Http404("There is no such edition.")

    @admin.display(description="State")
    def state_in_words(self, edition: Edition) -> str:
        return edition.state

    @admin.display(description="Urgent correction")
    def urgency(self, edition: Edition) -> str:
        return "Urgent" if edition.urgent_reason else ""
