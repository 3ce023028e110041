"""The files of the library's images: the one on record, named by its SHA-256, and the smaller ones made of it."""

from __future__ import annotations

import io
import logging
import threading
from pathlib import Path

from django.conf import settings
from PIL import Image as Picture

from education.actions.pictures import as_webp, in_width, keep_file
from education.canonical import sha256
from education.rendering import WIDTHS, smaller_widths

logger = logging.getLogger(__name__)

WIDEST = WIDTHS[-1]
TALLEST = 4 * WIDEST
# A process makes one file at a time: decoding takes memory, and many may ask at once for what a restore left out.
_making = threading.Lock()


def image_path(digest: str) -> Path:
    """Return where the file with this SHA-256 lies."""
    return Path(settings.MEDIA_ROOT) / "images" / f"{digest}.webp"


def smaller_path(digest: str, width: int) -> Path:
    """Return where the smaller file of this width lies, made of the file with this SHA-256."""
    return image_path(f"{digest}-{width}")


def keep_image(content: bytes, digest: str) -> None:
    """Keep an image's file, and those that are made of it."""
    keep_file(content, image_path(digest))
    with Picture.open(io.BytesIO(content), formats=["WEBP"]) as picture:
        for width in smaller_widths(picture.width):
            keep_file(_narrower(picture, width), smaller_path(digest, width))


def smaller_file(digest: str, width: int) -> bytes | None:
    """Return the file of this width, made now where it is missing: of an image without one, or from a backup.

    None where there is none to be had: another width than ours, one that the picture does not reach, or a picture whose
    file is gone, damaged or not the one on record.
    """
    if width not in WIDTHS:
        return None
    path = smaller_path(digest, width)
    if (there := _read(path)) is not None:
        return there
    with _making:
        # Somebody else may have made it while this one waited.
        return _read(path) or _made(digest, width)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _made(digest: str, width: int) -> bytes | None:
    content = _read(image_path(digest))
    if content is None or sha256(content) != digest:
        return None
    try:
        with Picture.open(io.BytesIO(content), formats=["WEBP"]) as picture:
            if width not in smaller_widths(picture.width) or picture.width > WIDEST or picture.height > TALLEST:
                return None
            made = _narrower(picture, width)
    except (OSError, ValueError, Picture.DecompressionBombError):
        return None
    try:
        keep_file(made, smaller_path(digest, width))
    except OSError as error:
        # Whoever asked gets the picture all the same; the next one makes it again.
        logger.warning("image file %s of width %s could not be kept: %s", digest[:8], width, error.strerror)
    return made


def _narrower(picture: Picture.Image, width: int) -> bytes:
    return as_webp(in_width(picture, width), quality=82, method=4)
