"""Public pages of providers: all of them, one of them, and their photographs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.forms import ProviderFilterForm
from clinic.models import Provider
from clinic.photos import photo_path, widths_of
from clinic.places import open_places
from clinic.profiles import Profile, profile_of, profile_of_left, shown_profiles
from clinic.reading import read_text
from clinic.views.brand import LASTING
from education.views.loading import public


@public(reads=("procedure", "language", "location"))
def providers(request: HttpRequest) -> HttpResponse:
    """`/providers/?procedure=&language=&location=`: everybody whom patients can choose, or those who fit."""
    profiles = shown_profiles()
    form = ProviderFilterForm(request.GET, profiles=profiles)
    context = {"profiles": form.chosen(profiles), "count": len(profiles), "form": form}
    return render(request, "clinic/providers.html", context)


@public
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """`/providers/<slug>/`: one provider; 410 for one who left, 404 for one who is not shown yet."""
    one = Provider.objects.public().with_languages(slug)
    if one is None:
        raise Http404
    if one.has_left():
        context = {"profile": profile_of_left(one), "language": settings.LANGUAGE_CODE}
        return render(request, "clinic/provider_left.html", context, status=410)
    return render(request, "clinic/provider.html", profile_context(profile_of(one)))


def profile_context(profile: Profile) -> dict[str, Any]:
    """Return what the template of a provider's page takes; the admin's preview uses it too."""
    one = profile.provider
    return {"profile": profile, "places": open_places(profile.places), **read_text(one.slug, one.name, one.biography)}


@public
def photo(request: HttpRequest, digest: str, width: int) -> HttpResponse:
    """`/providers/photos/<sha256>-<width>.webp`: of a provider whose page is or was public; staff see others too."""
    named = Provider.objects.filter(photo_sha256=digest)
    is_public = named.public().exists()
    # Whoever asks for a public one is not looked at, or caches would keep it apart for each.
    if not is_public and not (admin.site.has_permission(request) and request.user.has_perm("clinic.view_provider")):
        raise Http404
    one = named.first()
    # Asked before the disk is: a number of hundreds of digits makes a name that no disk takes.
    if one is None or width not in widths_of(one.photo_width):
        raise Http404
    path = photo_path(digest, width)
    if not path.is_file():
        raise Http404
    keeping = LASTING if is_public else "private, no-store"
    return HttpResponse(path.read_bytes(), content_type="image/webp", headers={"Cache-Control": keeping})
