"""The search over what is live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from education.reading import live_guides
from education.results import results
from education.views.loading import public

MOST_DIGITS = 4


@public(reads=("q", "guide", "page"))
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=&guide=&page=`: where the live editions, and the clinic's people, say what somebody typed.

    Nothing of it is kept. A number of a page that is none shows the first.
    """
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 1
    found = results(request.GET.get("q", ""), guide=request.GET.get("guide", ""), number=number)
    context = {"results": found, "guides": live_guides() if not found.count else []}
    return render(request, "education/search.html", context)
