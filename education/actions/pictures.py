"""Uploaded pictures: limited before they are decoded, cleaned of all but their points, and kept whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from education.actions.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTE = 1024 * 1024
MILLION = 1_000_000


@dataclass(frozen=True)
class Limits:
    """How large an upload may be, in bytes and in points, and how wide and tall what is kept of it, in points.

    `field` is the field of the form that a refusal belongs to.
    """

    bytes: int
    pixels: int
    widest: int
    tallest: int
    field: str = "upload"


def received(upload: BinaryIO, limits: Limits) -> bytes:
    """Return an upload's bytes. Raises Refused for too many, having read only one more than allowed."""
    content = upload.read(limits.bytes + 1)
    if len(content) > limits.bytes:
        most = limits.bytes // MEGABYTE
        raise Refused(f"The file is larger than {most} MB. Make it smaller and try again.", limits.field)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Refused(
            "This file is no picture that can be used: an SVG file or a web page can carry a program. "
            "Choose a JPEG, PNG or WebP file.",
            limits.field,
        )
    return content


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[Picture.Image]:
    """Give a picture whose points are not decoded yet. Raises Refused, also for what fails while it is in use."""
    try:
        with Picture.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > limits.pixels:
                most = limits.pixels // MILLION
                raise Refused(f"The picture has more than {most} million pixels. Make it smaller.", limits.field)
            yield picture
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Picture.DecompressionBombError) as error:
        message = "This file is damaged or is no picture that can be used. Choose a JPEG, PNG or WebP file."
        raise Refused(message, limits.field) from error


def cleaned(content: bytes, limits: Limits) -> Picture.Image:
    """Return a picture upright, no larger than it may be kept, and nothing but its points. Raises Refused."""
    with opened(content, limits) as picture:
        upright = ImageOps.exif_transpose(_of_eight_bits(picture))
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((limits.widest, limits.tallest))
    # A fresh picture holds the points alone: no camera, place or text rides along.
    clean = Picture.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _of_eight_bits(picture: Picture.Image) -> Picture.Image:
    """Return a grey picture of sixteen bits, as scanners make them, with eight: as it is it would turn white."""
    return picture.point(lambda value: value / 256, "L") if picture.mode.startswith("I;16") else picture


def in_width(picture: Picture.Image, width: int) -> Picture.Image:
    """Return a picture made narrower, in its shape; the picture itself when it is no wider."""
    if width >= picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Picture.Resampling.LANCZOS)


def as_webp(picture: Picture.Image, **options: Any) -> bytes:
    """Return a picture as a WebP file, written with Pillow's options for that format."""
    out = io.BytesIO()
    picture.save(out, "WEBP", **options)
    return out.getvalue()


def keep_file(content: bytes, path: Path) -> None:
    """Put a file at its place whole, or not at all; the same content again changes nothing."""
    if path.is_file() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False)  # noqa: SIM115  # renamed below
    try:
        with file:
            file.write(content)
            file.flush()
            # Before the row that names it: no crash may leave a row without its file, or half of one.
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise
