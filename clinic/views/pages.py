"""The home page and the clinic's information pages."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.models import TOP_PAGES, InformationPage
from clinic.places import places
from education.reading import live_guides, reading_of_snapshot
from education.snapshot import Snapshot, SnapshotPage
from education.views.loading import public
from education.working_copy import library


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
    pages = (SnapshotPage("other", page.slug, page.title, page.markdown),)
    snapshot = Snapshot("", "", settings.LANGUAGE_CODE, "", "", pages, **library(pages))
    (rendered,), numbers = snapshot.rendered()
    # Its sources and terms alone: the page itself has no address among the guides.
    reading = reading_of_snapshot("", replace(snapshot, pages=()), (), numbers)
    return {
        "information": page,
        "rendered": rendered,
        "sources": reading.sources,
        "terms": reading.terms,
        "language": snapshot.language,
    }
