"""Writing the library: sources, terms and images."""

from __future__ import annotations

import hashlib
import logging
from datetime import date
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from education.actions.auditing import audit
from education.actions.dates import months_after
from education.actions.identity import may_be_another, why_taken
from education.actions.image_files import TALLEST, WIDEST, keep_image
from education.actions.pictures import Limits, as_webp, cleaned, opened, received
from education.actions.refusals import Refused
from education.actions.signing import log_once_kept, signature
from education.actions.webp import is_bare_webp
from education.canonical import canonical_text
from education.models import Image, Source, SourceCheck, Term, What
from education.rules import require_permission

logger = logging.getLogger(__name__)

UPLOAD_BYTES = 10 * 1024 * 1024
LIMITS = Limits(bytes=UPLOAD_BYTES, pixels=40_000_000, widest=WIDEST, tallest=TALLEST)

# A source that nobody looks at for longer is not looked after.
FURTHEST_CHECK_MONTHS = 60
LONGEST_NOTE = 600
SAVED: dict[type, What] = {Source: What.SOURCE_SAVED, Term: What.TERM_SAVED, Image: What.IMAGE_SAVED}


@transaction.atomic
def save_source(source: Source, *, by: Any) -> Source:
    """Save a new or changed source. Editions keep the text they were made with.

    Whoever adds a source has read it: that is its first check. So is another title, DOI, PubMed number or address of
    a source that stands; one that was superseded or withdrawn stays so. Raises NotPermitted, and Refused for a key
    that changed or for a DOI, PubMed number or address that another source has.
    """
    _require(source, by)
    for name, reason in why_taken(source).items():
        raise Refused(reason, name)
    before = None if source._state.adding else Source.objects.select_for_update().filter(pk=source.pk).first()
    try:
        with transaction.atomic():
            _save(source, by)
    except IntegrityError:
        # Somebody added a source with the same number while this one was looked at.
        for name, reason in why_taken(source).items():
            raise Refused(reason, name) from None
        raise
    if before is None or (_stands(before) and may_be_another(before, source)):
        _record_check(source, by, SourceCheck.Outcome.CURRENT, "", next_check_of(source))
    return source


def _stands(source: Source) -> bool:
    latest = source.checks.first()
    return latest is not None and latest.outcome == SourceCheck.Outcome.CURRENT


def next_check_of(source: Source) -> date:
    """Return the day on which a source that is checked today is due again."""
    return months_after(timezone.localdate(), source.check_again_months)


@transaction.atomic
def check_source(
    source: Source, *, by: Any, outcome: str, note: str = "", next_check: date | None = None
) -> SourceCheck:
    """Record that somebody looked whether a source stands and still says what it is cited for.

    A current source without `next_check` is due again after its own number of months. Raises NotPermitted, Refused.
    """
    require_permission(by, "add_sourcecheck", "record a check of a source")
    note = canonical_text(note)
    if outcome not in SourceCheck.Outcome.values:
        raise Refused("Choose what you found.", "outcome")
    if outcome != SourceCheck.Outcome.CURRENT and not note:
        raise Refused("Say what happened to it. Patients read this beside the source.", "note")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"The note has {len(note)} characters; {LONGEST_NOTE} is the most. Make it shorter.", "note")
    today = timezone.localdate()
    if next_check is not None and next_check < today:
        raise Refused("This day is past. Choose a day from today on.", "next_check")
    if next_check is not None and next_check > months_after(today, FURTHEST_CHECK_MONTHS):
        raise Refused("This day is more than 5 years away. Choose an earlier one.", "next_check")
    source = Source.objects.select_for_update().get(pk=source.pk)
    if next_check is None and outcome == SourceCheck.Outcome.CURRENT:
        next_check = next_check_of(source)
    check = _record_check(source, by, outcome, note, next_check)
    audit(What.SOURCE_CHECKED, source, by=by, named=source.key)
    return check


def _record_check(source: Source, by: Any, outcome: str, note: str, next_check: date | None) -> SourceCheck:
    check = SourceCheck(
        source=source, outcome=outcome, note=note, next_check=next_check, **signature(by, timezone.now())
    )
    check.save()
    log_once_kept(logger, "source %s checked by account %s: %s", source.pk, by.pk, check.outcome)
    return check


def save_term(term: Term, *, by: Any) -> Term:
    """Save a new or changed term. Raises NotPermitted, Refused."""
    return _save(term, by)


def add_image(image: Image, upload: BinaryIO | None, *, by: Any, keep_webp: bool = False) -> Image:
    """Save an image's facts and, with `upload`, its file, re-encoded and without metadata.

    `keep_webp`: a WebP file that holds a picture and nothing else is kept as it is. Raises NotPermitted, and Refused
    for a file that is too large or is no JPEG, PNG or WebP picture.
    """
    _require(image, by)
    if upload is not None:
        encoded, image.width, image.height = reencoded(upload, keep_webp=keep_webp)
        image.sha256 = hashlib.sha256(encoded).hexdigest()
        keep_image(encoded, image.sha256)
    elif not image.sha256:
        raise Refused("Choose a picture to upload.", "upload")
    return _save(image, by)


@transaction.atomic
def _save(row: Any, by: Any) -> Any:
    _require(row, by)
    if not row._state.adding and not type(row).objects.filter(pk=row.pk, key=row.key).exists():
        raise Refused("The key cannot be changed: texts refer to it. Add a new one instead.", "key")
    row.save()
    audit(SAVED[type(row)], row, by=by, named=row.key)
    log_once_kept(logger, "%s %s saved by account %s", row._meta.model_name, row.pk, by.pk)
    return row


def _require(row: Any, by: Any) -> None:
    verb = "add" if row._state.adding else "change"
    require_permission(by, f"{verb}_{row._meta.model_name}", f"{verb} a {row._meta.verbose_name}")


def reencoded(upload: BinaryIO, *, keep_webp: bool = False) -> tuple[bytes, int, int]:
    """Return an upload as WebP bytes, its width and its height in pixels. Raises Refused.

    `keep_webp`: one that is such a file already, small enough and without metadata, is returned as it is.
    """
    content = received(upload, LIMITS)
    if keep_webp and is_bare_webp(content):
        with opened(content, LIMITS) as picture:
            if picture.width <= WIDEST and picture.height <= TALLEST:
                picture.load()
                return content, picture.width, picture.height
    clean = cleaned(content, LIMITS)
    return as_webp(clean, quality=82, method=4), clean.width, clean.height
