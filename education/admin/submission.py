"""Submitting a guide: what would be in the edition, what changed, the report on it, and the reasons that it wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from education import actions, quality
from education.actions import Blocked, ChangedMeanwhile, Refused
from education.actions.notices import reviewers_told
from education.admin.changed_claims import ChangedClaim, changed_claims
from education.admin.comments import board_of_guide
from education.admin.drafts import why_not_submit
from education.admin.guide_screen import words
from education.admin.loading import edition_url, guide_or_404
from education.admin.newsroom import NOT_SAVED, screen, show
from education.admin.report import Places, ids_of_sources, labels_of, report_of
from education.comments import comments_of
from education.comparing import Shown, compared_facts, compared_pages, edition_texts, page_texts, titles_of_sources
from education.examining import examine
from education.forms import ReasonsForm, SubmitForm
from education.models import Archiving, Edition, Guide, State
from education.quality import Finding
from education.rules import WrongState
from education.working_copy import Change, PageState, assemble, fingerprint, live_edition, page_states, plan


@dataclass
class Sheet:
    """What one request works with: the guide, how its pages stand, and the form, sent or new."""

    guide: Guide
    live: Edition | None
    states: list[PageState]
    form: SubmitForm
    # What the screen says beside the form's own errors.
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def ticked(self) -> list[int]:
        """The pages whose change is meant: those ticked; all of them before the form is sent, or with nothing live."""
        if self.live and self.form.is_bound and "ticked" in self.form.cleaned_data:
            ticked: list[int] = self.form.cleaned_data["ticked"]
            return ticked
        return [state.page.pk for state in self.states]


@screen("submit_edition", "submit a guide for review", (SubmitForm,))
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/submit/`: the next edition as it would be, the report on it, and the form that submits it."""
    row = guide_or_404(guide)
    live = live_edition(row)
    states = page_states(row, live)
    sheet = Sheet(row, live, states, _form(request, row, states, live, fingerprint(row)))
    reasons = ReasonsForm(_sent(request), labels={}, before={})
    if not all([sheet.form.is_valid(), reasons.is_valid()]):
        return _screen(request, sheet)
    try:
        edition = actions.submit(row, by=request.user, reasons=reasons.reasons, **_typed(sheet.form, live))
    except (Blocked, Refused, WrongState, DatabaseError) as error:
        return _refused(request, sheet, error)
    said = f"Edition {edition.number} is submitted. A reviewer can read it now."
    messages.success(request, f"{said} {_told(reviewers_told(edition).count())}")
    return redirect(edition_url(edition))


def _told(number: int) -> str:
    if not number:
        return "Nobody is told by mail: no other account that may review has an address. Tell a reviewer yourself."
    return "A mail goes to 1 reviewer." if number == 1 else f"A mail goes to {number} reviewers."


def _refused(request: HttpRequest, sheet: Sheet, error: Exception) -> HttpResponse:
    """Show the screen again with why, and with all that was typed and ticked."""
    form, status = sheet.form, 409
    if isinstance(error, Blocked):
        sheet.said, status = {"findings": error.findings}, 200
    elif isinstance(error, Refused) and not isinstance(error, ChangedMeanwhile):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        status = 200
    elif isinstance(error, DatabaseError):
        sheet.said, status = {"problem": NOT_SAVED}, 503
    else:
        sheet.said = {"problem": str(error)}
    if isinstance(error, ChangedMeanwhile):
        seen = fingerprint(sheet.guide)
        form.data = {**request.POST.dict(), "ticked": request.POST.getlist("ticked"), "seen": seen}
    return _screen(request, sheet, status=status)


def _sent(request: HttpRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None


def _form(request: HttpRequest, guide: Guide, states: list[PageState], live: Edition | None, seen: str) -> SubmitForm:
    ticks = [state for state in states if live and state.change is not Change.SAME]
    choices = [(state.page.pk, f"{state.page.title} ({words(state, live)})") for state in ticks]
    initial = {"ticked": [pk for pk, _ in choices], "seen": seen, "what_changed": _said_before(guide)}
    return SubmitForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)


def _said_before(guide: Guide) -> str:
    """Return the sentence of the newest edition when that came back to the editors: it is most often still right."""
    newest = guide.editions.with_state().order_by("-number").first()
    return newest.what_changed if newest and newest.state in (State.RETURNED, State.TAKEN_BACK) else ""


def _typed(form: SubmitForm, live: Edition | None) -> dict[str, Any]:
    """Return what the action takes. With nothing live every page is meant, so there was nothing to tick."""
    cleaned = form.cleaned_data
    return {
        "what_changed": cleaned["what_changed"],
        "urgent_reason": cleaned["urgent_reason"],
        "ticked": cleaned["ticked"] if live else None,
        "seen": cleaned["seen"],
    }


def _screen(request: HttpRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    guide, live, states = sheet.guide, sheet.live, sheet.states
    editions = list(guide.editions.with_state().order_by("-number"))
    pages, facts, claims = _differences(guide, live, states)
    context = {
        "guide": guide,
        "live": live,
        "form": sheet.form,
        "why_not": why_not_submit(editions, request.user, Archiving.objects.of(guide)),
        "number": editions[0].number + 1 if editions else 1,
        "unchanged": [state.page for state in states if state.change is Change.SAME],
        "all_pages": [state.page for state in states if state.change is not Change.REMOVED],
        "pages": pages,
        "facts": facts,
        "claims": claims,
        "board": board_of_guide(comments_of(guide)),
        **_report(request, sheet),
        "problem": sheet.said.get("problem", ""),
    }
    title, wrong = f"Submit “{guide.title}” for review", status != 200 or sheet.form.errors or context["wrong_report"]
    return show(request, "guide_submit.html", context, title=title, wrong=wrong, status=status)


def _report(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    """Return the report on the pages as they are ticked, with what was typed, and what of it stops the submission."""
    planned = plan(sheet.states, set(sheet.ticked), sheet.live)
    snapshot = assemble(sheet.guide, [one.content for one in planned])
    findings: tuple[Finding, ...] = sheet.said.get("findings") or examine(sheet.guide, snapshot)[2]
    places = Places(
        sheet.guide,
        {one.content.slug: one.content.title for one in planned},
        {one.content.slug: one.page for one in planned},
        {one.content.slug for one in planned if one.carried_over},
        ids_of_sources(source.key for source in snapshot.sources),
    )
    owner = bool(request.user.is_superuser)
    labels = labels_of(quality.needs_reason(findings, owner=owner), places)
    reasons = ReasonsForm(_sent(request), labels=labels, before=sheet.guide.reasons)
    report = report_of(findings, places, form=reasons, owner=owner)
    stops = []
    if reasons.is_bound:
        reasons.full_clean()
        for finding in quality.blocking(findings, reasons=reasons.seen, owner=owner):
            if finding.key in labels:
                reasons.ask(finding.key)
            else:
                stops.append((report.item_of(finding), finding))
    return {"report": report, "reasons": reasons, "stops": stops, "wrong_report": bool(reasons.errors or stops)}


def _differences(
    guide: Guide, live: Edition | None, states: list[PageState]
) -> tuple[list[Shown], list[Shown], list[ChangedClaim]]:
    """Return what changed since the live edition: page by page, of all that they refer to, and what cites sources."""
    if live is None:
        return [], [], []
    kept = [state for state in states if state.change is not Change.REMOVED]
    texts = page_texts([str(state.page.pk) for state in kept], [state.content for state in kept])
    before, now = live.snapshot(), assemble(guide, [state.content for state in kept])
    titles, old = titles_of_sources(before, now), edition_texts(live)
    claims = changed_claims(old, texts, now.sources)
    return compared_pages(old, texts, titles), compared_facts(before, now), claims
