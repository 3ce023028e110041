"""Whether a logo can be seen on the paper of a page."""

from __future__ import annotations

from typing import Any

from PIL import Image as Picture

from clinic.brand import LEAST_FOR_CONTROLS, contrast

# Of 255: a point that lets more light through than half belongs to the ground.
OPAQUE = 128
# A picture with so few clear points brings its own ground, on which letters are the lesser part.
OWN_GROUND = 0.9
# The share of a logo's points that has to stand out: of one that stands on the paper, of one with its own ground.
LEAST_SHARE, LEAST_SHARE_ON_ITS_OWN = 0.5, 0.01


def can_be_seen(logo: Picture.Image, paper: str) -> bool:
    """Return whether enough of a logo's points have a contrast of 3 : 1 with the paper, `#rrggbb`.

    The measure is that of graphics in WCAG 2.2, https://www.w3.org/TR/WCAG22/#non-text-contrast.
    """
    points = logo.convert("RGBA")
    drawn = points.getchannel("A").point(lambda alpha: 255 if alpha >= OPAQUE else 0)
    on_paper = Picture.alpha_composite(Picture.new("RGBA", points.size, paper), points)
    on_paper.putalpha(drawn)
    area = points.width * points.height
    # Each colour has four parts, the last of which is 0 where nothing is drawn.
    colours: Any = on_paper.getcolors(area)
    counts = [(count, colour[:3]) for count, colour in colours if colour[3]]
    total = sum(count for count, _ in counts)
    seen = sum(
        count
        for count, colour in counts
        if contrast("#{:02x}{:02x}{:02x}".format(*colour), paper) >= LEAST_FOR_CONTROLS
    )
    return seen >= max(1, total * (LEAST_SHARE_ON_ITS_OWN if total >= area * OWN_GROUND else LEAST_SHARE))
