"""Beginning a guide that is not empty."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from education import actions
from education.actions import Refused
from education.admin.loading import guide_url
from education.admin.newsroom import NOT_SAVED, screen, show
from education.forms import BeginForm
from education.models import Guide

BEGUN = (
    "“{title}” is begun. What stands in brackets as [write …] is for you to fill: until then the report below "
    "lets nobody submit it."
)
SAID = {
    BeginForm.Way.SKELETON: BEGUN,
    BeginForm.Way.ADVICE: BEGUN,
    BeginForm.Way.SAMPLE: (
        "“{title}” is a copy of the sample guide. Its overview begins with what to do before anybody can submit it."
    ),
    BeginForm.Way.OWN: (
        "“{title}” is a copy. Read each page, change what is otherwise, and check the summary under the facts: until "
        "then the report below lets nobody submit it."
    ),
}


@screen("add_guide", "make a guide", (BeginForm,))
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """`…/guide/begin/`: a guide from a skeleton, or from a copy of the sample guide or of one of our own."""
    way = request.GET.get("way", BeginForm.Way.SKELETON)
    form = BeginForm(request.POST if request.method == "POST" else None, initial={"way": way})
    status = 200
    if form.is_valid():
        try:
            guide = _begun(request, form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DatabaseError:
            form.add_error(None, NOT_SAVED)
            status = 503
        else:
            messages.success(request, SAID[form.cleaned_data["way"]].format(title=guide.title))
            return redirect(guide_url(guide.pk))
    return show(request, "guide_begin.html", {"form": form}, title="Begin a guide", wrong=form.errors, status=status)


def _begun(request: HttpRequest, form: BeginForm) -> Guide:
    named = {"title": form.cleaned_data["title"], "slug": form.cleaned_data["slug"]}
    way = form.cleaned_data["way"]
    if way == BeginForm.Way.SAMPLE:
        folder = settings.BASE_DIR / "sample" / "guides" / "mesotherapy"
        return actions.copy_guide(folder, by=request.user, **named)
    if way == BeginForm.Way.OWN:
        return actions.copy_own_guide(form.cleaned_data["original"], by=request.user, **named)
    kind = Guide.Kind.ADVICE if way == BeginForm.Way.ADVICE else Guide.Kind.PROCEDURE
    return actions.begin_guide(by=request.user, kind=kind, **named)
