"""The quality report on a guide, with what its checks need of the world: today, sources, addresses, the clinic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from education import quality
from education.models import Edition, EditionPage, FormerSlug, Guide, Source
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
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.app_name != "education":
        return bool(import_string(settings.CLINIC_ANSWERS)(match))
    slug, page = match.kwargs.get("guide"), match.kwargs.get("page")
    if slug is None:
        return True
    if slug == guide.slug:
        return page is None or page in own or FormerSlug.objects.filter(page__guide=guide, slug=page).exists()
    live = Edition.objects.live().filter(guide__slug=slug)
    if page is None:
        return live.exists() or FormerSlug.objects.filter(page=None, slug=slug).exists()
    return EditionPage.objects.filter(edition__in=live, slug=page).exists()
