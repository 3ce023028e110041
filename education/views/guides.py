"""Reading a guide: the list, a page, the whole, its sources."""

from __future__ import annotations

import csv

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify

from education.actions.library import image_path
from education.models import Edition, EditionImage, EditionPage, FormerSlug, Page
from education.reading import Reading, ReadingPage, page_url, reading_of_edition, shown_source
from education.rendering import keys
from education.views.loading import gone, in_language, of_edition_now, public

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@public
def guides(request: HttpRequest) -> HttpResponse:
    """`/guides/`: every guide that has a live edition."""
    editions = Edition.objects.live().select_related("guide").order_by("title")
    return render(request, "education/guides.html", {"editions": editions})


@public
@of_edition_now
def guide(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`/guides/<guide>/`: the overview, or the first page of a guide that has none."""
    overview = Page.Kind.OVERVIEW.value
    reading = reading_of_edition(edition, only=overview)
    shown = reading.page(overview)
    return redirect(reading.pages[0].url) if shown is None else _page(request, reading, shown)


@public
@of_edition_now
def page(request: HttpRequest, edition: Edition, page: str) -> HttpResponse:
    """`/guides/<guide>/<page>/`: one page of the live edition."""
    if page == Page.Kind.OVERVIEW:
        return redirect("education:guide", edition.guide.slug, permanent=True)
    reading = reading_of_edition(edition, only=page)
    shown = reading.page(page)
    return _page_elsewhere(request, edition, page) if shown is None else _page(request, reading, shown)


def _page(request: HttpRequest, reading: Reading, shown: ReadingPage) -> HttpResponse:
    return in_language(request, "education/page.html", reading.context(shown))


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
    return in_language(request, "education/whole.html", reading_of_edition(edition).whole_context())


@public
@of_edition_now
def sources(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources/`: every source, what it supports, how strong it is."""
    context = {"edition": edition, "rows": _source_rows(edition), "language": edition.language}
    return in_language(request, "education/sources.html", context)


@public
@of_edition_now
def sources_json(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources.json`: the same for machines."""
    return JsonResponse({"guide": edition.guide.slug, "edition": edition.number, "sources": _source_rows(edition)})


@public
@of_edition_now
def sources_csv(request: HttpRequest, edition: Edition) -> HttpResponse:
    """`…/sources.csv`: the same for a spreadsheet."""
    name = f"{edition.guide.slug}-edition-{edition.number}-sources.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    columns = ("number", "key", "strength_label", "title", "authors", "publisher", "year", "url", "doi", "pmid", "note")
    writer = csv.writer(response)
    writer.writerow([*columns, "pages"])
    for row in _source_rows(edition):
        cells = [row[column] for column in columns] + ["; ".join(page["title"] for page in row["pages"])]
        writer.writerow([_cell(cell) for cell in cells])
    return response


def _source_rows(edition: Edition) -> list[dict]:
    """Return each source with the pages that cite it; `ref` is the first reference's anchor there."""
    pages = [(page, keys(page.markdown).sources) for page in edition.pages.order_by("position")]
    return [
        {
            **shown_source(source),
            "pages": [
                {
                    "title": page.title,
                    "url": page_url(edition.guide.slug, page.slug),
                    # The renderer makes the anchor of the slug in this way too.
                    "ref": f"ref-{slugify(page.slug)}-{source['key']}-1",
                }
                for page, cited in pages
                if source["key"] in cited
            ],
        }
        for source in edition.sources
    ]


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@public
def image(request: HttpRequest, digest: str) -> HttpResponseBase:
    """`/images/<sha256>.webp`: a picture of an edition that is or was live; staff see the others too."""
    editions = Edition.objects.public(timezone.now())
    public = EditionImage.objects.filter(sha256=digest, edition__in=editions).exists()
    if not public and not request.user.has_perm("education.view_image"):
        raise Http404
    path = image_path(digest)
    if not path.is_file():
        raise Http404
    lasting = "public, max-age=31536000, immutable" if public else "private, no-store"
    return FileResponse(path.open("rb"), content_type="image/webp", headers={"Cache-Control": lasting})
