"""The leaflet of an edition: made when somebody first asks for it, and found again after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.module_loading import import_string

from education.canonical import canonical_json, sha256
from education.leaflet.content import Clinic, Notice, address_of, content_of
from education.leaflet.sheets import Sheet
from education.leaflet.shelf import kept
from education.leaflet.typesetting import Typeset, typeset
from education.models import Edition, Rendering, Review
from education.printable import FONTS
from education.wording import language_of_words


@dataclass(frozen=True)
class Leaflet:
    """A leaflet that may not be made yet. `edition` comes with its guide."""

    edition: Edition
    sheet: Sheet
    notice: Notice | None = None

    @property
    def name(self) -> str:
        """What a browser calls the file."""
        return f"{self.edition.guide.slug}-edition-{self.edition.number}.pdf"

    @cached_property
    def key(self) -> str:
        """What it is made of, as one number: renderings, the clinic's facts, the layout, and what the record says.

        The same key stands for the same bytes. Two queries, one more for the clinic.
        """
        edition, approval = self.edition, self.approval
        parts = (
            _layout(),
            *(edition.content_hash, edition.chain_hash, edition.guide.slug, address_of(edition)),
            self._renderings(),
            vars(self.clinic),
            [approval.pk, approval.made_by_name, approval.made_by_role] if approval else [],
            [self.notice.kind, str(self.notice.since), self.notice.reason] if self.notice else [],
            *(self.sheet.paper, self.sheet.size),
            *(language_of_words(edition.language), settings.TIME_ZONE),
        )
        return sha256(canonical_json(parts))

    @cached_property
    def clinic(self) -> Clinic:
        return Clinic(**import_string(settings.CLINIC_ON_PAPER)())

    @cached_property
    def approval(self) -> Review | None:
        """The decision that made it an edition for patients. A later confirmation is on the site, not on paper."""
        return next((one for one in self.edition.reviews.all() if one.decision == Review.Decision.APPROVED), None)

    def _renderings(self) -> list[str]:
        newest = Rendering.objects.filter(edition_page=OuterRef("pk")).order_by("-renderer_version", "-id")
        pages: Iterable[Any] = self.edition.pages.order_by("position")
        facts: dict[str, Any] = {"rendering": Subquery(newest.values("sha256")[:1])}
        return [page or "" for page in pages.annotate(**facts).values_list("rendering", flat=True)]  # type: ignore[attr-defined]

    def content(self) -> bytes:
        """Return the PDF: from the shelf, or made now."""
        return kept(self.key, self.typeset)

    def typeset(self) -> Typeset:
        """Make the PDF from what the record has."""
        pages = list(self.edition.pages.order_by("position").defer("markdown").with_html())
        content = content_of(self.edition, pages, self.approval, self.clinic, self.notice)
        return typeset(content, self.sheet, str(self.edition))


@cache
def _layout() -> str:
    """Return the version of the layout: whatever its files, its fonts and its typesetter are, as one number."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("*.typ"), *FONTS.glob("*.ttf")])
    return sha256(b"".join([version("typst").encode(), *(sha256(path.read_bytes()).encode() for path in files)]))
