"""The clinic's facts, its logos and its information pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image as Picture

from clinic.brand import DARK, LIGHT, canonical_colour
from clinic.logos import can_be_seen
from clinic.models import LOGO_HEIGHT, LOGO_WIDTH, Clinic, InformationPage, Logo
from clinic.rules import require_permission
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.pictures import MEGABYTE, MILLION, Limits, as_webp, cleaned, keep_file, received
from education.actions.signing import log_once_kept
from education.canonical import canonical_line, sha256
from education.gaps import gaps
from education.models import What

logger = logging.getLogger(__name__)

# Points for each pixel of a page at which a logo is kept.
SHARPNESS = 2
LOGO_LIMITS = Limits(
    bytes=5 * MEGABYTE, pixels=20 * MILLION, widest=SHARPNESS * LOGO_WIDTH, tallest=SHARPNESS * LOGO_HEIGHT
)
# No logo is shown smaller, in pixels of a page.
LEAST_HEIGHT, LEAST_WIDTH = 16, 24
# It comes with every page, beside the 14 KB that a page may weigh.
LOGO_BYTES = 8 * 1024
LOGOS = ("logo", "dark_logo")
UNSEEN = {
    "logo": (
        "This logo could hardly be seen on a light page. Choose one with darker colours, or with a ground of its own. "
        "This one may do as the logo for dark screens."
    ),
    "dark_logo": (
        "This logo could hardly be seen on a dark page. Choose one with lighter colours, or with a ground of its own."
    ),
}
# Facts of one line each.
LINES = ("name", "tagline", "phone")
NO_NAME = "Write the clinic's name with at least one letter or digit, so that patients can read it."
GAP = "Patients would read “{gap}” on line {line}. Write there what is true of your clinic, or take it out."
NO_COLOUR = "Write the colour as # and six digits or letters from a to f, such as #1d5a46."


def save_clinic(clinic: Clinic, *, by: Any, logos: Mapping[str, BinaryIO | None] | None = None) -> Clinic:
    """Save the clinic's facts, as its one row.

    `logos` has an upload for each of LOGOS that is new, None for each to take away; those it does not name stay.
    Raises NotPermitted, and Refused for a name without a letter, a text that is no colour, an upload that is no
    picture, or a logo that patients would hardly see.
    """
    require_permission(by, "change_clinic", "change the clinic's facts")
    for field in LINES:
        setattr(clinic, field, canonical_line(getattr(clinic, field)))
    if not any(one.isalnum() for one in clinic.name):
        raise Refused(NO_NAME, "name")
    try:
        clinic.brand_colour = canonical_colour(clinic.brand_colour)
    except ValueError:
        raise Refused(NO_COLOUR, "brand_colour") from None
    for name, upload in (logos or {}).items():
        picture = _picture(upload, name) if upload else None
        kept = _kept_logo(picture) if picture else None
        if name == "logo":
            clinic.logo_seen_in_the_dark = picture is None or can_be_seen(picture, DARK.paper)
        setattr(clinic, f"{name}_sha256", kept.sha256 if kept else "")
        setattr(clinic, f"{name}_width", kept.points_wide if kept else 0)
        setattr(clinic, f"{name}_height", kept.points_tall if kept else 0)
    if clinic.dark_logo and not clinic.logo:
        raise Refused(
            "A logo for dark screens needs one for light screens beside it. Choose both, or none.", "dark_logo"
        )
    clinic.pk = 1
    with transaction.atomic():
        same_colour = Clinic.current().brand_colour == clinic.brand_colour
        clinic.save()
        audit(What.CLINIC_CHANGED if same_colour and not logos else What.BRAND_CHANGED, by=by)
        log_once_kept(logger, "clinic facts saved by account %s", by.pk)
    return clinic


def _picture(upload: BinaryIO, field: str) -> Picture.Image:
    """Return an upload's picture, no larger than a logo is kept. Raises Refused for one that could not be seen."""
    limits = replace(LOGO_LIMITS, field=field)
    picture = cleaned(received(upload, limits), limits)
    shown = Logo("", picture.width, picture.height)
    if shown.height < LEAST_HEIGHT:
        better = "less wide" if shown.width * LEAST_HEIGHT > shown.height * LOGO_WIDTH else "larger"
        raise Refused(_too_small(shown.height, "high", better), field)
    if shown.width < LEAST_WIDTH:
        better = "less high" if shown.height * LEAST_WIDTH > shown.width * LOGO_HEIGHT else "larger"
        raise Refused(_too_small(shown.width, "wide", better), field)
    if not can_be_seen(picture, (LIGHT if field == "logo" else DARK).paper):
        raise Refused(UNSEEN[field], field)
    return picture


def _too_small(pixels: int, way: str, better: str) -> str:
    unit = "pixel" if pixels == 1 else "pixels"
    return f"This logo would be only {pixels} {unit} {way} on a phone. Choose one that is {better}."


def _kept_logo(picture: Picture.Image) -> Logo:
    """Keep a logo's picture as a WebP file that its SHA-256 names."""
    # Flat colours are smaller and sharper without loss, photographs smaller with it.
    content = min((as_webp(picture, lossless=True), as_webp(picture, quality=90, method=6)), key=len)
    for quality in (75, 60, 45, 30):
        if len(content) <= LOGO_BYTES:
            break
        content = as_webp(picture, quality=quality, method=6)
    digest = sha256(content)
    keep_file(content, logo_path(digest))
    return Logo(digest, picture.width, picture.height)


def logo_path(digest: str) -> Path:
    """Return where the logo with this SHA-256 lies."""
    return Path(settings.MEDIA_ROOT) / "brand" / f"{digest}.webp"


@transaction.atomic
def save_information_page(page: InformationPage, *, by: Any) -> InformationPage:
    """Save a new or changed information page. Raises NotPermitted, and Refused while the text has a gap to fill."""
    require_permission(by, "change_informationpage", "change an information page")
    for gap, line in gaps(page.markdown):
        raise Refused(GAP.format(gap=gap, line=line), "markdown")
    page.changed_at = timezone.now()
    page.save()
    audit(What.INFORMATION_SAVED, page, by=by, named=page.slug)
    log_once_kept(logger, "information page %s saved by account %s", page.pk, by.pk)
    return page
