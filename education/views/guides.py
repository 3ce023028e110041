"""Reading a guide: the list, a page, the whole, its sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from education.actions.image_files import image_path, smaller_file
from education.claims import Claim, key_of, supported
from education.models import Edition, EditionImage, EditionPage, FormerSlug, Page
from education.patient_tools import tools_beside
from education.reading import Reading, ReadingPage, live_guides, live_reading, page_url
from education.spreadsheets import table
from education.views.loading import gone, in_language, of_edition_now, public
from education.wording import language_of_words

SOURCE_COLUMNS = (
    *(
        "number",
        "key",
        "title",
        "authors",
        "publisher",
        "year",
        "url",
        "doi",
        "pmid",
        "note",
        "strength",
        "strength_label",
    ),
    *("status", "status_since", "status_note", "last_checked", "check_again_by"),
)
CLAIM_COLUMNS = ("page", "entry_kind", "entry_kind_label", "claim", "address")


@public
def guides(request: HttpRequest) -> HttpResponse:
    """`/guides/`: every guide that has a live edition."""
    return render(request, "education/guides.html", {"groups": live_guides()})


@public
@of_edition_now
def guide(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`/guides/<guide>/`: the overview, or the first page of a guide that has none."""
    overview = Page.Kind.OVERVIEW.value
    reading = live_reading(edition)
    shown = reading.page(overview)
    return redirect(reading.pages[0].url) if shown is None else _page(request, edition, reading, shown)


@public
@of_edition_now
def page(request: HttpRequest, edition: Edition, page: str) -> HttpResponse:
    """`/guides/<guide>/<page>/`: one page of the live edition."""
    if page == Page.Kind.OVERVIEW:
        return redirect("education:guide", edition.guide.slug, permanent=True)
    reading = live_reading(edition)
    shown = reading.page(page)
    return _page_elsewhere(request, edition, page) if shown is None else _page(request, edition, reading, shown)


def _page(request: HttpRequest, edition: Edition, reading: Reading, shown: ReadingPage) -> HttpResponse:
    context = {**reading.context(shown), "tools": tools_beside(reading, shown)}
    return in_language(request, "education/page.html", context)


def _page_elsewhere(request: HttpRequest, edition: Edition, slug: str) -> HttpResponse:
    """Answer for a page that the live edition has not: moved, removed, or never there."""
    public_editions = Edition.objects.public().filter(guide=edition.guide)
    once = EditionPage.objects.filter(edition__in=public_editions, slug=slug).order_by("-edition__number")
    former = FormerSlug.objects.filter(guide=edition.guide, page__isnull=False, slug=slug)
    # The address may have been several pages' in turn: the one that patients saw last comes first.
    for page_id in [*once.values_list("page", flat=True), *former.values_list("page", flat=True)]:
        now_at = edition.pages.filter(page=page_id).values_list("slug", flat=True).first()
        if now_at:
            return redirect(page_url(edition.guide.slug, now_at), permanent=True)
    last = once.filter(edition__withdrawal=None).select_related("edition__guide").first()
    if last is None:
        raise Http404
    return gone(request, edition, removed_page=last)


@public
@of_edition_now
def whole(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/all/`: the whole guide on one page, made to print."""
    reading = live_reading(edition)
    context = {**reading.whole_context(), "tools": tools_beside(reading)}
    return in_language(request, "education/whole.html", context)


@public
@of_edition_now
def sources(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources/`: every source, each claim that rests on it, how strong it is and how it stands today."""
    rows = supported(edition)
    context = {"edition": edition, "rows": rows, "key": key_of(edition, rows), "language": edition.language}
    return in_language(request, "education/sources.html", context)


@public
@of_edition_now
def sources_json(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources.json`: the same for machines, with addresses from the site's root."""
    with translation.override(language_of_words(edition.language)):
        rows = [{**_facts(one), "claims": [_place(claim) for claim in one["claims"]]} for one in supported(edition)]
        return JsonResponse({"guide": edition.guide.slug, "edition": edition.number, "sources": rows})


@public
@of_edition_now
def sources_csv(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources.csv`: the same for a spreadsheet, a row for each claim and each text that cites a source."""
    name = f"{edition.guide.slug}-edition-{edition.number}-sources.csv"
    columns = (*SOURCE_COLUMNS, *CLAIM_COLUMNS)
    rows = []
    with translation.override(language_of_words(edition.language)):
        for source in supported(edition):
            facts = _facts(source)
            for place in [_place(claim) for claim in source["claims"]] or [{}]:
                row = {**facts, **place}
                rows.append([row.get(column) for column in columns])
        return table(name, columns, rows)


def _facts(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source's facts as machines take them: those of the edition, and how it stands today."""
    today = source["standing"]
    return {
        **{name: value for name, value in source.items() if name not in ("standing", "claims")},
        "status": today.status or "not checked",
        "status_since": _day(today.since),
        "status_note": today.note if today.is_doubtful else "",
        "last_checked": _day(today.checked_at),
        "check_again_by": today.check_due.isoformat() if today.check_due else None,
    }


def _place(claim: Claim) -> dict[str, Any]:
    return dict(zip(CLAIM_COLUMNS, (claim.page, claim.kind, claim.kind_label, claim.words, claim.url), strict=True))


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


@public
def image(request: HttpRequest, digest: str) -> HttpResponseBase:
    """`/images/<sha256>.webp`: a picture of an edition that is or was live; staff see the others too."""
    keeping = _keeping(request, digest)
    path = image_path(digest)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp", headers={"Cache-Control": keeping})


@public
def smaller_image(request: HttpRequest, digest: str, width: int) -> HttpResponse:
    """`/images/<sha256>-<width>.webp`: the same picture in one of the smaller widths."""
    keeping = _keeping(request, digest)
    content = smaller_file(digest, width)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": keeping})


def _keeping(request: HttpRequest, digest: str) -> str:
    """Return how long a picture may be kept by whoever gets it. Raises Http404 for somebody who may not have it."""
    editions = Edition.objects.public(timezone.now())
    if EditionImage.objects.filter(sha256=digest, edition__in=editions).exists():
        return "public, max-age=31536000, immutable"
    if admin.site.has_permission(request) and request.user.has_perm("education.view_image"):
        return "private, no-store"
    raise Http404
