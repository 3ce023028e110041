"""Writing the library: sources, terms and images."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from education.actions.refusals import Refused
from education.actions.signing import log_once_kept
from education.models import Image, Source, Term
from education.rules import require_permission

logger = logging.getLogger(__name__)

UPLOAD_BYTES = 10 * 1024 * 1024
UPLOAD_PIXELS = 40_000_000
WIDEST = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


def save_source(source: Source, *, by: Any) -> Source:
    """Save a new or changed source. Editions keep the text they were made with. Raises NotPermitted, Refused."""
    return _save(source, by)


def save_term(term: Term, *, by: Any) -> Term:
    """Save a new or changed term. Raises NotPermitted, Refused."""
    return _save(term, by)


def add_image(image: Image, upload: BinaryIO | None, *, by: Any) -> Image:
    """Save an image's facts and, with `upload`, its file, re-encoded and without metadata.

    Raises NotPermitted, and Refused for a file that is too large or is no JPEG, PNG or WebP picture.
    """
    _require(image, by)
    if upload is not None:
        encoded, image.width, image.height = reencoded(upload)
        image.sha256 = hashlib.sha256(encoded).hexdigest()
        _keep_file(encoded, image.sha256)
    elif not image.sha256:
        raise Refused("Choose a picture to upload.", "upload")
    return _save(image, by)


@transaction.atomic
def _save(row: Any, by: Any) -> Any:
    _require(row, by)
    if not row._state.adding and not type(row).objects.filter(pk=row.pk, key=row.key).exists():
        raise Refused("The key cannot be changed: texts refer to it. Add a new one instead.", "key")
    row.save()
    log_once_kept(logger, "%s %s saved by account %s", row._meta.model_name, row.pk, by.pk)
    return row


def _require(row: Any, by: Any) -> None:
    verb = "add" if row._state.adding else "change"
    require_permission(by, f"{verb}_{row._meta.model_name}", f"{verb} a {row._meta.verbose_name}")


def _keep_file(content: bytes, digest: str) -> None:
    """Put the file at its place whole, or not at all; the same picture again changes nothing."""
    path = image_path(digest)
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


def reencoded(upload: BinaryIO) -> tuple[bytes, int, int]:
    """Return an upload as WebP bytes, its width and its height in pixels. Raises Refused."""
    refused = Refused("This file is no picture that can be used. Choose a JPEG, PNG or WebP file.", "upload")
    content = upload.read(UPLOAD_BYTES + 1)
    if len(content) > UPLOAD_BYTES:
        raise Refused("The file is larger than 10 MB. Make it smaller and try again.", "upload")
    try:
        with Picture.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > UPLOAD_PIXELS:
                raise Refused("The picture has more than 40 million points. Make it smaller.", "upload")
            upright = ImageOps.exif_transpose(picture)
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            plain = upright.convert(mode)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Picture.DecompressionBombError) as error:
        raise refused from error
    plain.thumbnail((WIDEST, WIDEST * 4))
    # A fresh picture holds the points alone: no camera, place or text rides along.
    clean = Picture.new(plain.mode, plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue(), clean.width, clean.height


def image_path(digest: str) -> Path:
    """Return where the file with this SHA-256 lies."""
    return Path(settings.MEDIA_ROOT) / "images" / f"{digest}.webp"
