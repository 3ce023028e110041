"""Answers for machines: is it alive, which pages there are, who may crawl what."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from clinic.health import report
from clinic.models import InformationPage, Provider
from education.models import Edition, EditionPage
from education.reading import page_url
from education.views.loading import public

# What a proxy adds, each of which says that whoever asks stands behind one.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
NOT_KEPT = {"Cache-Control": "no-store"}


@public
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
    try:
        return request.user.is_active and request.user.is_staff
    except Exception:  # a session that cannot be read, whatever the reason, is nobody's
        return False


@public
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: everything public may be read; staff pages and codes need no crawling."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /e/",
        f"Sitemap: {settings.SITE_URL}{reverse('clinic:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the home page, every page of every live edition, the providers, prices, information pages."""
    live = Edition.objects.live()
    pages = EditionPage.objects.filter(edition__in=live).select_related("edition__guide").only("slug", "edition__guide")
    paths = [reverse("clinic:home"), reverse("education:guides")]
    paths += [page_url(page.edition.guide.slug, page.slug) for page in pages]
    paths += [reverse("clinic:providers"), reverse("clinic:prices"), reverse("clinic:consultation")]
    paths += [one.get_absolute_url() for one in Provider.objects.shown().only("slug")]
    paths += [page.get_absolute_url() for page in InformationPage.objects.all()]
    # Addresses are slugs and the site's own address: nothing in them needs escaping.
    urls = "".join(f"<url><loc>{settings.SITE_URL}{path}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return HttpResponse(body, content_type="application/xml")
