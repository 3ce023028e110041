"""The home page and the clinic's information pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clinic.models import InformationPage
from education.models import Edition
from education.reading import reading_of_snapshot
from education.rendering import render as render_markdown
from education.snapshot import Snapshot
from education.views.loading import public
from education.working_copy import library


@public
def home(request: HttpRequest) -> HttpResponse:
    """`/`: the clinic, its guides, how to get in touch."""
    editions = Edition.objects.live().select_related("guide").order_by("title")
    return render(request, "clinic/home.html", {"editions": editions})


@public
def information(request: HttpRequest, slug: str) -> HttpResponse:
    """`/about/`, `/privacy/`, `/accessibility/`, `/about/<slug>/`: one information page."""
    page = get_object_or_404(InformationPage, slug=slug)
    if page.get_absolute_url() != request.path:
        return redirect(page, permanent=True)
    return render(request, "clinic/information.html", information_context(page))


def information_context(page: InformationPage) -> dict:
    """Return what the template of an information page takes; the admin's preview uses it too."""
    snapshot = Snapshot("", "", "en", "", "", (), **library([page.markdown]))
    numbers: dict[str, int] = {}
    rendered = render_markdown(page.markdown, library=snapshot.library(), anchor=page.slug, numbers=numbers)
    reading = reading_of_snapshot("", snapshot, (), numbers)
    return {"information": page, "rendered": rendered, "sources": reading.sources, "terms": reading.terms}
