"""What an edition's screen shows: the text as patients read it, what changed, who decided, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from education.admin.mistakes import reports_on
from education.admin.newsroom import show
from education.admin.previews import preview_of_edition
from education.admin.report import Places, findings_of, report_of
from education.admin.review_form import approval, decided, draft_of, written
from education.admin.steps import offered, reasons_why_not
from education.commented import CommentPlace
from education.comparing import Shown, compared_facts, compared_pages, edition_texts, titles_of_sources
from education.forms import ReviewForm
from education.models import Edition, Review, State
from education.newsroom import DUE_SOON, NEXT_STEP
from education.rules import Verb, why_not
from education.working_copy import live_edition

# Patients can read what such an edition changed.
PUBLIC_STATES = (State.LIVE, State.SUPERSEDED, State.WITHDRAWN, State.ARCHIVED)
# What can be done with these comes first on their screen.
ON_THE_WAY = (State.APPROVED, State.SCHEDULED)
HANDED_BACK = (State.RETURNED, State.TAKEN_BACK)
# In an address: opens the review of a live edition before it is due.
AGAIN = "again"


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
    possible = [one for one in steps if not one.why_not]
    reviews = list(edition.reviews.all())
    mine = written(
        edition,
        request.user,
        review,
        place=request.GET.get("place", ""),
        wanted=_review_wanted(request, reviews, edition),
    )
    changes = _changes(edition)
    if mine:
        changes = _with_places(changes, mine.form.places)
        mine.form.put_first({one.slug for one in changes["changed_pages"]})
    in_vain = [_typed(one.form) for one in steps if one.name in tried and one.why_not]
    if review and not mine:
        in_vain.append(review.typed)
    context = {
        "edition": edition,
        "guide": edition.guide,
        "next_step": _next_step(edition),
        "approval": approval(edition, reviews, request.user),
        "is_public": edition.state in PUBLIC_STATES,
        "steps": possible,
        "steps_first": [one for one in possible if edition.state in ON_THE_WAY],
        "steps_later": [one for one in possible if edition.state not in ON_THE_WAY],
        "may_confirm": not mine and not why_not(Verb.CONFIRM, request.user, edition),
        "reasons_why_not": reasons_why_not(steps, edition, request.user),
        "may_return": not why_not(Verb.RETURN, request.user, edition),
        "may_withdraw": not why_not(Verb.WITHDRAW, request.user, edition),
        "problem": problem,
        "typed_in_vain": in_vain,
        "tried": [*tried.values(), *([review] if review and not mine else [])],
        "written": mine,
        "unused": None if mine else draft_of(edition, request.user),
        "is_nav_sidebar_enabled": not mine,
        **_record(edition, reviews),
        **changes,
        "reports": reports_on(edition, request.user),
        "preview": preview_of_edition(edition),
    }
    title = f"{edition.guide}, edition {edition.number}"
    wrong = problem or any(form.errors for form in (*tried.values(), *([review] if review else [])))
    return show(request, "edition.html", context, title=title, wrong=wrong, status=status)


def _typed(form: forms.Form) -> list[tuple[str, str]]:
    return [(str(field.label), str(field.value() or "")) for field in form if not field.is_hidden and field.value()]


def _review_wanted(request: HttpRequest, reviews: Iterable[Review], edition: Edition) -> bool:
    """Whether the form of a review stands open: a live edition is read again when that is due, or on purpose."""
    if edition.state != State.LIVE or request.GET.get("review") == AGAIN:
        return True
    due = [one.next_review_due for one in reviews if one.next_review_due]
    return bool(due) and max(due) <= timezone.localdate() + DUE_SOON


def _next_step(edition: Edition) -> str:
    """Return what happens next to an edition, and for one that was handed back which number comes then."""
    if edition.state not in HANDED_BACK:
        return NEXT_STEP[edition.state]
    if edition.guide.editions.filter(number__gt=edition.number).exists():
        return "The guide was changed and submitted again since. This edition stays on the record."
    return f"An editor changes the guide and submits it again. The next submission is edition {edition.number + 1}."


def _record(edition: Edition, reviews: Iterable[Review]) -> dict[str, Any]:
    return {
        "decided": decided(edition, reviews),
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


def _with_places(changes: dict[str, Any], places: Iterable[CommentPlace]) -> dict[str, Any]:
    """Return changes in which each page and entry of the edition has the place that a comment on it is tied to."""
    pages = {one.slug: one.value for one in places if one.slug and one.line is None and one.entry is None}
    entries = {(one.slug, one.words): one.value for one in places if one.entry is not None}

    def placed(shown: Shown) -> Shown:
        here = pages.get(shown.slug, "")
        rows = tuple(replace(one, place=entries.get((shown.slug, one.title), "")) for one in shown.entries)
        return replace(shown, place=here, entries=rows)

    return {
        **changes,
        "changed_pages": [placed(one) for one in changes["changed_pages"]],
        "changed_since_returned": [placed(one) for one in changes["changed_since_returned"]],
    }


def _compared(old: Edition, new: Edition) -> tuple[list[Shown], list[Shown]]:
    """Return what changed between two editions: page by page, and in what their pages refer to."""
    before, now = old.snapshot(), new.snapshot()
    pages = compared_pages(edition_texts(old), edition_texts(new), titles_of_sources(before, now))
    return pages, compared_facts(before, now)
