"""Where images are used: on pages that are being written, and in editions, each with the file of its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from education.models import Edition, EditionImage, EditionPage, Image, Page, State
from education.rendering import keys


@dataclass(frozen=True)
class ImageUse:
    """How often an image is used: on how many pages that are being written, in how many editions."""

    pages: int = 0
    editions: int = 0


@dataclass(frozen=True)
class EditionUse:
    """An edition that shows an image, with its state, the file that it shows, and the pages on which it does."""

    edition: Edition
    sha256: str
    pages: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        return self.edition.is_published


@dataclass
class EarlierFile:
    """A file that an image had before, as far as editions still show it."""

    sha256: str
    editions: list[EditionUse] = field(default_factory=list)


def _naming(key: str) -> str:
    """Return what stands in every text that names an image, whether it really does or only looks like it."""
    return f"image:{key}"


def named_in_texts() -> dict[str, int]:
    """Return on how many pages that are being written each image's key is named: one query."""
    found: dict[str, int] = {}
    for markdown in Page.objects.kept().filter(markdown__contains=_naming("")).values_list("markdown", flat=True):
        for key in keys(markdown).images:
            found[key] = found.get(key, 0) + 1
    return found


def counted(images: Iterable[Image]) -> dict[int, ImageUse]:
    """Return how often each of these images is used, by its id: two queries, however many they are."""
    rows = list(images)
    if not rows:
        return {}
    named = named_in_texts()
    shown = EditionImage.objects.filter(image__in=rows).values_list("image").annotate(Count("id"))
    editions = dict(shown.order_by())
    return {image.pk: ImageUse(named.get(image.key, 0), editions.get(image.pk, 0)) for image in rows}


def pages_with(image: Image) -> list[Page]:
    """Return the pages that are being written and show an image, by guide and place: one query."""
    named = Page.objects.kept().filter(markdown__contains=_naming(image.key)).select_related("guide")
    return [page for page in named.order_by("guide__title", "position") if image.key in keys(page.markdown).images]


def editions_with(image: Image) -> list[EditionUse]:
    """Return the editions that show an image, live ones first, then the newest: three queries."""
    files = dict(EditionImage.objects.filter(image=image).values_list("edition", "sha256"))
    editions = (
        Edition.objects.with_state()
        .filter(pk__in=files)
        .select_related("guide")
        .defer("sources", "terms", "images", "report", "reasons")
    )
    pages: dict[int, list[str]] = {}
    named = EditionPage.objects.filter(edition__in=files, markdown__contains=_naming(image.key)).order_by("position")
    for page in named.only("edition", "title", "markdown"):
        if image.key in keys(page.markdown).images:
            pages.setdefault(page.edition_id, []).append(page.title)
    found = [EditionUse(one, files[one.pk], tuple(pages.get(one.pk, ()))) for one in editions]
    return sorted(found, key=_live_first)


def _live_first(use: EditionUse) -> tuple[bool, str, int]:
    return use.edition.state is not State.LIVE, use.edition.guide.title, -use.edition.number


def earlier_files(image: Image, used: Iterable[EditionUse]) -> list[EarlierFile]:
    """Return the files that an image had before, each with the editions that show it."""
    found: dict[str, EarlierFile] = {}
    for use in used:
        if use.sha256 != image.sha256:
            found.setdefault(use.sha256, EarlierFile(use.sha256)).editions.append(use)
    return list(found.values())
