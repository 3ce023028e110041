"""Writing the working copy: guides and pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from education.actions.auditing import audit
from education.actions.entries import canonical_entries, write_entries
from education.actions.refusals import EditConflict, Refused
from education.actions.signing import locked_guide, log_once_kept, signature
from education.models import RESERVED_PAGE_SLUGS, FormerSlug, Guide, Page, PageVersion, What
from education.rules import require_permission
from education.working_copy import entries_of

logger = logging.getLogger(__name__)


@transaction.atomic
def create_guide(*, by: Any, title: str, slug: str, **facts: Any) -> Guide:
    """Make a guide without pages. Raises NotPermitted, Refused."""
    require_permission(by, "add_guide", "make a guide")
    check_guide_slug(slug, None)
    guide = Guide(title=title, slug=slug, slug_at_creation=slug, **facts)
    guide.save()
    log_once_kept(logger, "guide %s made by account %s", guide.pk, by.pk)
    return guide


@transaction.atomic
def save_guide(guide: Guide, *, by: Any, **facts: Any) -> Guide:
    """Change a guide's facts; an address that it had is kept and redirects. Raises NotPermitted, Refused."""
    require_permission(by, "change_guide", "change a guide")
    fresh = locked_guide(guide.pk)
    slug = facts.get("slug", fresh.slug)
    if slug != fresh.slug:
        check_guide_slug(slug, fresh)
        FormerSlug(guide=fresh, page=None, slug=fresh.slug).save()
    for name, value in facts.items():
        setattr(fresh, name, value)
    fresh.save()
    audit(What.GUIDE_CHANGED, fresh, by=by, named=fresh.slug)
    log_once_kept(logger, "guide %s saved by account %s", fresh.pk, by.pk)
    return fresh


def check_guide_slug(slug: str, guide: Guide | None) -> None:
    """Raise Refused when a new guide (None), or this one, may not have this address."""
    pk = guide.pk if guide else 0
    taken = (
        Guide.objects.filter(Q(slug=slug) | Q(slug_at_creation=slug)).exclude(pk=pk).exists()
        or FormerSlug.objects.filter(page=None, slug=slug).exclude(guide=pk).exists()
    )
    if taken:
        raise Refused(
            f"The address “{slug}” belongs to another guide, or did once and still leads there. Choose another.",
            "slug",
        )


@transaction.atomic
def add_page(
    guide: Guide,
    *,
    by: Any,
    kind: str,
    title: str = "",
    slug: str = "",
    markdown: str = "",
    entries: Sequence[Mapping[str, Any]] = (),
) -> Page:
    """Add a page at its place in the reading order of kinds. Raises NotPermitted, Refused, EntryRefused."""
    require_permission(by, "add_page", "add a page")
    guide = locked_guide(guide.pk)
    title = title or str(Page.Kind(kind).label)
    slug = slug or kind
    _check_page(guide, None, kind=kind, slug=slug)
    page = Page(guide=guide, kind=kind, title=title, slug=slug, markdown=markdown)
    page.position = _place(guide, kind)
    page.save()
    wanted = canonical_entries(kind, entries)
    write_entries(page, wanted)
    _keep_version(page, wanted, by)
    log_once_kept(logger, "page %s added by account %s", page.pk, by.pk)
    return page


def _place(guide: Guide, kind: str) -> int:
    """Return a position after the last kept page whose kind comes before, moving later pages down."""
    order = list(Page.Kind)
    pages = list(guide.pages.order_by("position", "id"))
    place = 0
    for index, page in enumerate(pages, start=1):
        if order.index(Page.Kind(page.kind)) <= order.index(Page.Kind(kind)):
            place = index
    for index, page in enumerate(pages):
        position = index if index < place else index + 1
        if page.position != position:
            Page.objects.filter(pk=page.pk).update(position=position)
    return place


