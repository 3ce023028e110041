"""Photographs of providers: which files are kept of one, and what a page needs to show it without a jump."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from clinic.models import Provider
from education.rendering import smaller_widths

# In points. A card shows 72 or 128 pixels of a page, a profile 192; sharp screens take two or three points for each.
WIDTHS = (160, 320, 640)
WIDEST = WIDTHS[-1]
TALLEST = 2 * WIDEST
# With fewer points on a side a face could not be made out.
LEAST_SIDE = WIDTHS[0]


def widths_of(widest: int) -> tuple[int, ...]:
    """Return the widths of the files that are kept of a photograph: its own, and each smaller one of WIDTHS."""
    return (*smaller_widths(widest, WIDTHS), widest)


def photo_path(digest: str, width: int) -> Path:
    """Return where the file of this width lies, of the photograph whose largest file has this SHA-256."""
    return Path(settings.MEDIA_ROOT) / "providers" / f"{digest}-{width}.webp"


@dataclass(frozen=True)
class Photo:
    """A photograph as templates show it: one file for every browser, the others for those that can choose."""

    sha256: str
    width: int
    height: int
    focal_point: str
    alternative_text: str

    @property
    def url(self) -> str:
        """The address of the file for a browser that cannot choose."""
        return self._address(min(self.width, WIDTHS[1]))

    @property
    def largest_url(self) -> str:
        return self._address(self.width)

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self._address(width)} {width}w" for width in widths_of(self.width))

    def _address(self, width: int) -> str:
        return reverse("clinic:provider-photo", args=[self.sha256, width])


def photo_of(provider: Provider) -> Photo | None:
    """Return a provider's photograph, or None where there is none."""
    if not provider.photo_sha256:
        return None
    return Photo(
        provider.photo_sha256,
        provider.photo_width,
        provider.photo_height,
        provider.photo_focal_point,
        provider.photo_alternative_text,
    )
