"""What a leaflet says: an edition's stored texts in the order in which somebody with the paper in hand needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from education.leaflet.blocks import Block, blocks
from education.leaflet.words import day, fixed_words
from education.models import Edition, EditionPage, Review, Source
from education.wording import direction_of, language_of_words

# The section at the front to which a kind of block moves out of its page.
_FRONT = {
    "card": "help",
    "facts": "facts",
    "benefits": "balance",
    "effects": "balance",
    "reasons": "reasons",
    "steps": "steps",
    "do": "todo",
    "dont": "todo",
}
_WEB = re.compile(r"https?://")


@dataclass(frozen=True)
class Notice:
    """What stands across the top of the first page of an edition that does not count: `kind` and the day since when.

    `kind`: superseded, withdrawn, or preview, which has no day. `reason`: of a withdrawal.
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

    `edition` comes with its guide, each of the `pages` with its stored HTML.
    """
    with translation.override(language_of_words(edition.language)):
        front, texts = _sorted(pages)
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
            "terms": [dict(one) for one in edition.terms],
            "sources": [_source(one) for one in edition.sources],
            "written_by": edition.written_by,
            "funding": edition.funding,
        }


def address_of(edition: Edition) -> str:
    """Return the address that tells whether a copy is current; the code on the paper leads there."""
    return settings.SITE_URL.rstrip("/") + reverse("education:code", args=[edition.code])


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
        "shown": _WEB.sub("", address),
        "square": square(address),
        "square_says": gettext("QR code that opens %(address)s") % {"address": address},
    }


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    address = source["url"] if _WEB.match(source["url"]) else ""
    if not address and source["doi"]:
        address = f"https://doi.org/{source['doi']}"
    elif not address and source["pmid"]:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{source['pmid']}/"
    named = (source["authors"], source["publisher"], str(source["year"] or gettext("no date")))
    return {
        "number": str(source["number"]),
        "title": source["title"],
        "facts": ". ".join(one.rstrip(".") for one in named if one),
        "strength": str(Source.Strength(source["strength"]).label),
        "note": source["note"],
        "address": address,
        "shown": _WEB.sub("", address),
    }


# What moves to the front, and what stays on its page


def _sorted(pages: Sequence[EditionPage]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the sections at the front, and each page with a pointer where something of it stands there."""
    found = dict[str, list[tuple[EditionPage, Block]]]()
    texts = []
    for page in pages:
        stays: list[Block] = []
        for block in blocks(page.html or ""):
            kind = block["kind"]
            if kind not in _FRONT:
                stays.append(block)
                continue
            found.setdefault(kind, []).append((page, block))
            pointer = {"kind": "see", "to": _FRONT[kind]}
            if stays[-1:] != [pointer]:
                stays.append(pointer)
        texts.append({"title": page.title, "blocks": _in_order(stays)})
    front = {
        "help": _once(block for _, block in found.get("card", ())),
        "facts": [block for _, block in found.get("facts", ())],
        "benefits": [block for _, block in found.get("benefits", ())],
        "effects": [block for _, block in found.get("effects", ())],
        "reasons": [block for _, block in found.get("reasons", ())],
        "steps": _timeline(found.get("steps", ())),
        "todo": _todo([*found.get("do", ()), *found.get("dont", ())], pages),
    }
    return front, texts


def _in_order(found: list[Block]) -> list[Block]:
    """Let no heading of a page skip a level: its title is level 2, and the first heading below it 3."""
    # The HTML's h2 came as 1; two more stand above it here.
    before = 0
    for block in found:
        if block["kind"] == "heading":
            before = block["level"] = min(block["level"], before + 1)
    return [{**one, "level": one["level"] + 2} if one["kind"] == "heading" else one for one in found]


_GRAVEST_FIRST = ("emergency", "urgent", "non-urgent")


def _once(cards: Iterable[Block]) -> list[Block]:
    """Return the cards with the gravest first; one that several pages repeat stands once."""
    kept: list[Block] = []
    for card in cards:
        if card not in kept:
            kept.append(card)
    return sorted(kept, key=lambda card: _GRAVEST_FIRST.index(card["level"]))


def _timeline(found: Iterable[tuple[EditionPage, Block]]) -> list[dict[str, Any]]:
    """Return the stretches of all pages by day, those of the same days as one."""
    merged: dict[tuple[int, int], dict[str, Any]] = {}
    for page, block in found:
        for stretch in block["stretches"]:
            days = (0, 0) if stretch["treatment"] else _days(page, stretch["steps"])
            there = merged.setdefault(days, {**stretch, "steps": []})
            there["steps"] += stretch["steps"]
    return [merged[days] for days in sorted(merged)]


def _days(page: EditionPage, steps: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return the days of a stretch: those of its first step, which the anchor counts on its page."""
    entry = page.entries[int(steps[0]["id"].rpartition("--")[2]) - 1]
    return entry["from_day"], entry["to_day"]


def _todo(found: Sequence[tuple[EditionPage, Block]], pages: Sequence[EditionPage]) -> list[dict[str, Any]]:
    """Return what to do and what not, by page, since “before” and “after” are told by the page alone."""
    rows = []
    for page in pages:
        mine = [block for one, block in found if one is page]
        if mine:
            lists = {kind: [block for block in mine if block["kind"] == kind] for kind in ("do", "dont")}
            rows.append({"title": page.title, **lists})
    return rows
