"""Small real pictures for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image as Picture


def png(width: int = 40, height: int = 30, colour: str = "teal") -> bytes:
    """Return a PNG of one colour."""
    out = io.BytesIO()
    Picture.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def clear_png(colour: str, share: float = 1.0, other: str = "white") -> bytes:
    """Return a PNG of bars on a clear ground: this share of them in one colour, the others in another."""
    picture = Picture.new("RGBA", (200, 80))
    bars = 20
    for bar in range(bars):
        ink = colour if bar < bars * share else other
        picture.paste(Picture.new("RGBA", (5, 40), ink), (bar * 10, 20))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def photo(width: int = 1200, height: int = 800, kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture with soft shades, as a photograph has, written with Pillow's options for its kind."""
    out = io.BytesIO()
    Picture.radial_gradient("L").resize((width, height)).convert("RGB").convert(mode).save(out, kind, **options)
    return out.getvalue()


def turned(width: int = 1200, height: int = 800, orientation: int = 6) -> bytes:
    """Return a JPEG whose camera wrote that it has to be turned, with the place where it was taken."""
    exif = Picture.Exif()
    exif[0x010F], exif[0x0112] = "Camera maker", orientation
    exif.get_ifd(0x8825)[2] = (40.0, 42.0, 46.0)
    return photo(width, height, exif=exif)
