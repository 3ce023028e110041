"""What an edition's screen shows: the text as patients read it, what changed, who decided, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from education.admin.mistakes import reports_on
from education.admin.newsroom import show
from education.admin.previews import preview_of_edition
from education.admin.report import Places, findings_of, report_of
from education.admin.review_form import decided, draft_of, written
from education.admin.steps import offered, reasons_why_not
from education.comparing import Shown, compared_facts, compared_pages, edition_texts, titles_of_sources
from education.forms import ReviewForm
from education.models import Edition, State
from education.newsroom import NEXT_STEP
from education.rules import Verb, why_not
from education.working_copy import live_edition

# Patients can read what such an edition changed.
PUBLIC_STATES = (State.LIVE, State.SUPERSEDED, State.WITHDRAWN, State.ARCHIVED)


def edition_screen(
    request: HttpRequest,
    edition: Edition,
    *,
    tried: Mapping[str, forms.Form] | None = None,
    review: ReviewForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with an edition's screen.

    `tried`: forms by step with what was typed; `review`: the review that was sent; `problem`: why it was refused.
    """
    tried = tried or {}
    steps = offered(edition, request.user, tried)
    mine = written(edition, request.user, review)
    in_vain = [_typed(one.form) for one in steps if one.name in tried and one.why_not]
    if review and not mine:
        in_vain.append(review.typed)
    context = {
        "edition": edition,
        "guide": edition.guide,
        "next_step": NEXT_STEP[edition.state],
        "is_public": edition.state in PUBLIC_STATES,
        "steps": [one for one in steps if not one.why_not],
        "reasons_why_not": reasons_why_not(steps, edition, request.user),
        "may_withdraw": not why_not(Verb.WITHDRAW, request.user, edition),
        "problem": problem,
        "typed_in_vain": in_vain,
        "tried": [*tried.values(), *([review] if review else [])],
        "written": mine,
        "unused": None if mine else draft_of(edition, request.user),
        "is_nav_sidebar_enabled": not mine,
        **_record(edition),
        **_changes(edition),
        "reports": reports_on(edition, request.user),
        "preview": preview_of_edition(edition),
    }
    title = f"{edition.guide}, edition {edition.number}"
    wrong = problem or any(form.errors for form in context["tried"])
    return show(request, "edition.html", context, title=title, wrong=wrong, status=status)


def _typed(form: forms.Form) -> list[tuple[str, str]]:
    return [(str(field.label), str(field.value() or "")) for field in form if not field.is_hidden and field.value()]


def _record(edition: Edition) -> dict[str, Any]:
    return {
        "decided": decided(edition, edition.reviews.all()),
        "publications": edition.publications.select_related("cancellation"),
        "withdrawal": getattr(edition, "withdrawal", None),
        **_report(edition),
    }


def _report(edition: Edition) -> dict[str, Any]:
    """Return the report as it was at the submission, each reason beside what it was given for."""
    findings = findings_of(edition.report)
    places = Places(edition.guide, {page.slug: page.title for page in edition.pages.all()}, linked=False)
    known = {finding.key for finding in findings}
    return {
        "report": report_of(findings, places, given=edition.reasons),
        "other_reasons": [(key, reason) for key, reason in edition.reasons.items() if key not in known],
    }


def _changes(edition: Edition) -> dict[str, Any]:
    """Return what this edition would change for patients, and what was changed since the one that was returned."""
    live = live_edition(edition.guide)
    carried_over = edition.pages.filter(carried_over=True)
    pages, facts = _compared(live, edition) if live and live.pk != edition.pk else ([], [])
    before = edition.guide.editions.with_state().filter(number=edition.number - 1).first()
    returned = before if before and before.state == State.RETURNED else None
    pages_since, facts_since = _compared(returned, edition) if returned else ([], [])
    return {
        "live": live,
        "carried_over": carried_over,
        "changed_pages": pages,
        "changed_facts": facts,
        "returned": returned,
        "changed_since_returned": [*pages_since, *facts_since],
    }


def _compared(old: Edition, new: Edition) -> tuple[list[Shown], list[Shown]]:
    """Return what changed between two editions: page by page, and in what their pages refer to."""
    before, now = old.snapshot(), new.snapshot()
    pages = compared_pages(edition_texts(old), edition_texts(new), titles_of_sources(before, now))
    return pages, compared_facts(before, now)
