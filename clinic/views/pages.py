"""The home page and the clinic's information pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.models import TOP_PAGES, InformationPage
from clinic.places import places
from clinic.reading import read_text
from education.reading import live_guides
from education.views.loading import public


class Unwritten(Http404):
    """A page that the clinic will write one day, and that visitors expect at its address."""


@public
def home(request: HttpRequest) -> HttpResponse:
    """`/`: the clinic, its guides, where and when, how to get in touch."""
    return render(request, "clinic/home.html", {"groups": live_guides(), "places": places()})


@public
def information(request: HttpRequest, slug: str) -> HttpResponse:
    """`/about/`, `/privacy/`, `/accessibility/`, `/about/<slug>/`: one information page."""
    page = InformationPage.objects.filter(slug=slug).first()
    if page is None:
        raise Unwritten if slug in TOP_PAGES else Http404
    if page.get_absolute_url() != request.path:
        return redirect(page, permanent=True)
    return render(request, "clinic/information.html", information_context(page))


def information_context(page: InformationPage) -> dict:
    """Return what the template of an information page takes; the admin's preview uses it too."""
    return {"information": page, **read_text(page.slug, page.title, page.markdown)}
