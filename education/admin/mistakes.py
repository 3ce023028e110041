"""Reports of mistakes: the inbox, and the screen on which one is read, answered and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import Truncator
from django.views.decorators.http import require_POST, require_safe

from education import actions
from education.actions import Refused
from education.admin.loading import edition_or_404, page_url
from education.admin.newsroom import NOT_SAVED, RecordAdmin, screen, show
from education.admin.previews import preview_of_edition_page
from education.forms import AnswerForm, OutcomeForm
from education.models import Edition, MistakeReport
from education.models.visitors import INBOX_ORDER
from education.newsroom import how_long_ago
from education.rules import WrongState, may

State = MistakeReport.State
DOING = "work on reports of mistakes"


@dataclass(frozen=True)
class Step:
    """What can be done with a report: the form to fill in, the action that takes it, what is said when it is done."""

    form: type[forms.Form]
    act: Callable[..., Any]
    done: str


STEPS: Mapping[str, Step] = {
    "answer": Step(AnswerForm, actions.answer_report, "The answer is recorded. Now close the report."),
    "close": Step(OutcomeForm, actions.close_report, "The report is closed."),
}


@screen("view_mistakereport", "see reports of mistakes")
@require_safe
def change(request: HttpRequest, report: int) -> HttpResponse:
    """`…/mistakereport/<id>/change/`: a report's screen. Its words are never changed; the name is the admin's."""
    return _screen(request, _report_or_404(report))


@screen("change_mistakereport", DOING, {name: one.form for name, one in STEPS.items()})
@require_POST
def step(request: HttpRequest, report: int, step: str) -> HttpResponse:
    """`…/mistakereport/<id>/do/<step>/`: answer, close."""
    row = _report_or_404(report)
    if step not in STEPS:
        raise Http404("There is no such step.")
    form = _form(step, request.POST)
    problem, status = _tried(request, row, step, form) if form.is_valid() else ("", 200)
    if not problem and not form.errors:
        messages.success(request, STEPS[step].done)
        return redirect("admin:education_mistakereport_change", row.pk)
    # It may stand elsewhere by now: somebody else was quicker.
    return _screen(request, _report_or_404(report), {step: form}, problem, status)


def _tried(request: HttpRequest, report: MistakeReport, step: str, form: forms.Form) -> tuple[str, int]:
    """Take a step; return why it was refused, or an empty text, and the status of the answer."""
    try:
        STEPS[step].act(report, by=request.user, **form.cleaned_data)
    except (WrongState, Refused) as refusal:
        return str(refusal), 409
    except DatabaseError:
        return NOT_SAVED, 503
    return "", 200


def _form(step: str, data: Mapping[str, Any] | None = None) -> forms.Form:
    return STEPS[step].form(data, auto_id=f"id_{step}_%s")


def _report_or_404(pk: int) -> MistakeReport:
    report = MistakeReport.objects.for_inbox().filter(pk=pk).first()
    if report is None:
        raise Http404("There is no such report.")
    return report


def _screen(
    request: HttpRequest,
    report: MistakeReport,
    tried: Mapping[str, forms.Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a report's screen. `tried`: the form with what was typed; `problem`: why it was refused."""
    tried = tried or {}
    edition = edition_or_404(report.edition_id)
    works = may(request.user, "change_mistakereport")
    as_read = edition.pages.select_related("page__guide").filter(slug=report.page).first() if report.page else None
    offered = {
        "answer": works and report.state == State.NEW,
        "close": works and report.state != State.CLOSED,
    }
    context = {
        "report": report,
        "edition": edition,
        "guide": edition.guide,
        "read_at": edition.get_absolute_url() + (f"#chapter-{report.page}" if as_read else ""),
        "write_at": page_url(as_read.page) if as_read and may(request.user, "change_page") else "",
        "preview": preview_of_edition_page(edition, report.page) if as_read else "",
        "forms": {name: tried.get(name) or _form(name) for name in STEPS if offered[name]},
        # Somebody else was quicker: the form is not offered any more, and what was typed is shown all the same.
        "typed_in_vain": [one for name, form in tried.items() if not offered[name] for one in form if one.value()],
        "tried": list(tried.values()),
        "problem": problem,
    }
    wrong = problem or any(form.errors for form in tried.values())
    title = f"Report of a mistake: {edition.guide}, {report.where}"
    return show(request, "mistake.html", context, title=title, wrong=wrong, status=status)


def reports_on(edition: Edition, person: Any) -> list[MistakeReport] | None:
    """Return the reports that readers made on an edition; None for somebody who may not see them."""
    if not may(person, "view_mistakereport"):
        return None
    return list(MistakeReport.objects.for_inbox().filter(edition=edition))


@admin.register(MistakeReport)
class MistakeReportAdmin(RecordAdmin):
    """The inbox, in the order in which staff work on it."""

    list_display = ("words_in_short", "guide", "edition_number", "page_in_words", "age", "state_in_words")
    list_filter = ("state", "outcome", ("edition__guide", admin.RelatedOnlyFieldListFilter))
    search_fields = ("words", "answer")
    search_help_text = "Search for words of a report or of an answer."
    ordering = INBOX_ORDER

    def get_urls(self) -> list[Any]:
        return [
            path("<row:report>/change/", change, name="education_mistakereport_change"),
            path("<row:report>/do/<slug:step>/", step, name="education_mistakereport_step"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MistakeReport]:
        return MistakeReport.objects.for_inbox()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The admin's own form has no place here; an address that gets this far names no report."""
        raise Http404("There is no such report.")

    @admin.display(description="What is wrong")
    def words_in_short(self, report: MistakeReport) -> str:
        return Truncator(" ".join(report.words.split())).chars(80)

    @admin.display(description="Guide", ordering="edition__guide__title")
    def guide(self, report: MistakeReport) -> str:
        return str(report.edition.guide)

    @admin.display(description="Edition", ordering="edition__number")
    def edition_number(self, report: MistakeReport) -> int:
        return report.edition.number

    @admin.display(description="Page", ordering="page")
    def page_in_words(self, report: MistakeReport) -> str:
        return report.where

    @admin.display(description="Came in", ordering="-made_at")
    def age(self, report: MistakeReport) -> str:
        return how_long_ago(report.made_at)

    @admin.display(description="State", ordering="state")
    def state_in_words(self, report: MistakeReport) -> str:
        return f"Closed: {report.get_outcome_display()}" if report.outcome else report.get_state_display()