@transaction.atomic
def save_page(
    page: Page,
    *,
    by: Any,
    base: int | None,
    title: str,
    slug: str,
    markdown: str,
    entries: Sequence[Mapping[str, Any]] | None = None,
) -> PageVersion:
    """Save a page's text and its entries (None: as they are), and keep them as a version.

    `base` is the id of the version that this person started from (None: whatever is there). Saving what is
    already there keeps no new version. Raises NotPermitted, Refused, EntryRefused, EditConflict when another
    version came in between.
    """
    require_permission(by, "change_page", "change a page")
    guide = locked_guide(page.guide_id)
    fresh = Page.objects.get(pk=page.pk)
    latest = fresh.versions.order_by("-id").first()
    wanted = Page(title=title, slug=slug, markdown=markdown)
    wanted.clean_fields(exclude=["guide", "kind"])
    content = (wanted.title, wanted.slug, wanted.markdown)
    kept = entries_of([fresh])[fresh.pk]
    rows = kept if entries is None else canonical_entries(fresh.kind, entries)
    if latest and (content, rows) == ((fresh.title, fresh.slug, fresh.markdown), kept):
        return latest
    if latest and base is not None and base != latest.pk:
        raise EditConflict(fresh.versions.filter(pk=base).first(), latest)
    _check_page(guide, fresh, kind=fresh.kind, slug=slug)
    if slug != fresh.slug:
        FormerSlug(guide=guide, page=fresh, slug=fresh.slug).save()
    fresh.title, fresh.slug, fresh.markdown = content
    fresh.save(update_fields=["title", "slug", "markdown"])
    write_entries(fresh, rows)
    version = _keep_version(fresh, rows, by)
    log_once_kept(logger, "page %s saved by account %s as version %s", fresh.pk, by.pk, version.pk)
    return version


def _keep_version(page: Page, entries: Sequence[Mapping[str, Any]], by: Any) -> PageVersion:
    version = PageVersion(
        page=page,
        title=page.title,
        slug=page.slug,
        markdown=page.markdown,
        entries=[dict(entry) for entry in entries],
        **signature(by, timezone.now()),
    )
    version.save()
    return version


def _check_page(guide: Guide, page: Page | None, *, kind: str, slug: str) -> None:
    others = guide.pages.kept().exclude(pk=page.pk if page else 0)
    if slug in RESERVED_PAGE_SLUGS:
        raise Refused(f"The address “{slug}” is used by the site itself. Choose another.", "slug")
    if (slug == Page.Kind.OVERVIEW) != (kind == Page.Kind.OVERVIEW):
        raise Refused("The address “overview” belongs to the overview page, and to no other.", "slug")
    if others.filter(slug=slug).exists():
        raise Refused(f"Another page of this guide has the address “{slug}”. Choose another.", "slug")
    if kind != Page.Kind.OTHER and others.filter(kind=kind).exists():
        label = Page.Kind(kind).label
        raise Refused(f"The guide has a page “{label}” already. A guide has one of each kind.", "kind")


@transaction.atomic
def move_page(page: Page, *, by: Any, up: bool) -> None:
    """Exchange a page with the one before it (or after it). At the end of the list nothing happens."""
    require_permission(by, "change_page", "move a page")
    guide = locked_guide(page.guide_id)
    pages = list(guide.pages.order_by("position", "id"))
    kept = [index for index, one in enumerate(pages) if one.removed_at is None]
    here = next((place for place, index in enumerate(kept) if pages[index].pk == page.pk), None)
    if here is None or not 0 <= here + (-1 if up else 1) < len(kept):
        return
    one, other = kept[here], kept[here + (-1 if up else 1)]
    pages[one], pages[other] = pages[other], pages[one]
    for position, moved in enumerate(pages):
        Page.objects.filter(pk=moved.pk).update(position=position)
    log_once_kept(logger, "page %s moved by account %s", page.pk, by.pk)


@transaction.atomic
def remove_page(page: Page, *, by: Any) -> None:
    """Take a page out of the working copy. It is kept, and patients see it until an edition without it is live."""
    require_permission(by, "change_page", "remove a page")
    locked_guide(page.guide_id)
    Page.objects.filter(pk=page.pk, removed_at=None).update(removed_at=timezone.now())
    log_once_kept(logger, "page %s removed by account %s", page.pk, by.pk)


@transaction.atomic
def put_back_page(page: Page, *, by: Any) -> Page:
    """Undo a removal. Raises NotPermitted, Refused when another page has taken its kind or address."""
    require_permission(by, "change_page", "put a page back")
    guide = locked_guide(page.guide_id)
    fresh = guide.pages.get(pk=page.pk)
    _check_page(guide, fresh, kind=fresh.kind, slug=fresh.slug)
    fresh.removed_at = None
    fresh.save(update_fields=["removed_at"])
    log_once_kept(logger, "page %s put back by account %s", fresh.pk, by.pk)
    return fresh
