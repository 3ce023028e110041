"""The home page and the clinic's information pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clinic.models import InformationPage
from clinic.reading import read_text
from education.reading import live_guides
from education.views.loading import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """`/`: the clinic, its guides, how to get in touch."""
    return render(request, "clinic/home.html", {"groups": live_guides()})


@public
def information(request: HttpRequest, slug: str) -> HttpResponse:
    """`/about/`, `/privacy/`, `/accessibility/`, `/about/<slug>/`: one information page."""
    page = get_object_or_404(InformationPage, slug=slug)
    if page.get_absolute_url() != request.path:
        return redirect(page, permanent=True)
    return render(request, "clinic/information.html", information_context(page))


def information_context(page: InformationPage) -> dict:
    """Return what the template of an information page takes; the admin's preview uses it too."""
    return {"information": page, **read_text(page.slug, page.title, page.markdown)}
