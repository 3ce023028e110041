"""Submitting a guide: what would be in the edition, what changed, and the report when it is blocked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from education import actions
from education.actions import Blocked, ChangedMeanwhile, Refused
from education.admin.guide_screen import why_not_submit, words
from education.admin.loading import edition_url, guide_or_404
from education.admin.newsroom import NOT_SAVED, screen, show
from education.admin.previews import snapshot_page
from education.comparing import Shown, compared_facts, compared_pages, edition_texts
from education.differences import PageText
from education.forms import SubmitForm
from education.models import Edition, Guide, Page
from education.quality import Finding
from education.rules import WrongState
from education.working_copy import Change, PageState, assemble, fingerprint, live_edition, page_states


@dataclass(frozen=True)
class Line:
    """A finding of the report with the page that it is about."""

    finding: Finding
    page: Page | None


@screen("submit_edition", "submit a guide for review")
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/submit/`: the next edition as it would be, and the form that submits it."""
    row = guide_or_404(guide)
    live = live_edition(row)
    states = page_states(row, live)
    form = _form(request, states, live, fingerprint(row))
    if not form.is_valid():
        return _screen(request, row, live, states, form)
    try:
        edition = actions.submit(row, by=request.user, **_typed(form, live))
    except (Blocked, Refused, WrongState, DatabaseError) as error:
        return _refused(request, row, live, states, form, error)
    messages.success(request, f"Edition {edition.number} is submitted. A reviewer can read it now.")
    return redirect(edition_url(edition))


def _refused(
    request: HttpRequest,
    guide: Guide,
    live: Edition | None,
    states: list[PageState],
    form: SubmitForm,
    error: Exception,
) -> HttpResponse:
    """Show the screen again with why, and with all that was typed and ticked."""
    more: dict[str, Any] = {"problem": str(error), "status": 409}
    if isinstance(error, Blocked):
        more = {"report": _report(error, states)}
    elif isinstance(error, ChangedMeanwhile):
        seen = fingerprint(guide)
        form.data = {**request.POST.dict(), "ticked": request.POST.getlist("ticked"), "seen": seen}
    elif isinstance(error, Refused):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        more = {}
    elif isinstance(error, DatabaseError):
        more = {"problem": NOT_SAVED, "status": 503}
    return _screen(request, guide, live, states, form, **more)


def _form(request: HttpRequest, states: list[PageState], live: Edition | None, seen: str) -> SubmitForm:
    ticks = [state for state in states if live and state.change is not Change.SAME]
    choices = [(state.page.pk, f"{state.page.title} ({words(state, live)})") for state in ticks]
    initial = {"ticked": [pk for pk, _ in choices], "seen": seen}
    return SubmitForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)


def _typed(form: SubmitForm, live: Edition | None) -> dict[str, Any]:
    """Return what the action takes. With nothing live every page is meant, so there was nothing to tick."""
    cleaned = form.cleaned_data
    return {
        "what_changed": cleaned["what_changed"],
        "urgent_reason": cleaned["urgent_reason"],
        "ticked": cleaned["ticked"] if live else None,
        "seen": cleaned["seen"],
    }


def _report(blocked: Blocked, states: list[PageState]) -> list[Line]:
    by_slug = {state.page.slug: state.page for state in states}
    # A page that stands as in the live edition may have had another address then.
    by_slug = {**{state.live.slug: state.page for state in states if state.live}, **by_slug}
    return [Line(finding, by_slug.get(finding.place)) for finding in blocked.findings]


def _screen(
    request: HttpRequest,
    guide: Guide,
    live: Edition | None,
    states: list[PageState],
    form: SubmitForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    editions = list(guide.editions.with_state().order_by("-number"))
    pages, facts = _differences(guide, live, states)
    context = {
        "guide": guide,
        "live": live,
        "form": form,
        "why_not": why_not_submit(editions, request.user),
        "number": editions[0].number + 1 if editions else 1,
        "unchanged": [state.page for state in states if state.change is Change.SAME],
        "all_pages": [state.page for state in states if state.change is not Change.REMOVED],
        "pages": pages,
        "facts": facts,
        **more,
    }
    title = f"Submit “{guide.title}” for review"
    return show(request, "guide_submit.html", context, title=title, wrong=form.errors or more, status=status)


def _differences(guide: Guide, live: Edition | None, states: list[PageState]) -> tuple[list[Shown], list[Shown]]:
    """Return what changed since the live edition: page by page, and of all that the pages refer to."""
    if live is None:
        return [], []
    kept = [state.page for state in states if state.change is not Change.REMOVED]
    texts = [PageText(str(page.pk), page.title, page.slug, page.markdown) for page in kept]
    now = assemble(guide, [snapshot_page(page) for page in kept])
    return compared_pages(edition_texts(live), texts), compared_facts(live.snapshot(), now)
