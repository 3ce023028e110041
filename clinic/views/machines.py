"""Answers for machines: is it alive, which pages there are, who may crawl what, which editions came out."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from clinic.health import report
from clinic.models import Clinic, InformationPage, Provider
from education.feed import feed_of_editions
from education.site_map import Address, guide_addresses
from education.structured import moment
from education.structured.guide import absolute
from education.views.loading import public

# What a proxy adds, each of which says that whoever asks stands behind one.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
NOT_KEPT = {"Cache-Control": "no-store"}
# The most that one file may name (https://www.sitemaps.org/protocol.html#index).
MOST_IN_SITE_MAP = 50_000
_SITE_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


@public(reads=("full",))
def healthz(request: HttpRequest) -> HttpResponse:
    """`/healthz`: the process answers. It asks nothing of the database, so that a busy one restarts nothing.

    With `?full`, for staff and for this machine alone: how each thing does, as JSON; 503 where one is not well.
    """
    if "full" in request.GET and (_from_this_machine(request) or _from_staff(request)):
        well, found = report()
        answer = {"ok": well, "version": 1, "things": found}
        return JsonResponse(answer, status=200 if well else 503, headers=NOT_KEPT, json_dumps_params={"indent": 2})
    return HttpResponse("ok\n", content_type="text/plain", headers=NOT_KEPT)


def _from_this_machine(request: HttpRequest) -> bool:
    """Whether somebody on this machine asks, past every proxy: a header that could be forged counts for nothing."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _from_staff(request: HttpRequest) -> bool:
    """Whether whoever asks may see the admin: signed in, and with a second step where one is required."""
    try:
        return admin.site.has_permission(request)
    except Exception:  # a session that cannot be read, whatever the reason, is nobody's
        return False


@public
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: everything public may be read; staff pages need no crawling.

    A page that says `noindex` is not closed here: who may not read it does not learn that either.
    """
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        f"Sitemap: {absolute(reverse('clinic:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: every address for search engines, or where these are too many the files that name them."""
    addresses = _addresses()
    if len(addresses) <= MOST_IN_SITE_MAP:
        return _site_map(addresses)
    numbers = range(1, -(-len(addresses) // MOST_IN_SITE_MAP) + 1)
    parts = [(absolute(reverse("clinic:sitemap-part", args=[number])),) for number in numbers]
    files = format_html_join("", "<sitemap><loc>{}</loc></sitemap>", parts)
    return _xml(format_html('<sitemapindex xmlns="{}">{}</sitemapindex>', _SITE_MAP, files))


@public
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """`/sitemap-<n>.xml`: the n-th of these files, counted from 1."""
    part = _addresses()[(number - 1) * MOST_IN_SITE_MAP : number * MOST_IN_SITE_MAP]
    if not part:
        raise Http404
    return _site_map(part)


def _addresses() -> list[Address]:
    """Return every address of the site that search engines are to know: four queries, whatever there is."""
    pages = InformationPage.objects.order_by("slug").only("slug", "changed_at")
    return [
        *map(Address, (reverse("clinic:home"), reverse("education:guides"))),
        *guide_addresses(),
        *(Address(reverse(f"clinic:{name}")) for name in ("providers", "prices", "consultation")),
        *(Address(one.get_absolute_url()) for one in Provider.objects.shown().order_by("slug").only("slug")),
        *(Address(page.get_absolute_url(), page.changed_at) for page in pages),
    ]


def _site_map(addresses: Sequence[Address]) -> HttpResponse:
    urls = format_html_join("", "<url><loc>{}</loc>{}{}</url>", map(_url, addresses))
    namespaces = format_html('xmlns="{}" xmlns:xhtml="http://www.w3.org/1999/xhtml"', _SITE_MAP)
    return _xml(format_html("<urlset {}>{}</urlset>", namespaces, urls))


def _url(address: Address) -> tuple[str, str, str]:
    changed = format_html("<lastmod>{}</lastmod>", moment(address.changed)) if address.changed else ""
    link = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'
    translations = ((language, absolute(path)) for language, path in address.translations)
    return absolute(address.path), changed, format_html_join("", link, translations)


def _xml(body: str) -> HttpResponse:
    return HttpResponse(f"{_XML}{body}", content_type="application/xml")


@public
def feed(request: HttpRequest) -> HttpResponse:
    """`/feed.xml`: the editions that came out and what became of them, the newest first."""
    made = feed_of_editions(Clinic.current().name or settings.SITE_URL, absolute(reverse("clinic:feed")))
    return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")
