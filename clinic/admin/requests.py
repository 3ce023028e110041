"""The front desk: the list of requests for a consultation, and the views that do something with one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import F, Func, QuerySet, TextField, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import actions, languages
from clinic.admin.request_screen import request_screen, show
from clinic.admin.request_steps import STEPS, form_of, look_again
from clinic.models import ConsultationRequest
from clinic.rules import require_permission
from education.actions import Refused
from education.admin.newsroom import NOT_SAVED, KeptAdmin
from education.admin.typed import View, keeping_typed, typed_in
from education.newsroom import how_long_ago
from education.rules import NotPermitted, WrongState
from education.spreadsheets import long_table

logger = logging.getLogger(__name__)

COLUMNS = (
    *("number", "came_in", "state", "outcome", "closed", "assigned_to", "name", "email", "phone", "best_time"),
    *("procedure", "provider", "language", "message"),
)
ROWS_AT_A_TIME = 500
# Of what a request is about its name is shown alone.
LONG_TEXTS = (
    *("guide__summary", "guide__funding", "guide__reasons", "provider__short_biography", "provider__biography"),
    "provider__certifications",
)
NOT_ERASED = (
    "The site could not erase this just now. Wait a minute, then try again. If that fails, tell whoever runs it."
)
# What may stand between the digits of a number.
SEPARATORS = " ()+-./"


def desk(view: View) -> View:
    """Open a view to those who work on requests. What was typed by somebody who was signed out is shown."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            require_permission(request.user, "change_consultationrequest", "see requests for a consultation")
            return view(request, *args, **kwargs)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error

    return keeping_typed(admin.site.admin_view(opened), {name: one.form for name, one in STEPS.items()})


def of_request(view: Callable[..., HttpResponse]) -> View:
    """Call `view(request, row, …)` with the request that the address names; one that is erased answers 410."""

    @desk
    @wraps(view)
    def loaded(request: HttpRequest, number: int, **more: Any) -> HttpResponse:
        try:
            return view(request, _row(number), **more)
        except actions.Gone:
            return _gone(request)

    return loaded


def _row(number: int) -> ConsultationRequest:
    """Return a request with all that its screen shows. Raises Gone when it is not there."""
    rows = ConsultationRequest.objects.select_related("guide", "provider", "assigned_to").prefetch_related("steps")
    row = rows.filter(pk=number).first()
    if row is None:
        raise actions.Gone("This request was erased.")
    return row


def _gone(request: HttpRequest) -> HttpResponse:
    typed = {"typed": typed_in(request)}
    return show(request, "request_gone.html", typed, title="This request is not here any more", status=410)


@of_request
@require_safe
def change(request: HttpRequest, row: ConsultationRequest) -> HttpResponse:
    """`…/consultationrequest/<id>/change/`: a request's screen; the name is the admin's."""
    actions.note_opened(row, by=request.user)
    return request_screen(request, row)


@of_request
@require_POST
def step(request: HttpRequest, row: ConsultationRequest, step: str) -> HttpResponse:
    """`…/consultationrequest/<id>/do/<step>/`: assign, contact, book, close, open again, add a note."""
    if step not in STEPS:
        raise Http404("There is no such step.")
    form = form_of(step, row, request.user, request.POST)
    problem, status = "", 200
    if form.is_valid():
        problem, status = _tried(request, row, step, form)
        if not problem and not form.errors:
            messages.success(request, f"{row} {STEPS[step].done}.")
            return redirect(_url(row))
        # It may stand elsewhere by now: somebody else was quicker.
        row = _row(row.pk)
        look_again(form, row)
    return request_screen(request, row, tried={step: form}, problem=problem, status=status)


def _tried(request: HttpRequest, row: ConsultationRequest, step: str, form: forms.Form) -> tuple[str, int]:
    """Take a step; return why it was refused, or an empty text, and the status of the answer."""
    try:
        STEPS[step].act(row, by=request.user, **form.cleaned_data)
    except WrongState as wrong:
        return str(wrong), 409
    except Refused as refusal:
        field = getattr(form, "error_fields", {}).get(refusal.field, refusal.field)
        if field not in form.fields:
            return str(refusal), 409
        form.add_error(field, str(refusal))
    except DatabaseError:
        return NOT_SAVED, 503
    return "", 200


