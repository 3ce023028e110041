"""What is on record of an edition that is exported, as a file by which anybody can check it (docs/record.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from education.canonical import canonical_moment, sha256
from education.models import Archiving, Edition, Reopening, Review


def record_text(edition: Edition, files: Mapping[str, str | bytes]) -> str:
    """Return the record of an edition as JSON. `files` are those that are exported with it."""
    chain = [_link(one) for one in edition.guide.editions.filter(number__lte=edition.number).order_by("number")]
    record = {
        "slug_at_creation": edition.guide.slug_at_creation,
        "code": edition.code,
        **chain[-1],
        "chain": chain,
        "files": {name: sha256(one.encode() if isinstance(one, str) else one) for name, one in files.items()},
        "decisions": sorted(_decisions(edition), key=lambda one: one["at"]),
    }
    return f"{json.dumps(record, ensure_ascii=False, indent=2)}\n"


def _link(edition: Edition) -> dict[str, Any]:
    return {
        "number": edition.number,
        "content_hash": edition.content_hash,
        "made_at": canonical_moment(edition.made_at),
        "chain_hash": edition.chain_hash,
    }


def _decisions(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield what was decided about an edition and its guide: what its public page tells, and no note among staff."""
    yield _decision("submitted", edition, what_changed=edition.what_changed)
    for review in edition.reviews.all():
        judged = {"content_hash": review.content_hash, "by_second_person": review.by_second_person}
        if review.decision in (Review.Decision.APPROVED, Review.Decision.CONFIRMED):
            judged["next_review_due"] = review.next_review_due.isoformat() if review.next_review_due else None
        yield _decision(review.decision, review, **judged)
    for publication in edition.publications.select_related("cancellation"):
        live_from = canonical_moment(publication.live_from)
        yield _decision("published", publication, live_from=live_from)
        if hasattr(publication, "cancellation"):
            yield _decision("publication cancelled", publication.cancellation, live_from=live_from)
    if hasattr(edition, "withdrawal"):
        yield _decision("withdrawn", edition.withdrawal, reason=edition.withdrawal.reason)
    for archiving in Archiving.objects.filter(guide=edition.guide).order_by("id"):
        yield _decision("guide archived", archiving, reason=archiving.reason)
    for reopening in Reopening.objects.filter(archiving__guide=edition.guide).order_by("id"):
        yield _decision("guide brought back", reopening)


def _decision(what: str, row: Any, **more: Any) -> dict[str, Any]:
    made_at: datetime = row.made_at
    signed = {"by": row.made_by_name, "role": row.made_by_role, "at": canonical_moment(made_at)}
    return {"what": what, **signed, **more}
