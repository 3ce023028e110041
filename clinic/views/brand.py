"""The clinic's look as files: its style sheet, icons, card and logos.

An address carries a hash of what it stands for, and browsers keep today's for good. Any other hash gets today's file,
to be asked for again: a page that was opened before a change must not lose its style.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from clinic import marks
from clinic.actions import logo_path
from clinic.brand import DEFAULT_COLOUR
from clinic.models import Clinic
from clinic.stylesheet import stylesheet as stylesheet_for
from education.views.loading import for_one_reader, public

LASTING = "public, max-age=31536000, immutable"
# For addresses without a hash: an icon may be a day old.
A_DAY = "public, max-age=86400"


@public
def stylesheet(request: HttpRequest, digest: str, with_tools: bool) -> HttpResponseBase:
    """`/brand/site.<hash>.css`: the site's style sheet, with the clinic's colour; `tools.…` with that of the tools."""
    style = stylesheet_for(DEFAULT_COLOUR, with_tools=with_tools)
    if digest != style.digest:
        style = stylesheet_for(Clinic.current().brand_colour, with_tools=with_tools)
    # Pages for a fault have the style without the clinic's colour, and need no database for it.
    is_todays = digest == style.digest
    keeping = LASTING if is_todays else "public, no-cache"
    response = HttpResponse(style.text, content_type="text/css; charset=utf-8", headers={"Cache-Control": keeping})
    return response if is_todays else for_one_reader(response)


@public
def icon(request: HttpRequest, digest: str) -> HttpResponseBase:
    """`/brand/icon.<hash>.svg`: the clinic's initial on its colour."""
    clinic = Clinic.current()
    return _drawn(request, clinic, marks.icon(clinic.name, clinic.brand_colour), "image/svg+xml", digest)


@public
def card(request: HttpRequest, digest: str) -> HttpResponseBase:
    """`/brand/card.<hash>.png`: the picture of a link that somebody shares."""
    clinic = Clinic.current()
    drawn = marks.card(clinic.name, clinic.tagline, clinic.brand_colour)
    response = _drawn(request, clinic, drawn, "image/png", digest)
    # Other sites show it beside a link.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@public
def apple_icon(request: HttpRequest) -> HttpResponseBase:
    """`/apple-touch-icon.png`: the icon on a telephone's first screen."""
    clinic = Clinic.current()
    return _drawn(request, clinic, marks.apple_icon(clinic.name, clinic.brand_colour), "image/png")


@public
def favicon(request: HttpRequest) -> HttpResponseBase:
    """`/favicon.ico`: the icon for whatever reads no page's head."""
    clinic = Clinic.current()
    return _drawn(request, clinic, marks.favicon(clinic.name, clinic.brand_colour), "image/x-icon")


def _drawn(
    request: HttpRequest, clinic: Clinic, content: bytes, kind: str, digest: str | None = None
) -> HttpResponseBase:
    today = marks.digest(clinic.name, clinic.tagline, clinic.brand_colour)
    keeping = A_DAY if digest is None else LASTING if digest == today else "public, no-cache"
    etag = f'"{today}"'
    response = HttpResponse(content, content_type=kind, headers={"Cache-Control": keeping, "ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response


@public
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """`/brand/<sha256>.webp`: a logo that the clinic has today."""
    clinic, path = Clinic.current(), logo_path(digest)
    if digest not in (clinic.logo_sha256, clinic.dark_logo_sha256) or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/webp", headers={"Cache-Control": LASTING})
