"""What a leaflet says: an edition's stored texts in the order in which somebody with the paper in hand needs them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from education.leaflet.front import arranged, named_in
from education.leaflet.words import day, fixed_words
from education.models import Edition, EditionPage, Review, Source
from education.wording import direction_of, language_of_words

_WEB = re.compile(r"https?://")


@dataclass(frozen=True)
class Notice:
    """What stands across the top of the first page of an edition that does not count: `kind` and the day since when.

    `kind`: superseded, withdrawn, archived (its whole guide), or preview, which has no day. `reason`: of a
    withdrawal or an archiving.
    """

    kind: str
    since: datetime | None = None
    reason: str = ""

    def words(self) -> dict[str, str]:
        """Return what it says, in the active language."""
        if self.kind == "preview":
            return {"title": gettext("Preview: not published"), "text": gettext("Not for patients.")}
        since = {"day": day(timezone.localtime(self.since))} if self.since else {}
        if self.kind == "withdrawn":
            title = gettext("Withdrawn on %(day)s. Do not rely on it.") % since
            return {"title": title, "text": gettext("Reason:"), "reason": self.reason}
        if self.kind == "archived":
            title = gettext("Since %(day)s nobody keeps this guide up to date. Ask us before you rely on it.") % since
            return {"title": title, "text": gettext("Reason:"), "reason": self.reason}
        title = gettext("Replaced by a newer edition on %(day)s. Do not rely on it.") % since if since else ""
        text = gettext("Open the address below to read what counts today.")
        return {"title": title or gettext("Replaced by a newer edition. Do not rely on it."), "text": text}


@dataclass(frozen=True)
class Clinic:
    """What the leaflet says of the clinic: today's, and no part of the edition."""

    name: str
    phone: str = ""
    email: str = ""
    colour: str = ""


def content_of(
    edition: Edition, pages: Sequence[EditionPage], approval: Review | None, clinic: Clinic, notice: Notice | None
) -> dict[str, Any]:
    """Return all that the leaflet says, as plain data.

    `edition` comes with its guide, each of the `pages` with its stored HTML. Sources keep the numbers that they have in
    the edition, so that a number on paper and on the site is the same source; those that the leaflet does not name are
    left out.
    """
    with translation.override(language_of_words(edition.language)):
        front, texts = arranged(pages)
        numbers, keys = named_in([front, texts])
        return {
            "lang": edition.language,
            "dir": direction_of(edition.language),
            "words": fixed_words(),
            "title": edition.title,
            "summary": edition.summary,
            "clinic": vars(clinic),
            "notice": notice.words() if notice else None,
            "stamp": _stamp(edition, approval),
            "front": front,
            "pages": texts,
            "whole": _whole(edition, notice, len(pages), in_full=bool(texts)),
            "terms": [dict(one) for one in edition.terms if one["key"] in keys],
            "sources": [_source(one) for one in edition.sources if str(one["number"]) in numbers],
            "written_by": edition.written_by,
            "funding": edition.funding,
        }


def address_of(edition: Edition) -> str:
    """Return the address that tells whether a copy is current; the code on the paper leads there."""
    return settings.SITE_URL.rstrip("/") + reverse("education:code", args=[edition.code])


def _whole(edition: Edition, notice: Notice | None, pages: int, *, in_full: bool) -> dict[str, str]:
    """Return the sentence that says where the whole guide is, and the address: an old edition's is its own."""
    old = notice is not None and notice.kind != "preview"
    path = edition.get_absolute_url() if old else reverse("education:whole", args=[edition.guide.slug])
    address = settings.SITE_URL.rstrip("/") + path
    if in_full:
        says = gettext("The whole guide is in this leaflet. You can read it on a screen too:")
    else:
        says = ngettext(
            "This leaflet is the short part. Read or print the whole guide, which has %(count)s page, here:",
            "This leaflet is the short part. Read or print the whole guide, which has %(count)s pages, here:",
            pages,
        ) % {"count": pages}
    return {"says": says, "address": address}


def square(address: str) -> str:
    """Return the QR code of an address as an SVG drawing: middle error correction, and the quiet zone of 4 modules."""
    return segno.make(address, error="m", micro=False).svg_inline(border=4, dark="#000", light="#fff", omitsize=True)


def _stamp(edition: Edition, approval: Review | None) -> dict[str, Any]:
    address = address_of(edition)
    signed = ", ".join(filter(None, (approval.made_by_name, approval.made_by_role))) if approval else ""
    return {
        "number": str(edition.number),
        "made": day(timezone.localtime(edition.made_at)),
        "approved": day(timezone.localtime(approval.made_at)) if approval else "",
        "by": signed,
        "one_person": bool(approval and not approval.by_second_person),
        "code": edition.code,
        "hash": edition.short_hash,
        "address": address,
        "square": square(address),
        "square_says": gettext("QR code that opens %(address)s") % {"address": address},
    }


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    address = source["url"] if _WEB.match(source["url"]) else ""
    if not address and source["doi"]:
        address = f"https://doi.org/{source['doi']}"
    elif not address and source["pmid"]:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{source['pmid']}/"
    named = (source["authors"], source["publisher"], str(source["year"] or gettext("No date")))
    return {
        "number": str(source["number"]),
        "title": source["title"],
        "facts": ". ".join(one.rstrip(".") for one in named if one),
        "strength": str(Source.Strength(source["strength"]).label),
        "address": address,
    }
