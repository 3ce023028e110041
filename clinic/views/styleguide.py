"""The living style guide, for staff and for development."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.styleguide import components


@require_safe
@never_cache
def styleguide(request: HttpRequest) -> HttpResponse:
    """`/styleguide/`: every component of the public pages in each of its states. To anybody else it is not there."""
    if not settings.DEBUG and not admin.site.has_permission(request):
        raise Http404
    return render(request, "clinic/styleguide.html", {"components": components()})
