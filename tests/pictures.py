"""Small real pictures for tests."""

from __future__ import annotations

import io

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
