"""The quality report on a guide, with what its checks need of the world: today, sources, addresses, the clinic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from education import quality
from education.models import Edition, EditionImage, EditionPage, FormerSlug, Guide, Source
from education.printable import unprintable
from education.quality import Finding, SourceState, World
from education.rendering import Rendered
from education.snapshot import Snapshot
from education.working_copy import known_keys

Examination = tuple[tuple[Rendered, ...], dict[str, int], tuple[Finding, ...]]


def examine(guide: Guide, snapshot: Snapshot, now: datetime | None = None) -> Examination:
    """Return the snapshot's pages as rendered, the number of each source, and the report with errors first."""
    rendered, numbers = snapshot.rendered(known=known_keys())
    return rendered, numbers, quality.report(snapshot, rendered, world(guide, snapshot, now))


def world(guide: Guide, snapshot: Snapshot, now: datetime | None = None) -> World:
    """Return what the checks of this snapshot need to know beside it. Three queries, more for links inside the site."""
    rows = Source.objects.with_check().filter(key__in=[source.key for source in snapshot.sources])
    return World(
        today=timezone.localdate(now),
        kind=guide.kind,
        review_interval_months=guide.review_interval_months,
        sources={row.key: SourceState(row.check_due, row.status or "current") for row in rows},
        resolves=_resolver(guide, snapshot),
        unprintable=unprintable,
        own_numbers=tuple(import_string(settings.CLINIC_CONTACTS)()),
    )


def _resolver(guide: Guide, snapshot: Snapshot) -> Callable[[str], bool]:
    """Return what tells whether a path of the site will answer once this snapshot is live."""
    answers: dict[str, bool] = {}
    own = {page.slug for page in snapshot.pages}

    def resolves(address: str) -> bool:
        parts = urlsplit(address)
        path = unquote(parts.path)
        if path not in answers:
            answers[path] = not parts.netloc and _answers(path, guide, own)
        return answers[path]

    return resolves


def _answers(path: str, guide: Guide, own: set[str]) -> bool:
    if path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return True
    try:
        match = resolve(path)
    except Resolver404:
        # The site adds a slash that was left out.
        return not path.endswith("/") and _answers(f"{path}/", guide, own)
    if match.app_name != "education":
        return bool(import_string(settings.CLINIC_ANSWERS)(match))
    return _of_education(match.kwargs, guide, own)


def _of_education(named: Mapping[str, Any], guide: Guide, own: set[str]) -> bool:
    """Return whether there is what an address of a guide, a page, an edition, a code or a picture names."""
    public = Edition.objects.public()
    if "code" in named:
        return public.filter(code=named["code"]).exists()
    if "digest" in named:
        return EditionImage.objects.filter(sha256=named["digest"], edition__in=public).exists()
    if "guide" not in named:
        return True
    former = FormerSlug.objects.filter(page=None, slug=named["guide"]).select_related("guide").first()
    slug = former.guide.slug if former else named["guide"]
    if "number" in named:
        return public.filter(guide__slug=slug, number=named["number"]).exists()
    mine = slug == guide.slug
    live = Edition.objects.live().filter(guide__slug=slug)
    page = named.get("page")
    if page is None:
        return mine or live.exists()
    there = own if mine else set(EditionPage.objects.filter(edition__in=live).values_list("slug", flat=True))
    moved = FormerSlug.objects.filter(page__guide__slug=slug, slug=page).values_list("page__slug", flat=True)
    return page in there or bool(there.intersection(moved))
