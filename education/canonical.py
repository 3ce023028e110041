"""The canonical form of texts and records, on which every hash of the project rests."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

CODE_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/i/l, u: read aloud and typed from paper
CODE_LENGTH = 8

JOINERS = "\u200c\u200d"
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
HIDDEN = ("Cc", "Cf", "Cs")


def canonical_text(value: str) -> str:
    """Return the text in NFC, with line feeds only and no white space at its two ends.

    A form (CRLF) and a file (LF) then give the same text, and so the same hash. NUL cannot be stored.
    """
    value = unicodedata.normalize("NFC", value.replace("\x00", ""))
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def canonical_line(value: str) -> str:
    """Return the text on one line, with single spaces and without signs that cannot be seen or that turn its order.

    Joiners stay where they stand between two signs: Persian, Indian scripts and emoji need them there.
    """
    # Format signs have no shape of their own; fillers count as letters and are blank.
    seen = "".join(
        one
        for one in canonical_text(value)
        if one.isspace() or one in JOINERS or unicodedata.category(one) not in HIDDEN
    ).translate(dict.fromkeys(map(ord, FILLERS)))
    seen = re.sub(rf"([{JOINERS}])[{JOINERS}]+", r"\1", seen)
    return " ".join(re.sub(rf"(?<!\S)[{JOINERS}]|[{JOINERS}](?!\S)", "", seen).split())


def canonical_json(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces; texts inside must be canonical already."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(value: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 hexadecimal digits."""
    return hashlib.sha256(value).hexdigest()


def canonical_moment(moment: datetime) -> str:
    """Return an aware moment as `2026-11-22T09:30:00.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def chain_hash(*, previous: str, guide: str, number: int, content_hash: str, made_at: datetime) -> str:
    """Return the hash that ties an edition to the one before it.

    `previous` is the chain hash of the guide's edition before, empty for the first; `guide` is the slug that
    the guide had when it was made, which never changes.
    """
    return sha256(canonical_json([previous, guide, number, content_hash, canonical_moment(made_at)]))


def short_code(chain: str) -> str:
    """Return the code printed on a leaflet: eight characters made from the chain hash."""
    value = int(chain, 16)
    digits = []
    for _ in range(CODE_LENGTH):
        value, digit = divmod(value, len(CODE_ALPHABET))
        digits.append(CODE_ALPHABET[digit])
    return "".join(digits)
