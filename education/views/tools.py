"""What a patient does with a guide: check before booking, and plan around the day. Nobody's answers reach us."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from education.calendars import calendar_of
from education.forms import PlanForm
from education.models import Edition
from education.patient_tools import signs_of, tools_of
from education.planning import planned
from education.reading import doubtful, latest_review, shown_sources
from education.selfcheck import cited, questions
from education.views.loading import in_language, of_edition_now, public
from education.wording import language_of_words


# Not kept by a browser either: whoever goes back on a shared computer meets no one else's answers or day.
@never_cache
@public
@of_edition_now
def check(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/check/`: the reasons not to have it as questions. The answers stay on the page."""
    tools = tools_of(edition)
    asked = questions(tools.reasons, edition.sources)
    keys = cited(asked)
    sources = shown_sources(source for source in edition.sources if source["key"] in keys)
    context = {"questions": asked, "sources": sources, "doubtful": doubtful(sources), "tools": tools}
    # The questions follow from the edition; how a source stands can change.
    context["key"] = (edition.chain_hash, *((source["key"], source["standing"]) for source in sources))
    return _tool(request, edition, "education/check.html", context, there=bool(asked))


@never_cache
@public(reads=PlanForm.base_fields)
@of_edition_now
def plan(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/plan/?date=DATE&sessions=3&interval=4`: the care steps, each with its date. Nothing of it is kept."""
    tools, form = tools_of(edition), _form(request, edition)
    context: dict[str, Any] = {"form": form, "tools": tools, "today": form.today}
    if tools.steps and form.is_valid():
        context["plan"] = planned(tools.steps, form.days)
        context["signs"] = signs_of(edition, level=3)
        context["calendar_url"] = f"{reverse('education:plan-ics', args=[edition.guide.slug])}?{urlencode(form.query)}"
    return _discreet(_tool(request, edition, "education/plan.html", context, there=bool(tools.steps)))


@never_cache
@public(reads=PlanForm.base_fields)
@of_edition_now
def plan_ics(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/plan.ics`: the same as a calendar file. A day that cannot be planned leads to the page that says why."""
    tools, form = tools_of(edition), _form(request, edition)
    page = reverse("education:plan", args=[edition.guide.slug])
    if not tools.steps or not form.is_valid():
        return _discreet(redirect(f"{page}?{urlencode(form.data)}" if form.data else page))
    with translation.override(language_of_words(edition.language)):
        body = calendar_of(
            planned(tools.steps, form.days),
            of=edition.guide.slug_at_creation,
            address=f"{settings.SITE_URL}{page}?{urlencode(form.query)}",
            today=form.today,
            now=timezone.now(),
        )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return _discreet(HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers))


def _form(request: HttpRequest, edition: Edition) -> PlanForm:
    asked = {name: request.GET[name] for name in PlanForm.base_fields if name in request.GET}
    form = PlanForm(asked or None, today=timezone.localdate())
    with translation.override(language_of_words(edition.language)):
        form.full_clean()  # what is wrong is said in the language of the guide
    return form


def _tool(request: HttpRequest, edition: Edition, template: str, context: dict[str, Any], there: bool) -> HttpResponse:
    """Answer with a tool; with 404 and the way back where the guide has nothing for it to work from."""
    record = {"edition": edition, "review": latest_review(edition)}
    facts = {"edition": edition, "language": edition.language, "record": record}
    return in_language(request, template, {**facts, **context}, status=200 if there else 404)


def _discreet(response: HttpResponse) -> HttpResponse:
    """Keep the day that stands in an address out of searches, and out of what the next site or page is told."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