@of_request
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, row: ConsultationRequest) -> HttpResponse:
    """`…/consultationrequest/<id>/erase/`: asks once more, because it is for good."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            actions.erase(row, by=request.user)
            messages.success(request, "The request is erased.")
            return redirect("admin:clinic_consultationrequest_changelist")
        except (DatabaseError, OSError):
            problem, status = NOT_ERASED, 503
    context = {"row": row, "problem": problem}
    return show(request, "request_erase.html", context, title=f"Erase {row}", wrong=problem, status=status)


@desk
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """`…/consultationrequest/export.csv`: every request, for a spreadsheet."""
    actions.note_exported(by=request.user)
    rows = ConsultationRequest.objects.new_first().select_related("guide", "provider", "assigned_to")
    rows = rows.defer("consent", *LONG_TEXTS)
    lines = (_line(row) for row in rows.iterator(chunk_size=ROWS_AT_A_TIME))
    return long_table(f"requests-{timezone.localdate().isoformat()}.csv", COLUMNS, lines)


def _line(row: ConsultationRequest) -> tuple[object, ...]:
    return (
        *(row.pk, _moment(row.made_at), row.get_state_display(), row.get_outcome_display(), _moment(row.closed_at)),
        *(row.assigned_to, row.name, row.email, row.phone, row.get_best_time_display(), row.guide, row.provider),
        *(languages.name_of(row.language) if row.language else "", row.message),
    )


def _moment(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _url(row: ConsultationRequest) -> str:
    return reverse("admin:clinic_consultationrequest_change", args=[row.pk])


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(KeptAdmin):
    """The list is the admin's; the screen of a request is our own, and all that changes one is an action."""

    list_display = ("name", "standing", "came_in", "assigned_to", "reach", "about")
    list_filter = ("state", ("assigned_to", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("guide", "provider", "assigned_to")
    search_fields = ("name", "email", "phone")
    search_help_text = "A name, an e-mail address or a phone number, or a part of one."
    change_list_template = "admin/clinic/requests.html"
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        return [
            path("export.csv", export, name="clinic_consultationrequest_export"),
            path("<row:number>/change/", change, name="clinic_consultationrequest_change"),
            path("<row:number>/do/<slug:step>/", step, name="clinic_consultationrequest_step"),
            path("<row:number>/erase/", erase, name="clinic_consultationrequest_erase"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsultationRequest]:
        # All rows are put in order before one page of them is shown: long texts would be carried along.
        return ConsultationRequest.objects.new_first().defer("message", "consent", *LONG_TEXTS)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("turn", "made_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], search_term: str
    ) -> tuple[QuerySet[ConsultationRequest], bool]:
        """A number is found however its digits are set apart."""
        digits = "".join(one for one in search_term if one not in SEPARATORS)
        if not digits.isdigit():
            return super().get_search_results(request, queryset, search_term)
        bare: Any = F("phone")
        for one in SEPARATORS:
            bare = Func(bare, Value(one), Value(""), function="REPLACE", output_field=TextField())
        return queryset.alias(bare_phone=bare).filter(bare_phone__contains=digits), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_view_permission(request):
            actions.look_after()
        return super().changelist_view(request, {"title": "Requests", **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The admin's own form has no place here; an address that gets this far names no request."""
        raise Http404("There is no such request.")

    @admin.display(description="How to reach them")
    def reach(self, row: ConsultationRequest) -> str:
        return " · ".join(filter(None, (row.phone, row.email)))

    @admin.display(description="About")
    def about(self, row: ConsultationRequest) -> str:
        return " · ".join(str(one) for one in (row.guide, row.provider) if one) or "–"

    @admin.display(description="Came in", ordering="made_at")
    def came_in(self, row: ConsultationRequest) -> str:
        return how_long_ago(row.made_at)

    @admin.display(description="State", ordering="turn")
    def standing(self, row: ConsultationRequest) -> str:
        if row.state == row.State.NEW and row.flagged_at:
            return format_html("{}: <strong>{}</strong>", row.get_state_display(), "waits too long")
        if row.erasure_flagged_at and row.state != row.State.CLOSED:
            return format_html("{}: <strong>{}</strong>", row.get_state_display(), "will soon be erased")
        return row.get_state_display()
