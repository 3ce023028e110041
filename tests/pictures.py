"""Small real pictures for tests."""

from __future__ import annotations

import io

from PIL import Image as Picture


def png(width: int = 40, height: int = 30, colour: str = "teal") -> bytes:
    """Return a PNG of one colour."""
    out = io.BytesIO()
    Picture.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()
