"""Answers for machines: is it alive, which pages there are, who may crawl what."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clinic.models import InformationPage
from education.models import Edition, EditionPage
from education.reading import page_url
from education.views.loading import public


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """`/healthz`: the process answers. It asks nothing of the database, so that a busy one restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


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
    """`/sitemap.xml`: the home page, every page of every live edition, the information pages."""
    live = Edition.objects.live()
    pages = EditionPage.objects.filter(edition__in=live).select_related("edition__guide").only("slug", "edition__guide")
    paths = [reverse("clinic:home"), reverse("education:guides")]
    paths += [page_url(page.edition.guide.slug, page.slug) for page in pages]
    paths += [page.get_absolute_url() for page in InformationPage.objects.all()]
    # Addresses are slugs and the site's own address: nothing in them needs escaping.
    urls = "".join(f"<url><loc>{settings.SITE_URL}{path}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return HttpResponse(body, content_type="application/xml")
