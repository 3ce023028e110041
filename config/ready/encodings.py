"""A text in each coding that browsers take, and which of them one browser gets."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping

import brotli

IDENTITY = "identity"
# For what is made for one reader: half the bytes that the best would save, in a fortieth of its time.
QUICK = {"br": 5, "gzip": 6}
BEST = {"br": 11, "gzip": 9}
# The best takes a quarter of a second for a whole guide of 200 KB, and its first reader waits meanwhile. This takes
# less than half of that, for 2 % more bytes.
GOOD = {"br": 10, "gzip": 9}
LONG, VERY_LONG = 100_000, 300_000

# Of an `Accept-Encoding` header; those of browsers have about thirty letters.
LONGEST = 250

_CODING = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.ASCII)


def best(length: int) -> Mapping[str, int]:
    """Return the qualities for a text of so many bytes that is packed once for many readers, while one waits."""
    return BEST if length <= LONG else GOOD if length <= VERY_LONG else QUICK


def compressed(content: bytes, names: Iterable[str] = BEST, quality: Mapping[str, int] = BEST) -> dict[str, bytes]:
    """Return the content in each coding that is named, the smallest first, and as it is. The same bytes every time."""
    return {name: _compressed(content, name, quality[name]) for name in names} | {IDENTITY: content}


def _compressed(content: bytes, name: str, quality: int) -> bytes:
    if name == "br":
        return brotli.compress(content, brotli.MODE_TEXT, quality)
    return gzip.compress(content, quality, mtime=0)


def chosen(accepted: str | None, names: tuple[str, ...] = (*BEST, IDENTITY)) -> str:
    """Return the coding, one of `names`, for an `Accept-Encoding` header, None when there is none.

    The greatest weight wins; among equals the one that stands first (RFC 9110, section 12.5.3). Whoever refuses
    every coding gets the text as it is, and so does whoever sends a header that no browser would.
    """
    if len(accepted or "") > LONGEST:
        return IDENTITY
    weights = {}
    for part in (accepted or "").split(","):
        if coding := _CODING.fullmatch(part):
            weights[coding[1].lower()] = float(coding[2] or 1)
    others = weights.get("*", 0.0)
    # Named nowhere, the text as it is can be taken, but after any coding that is.
    known = {name: weights.get(name, others if name != IDENTITY else others or 0.001) for name in names}
    best = max(names, key=lambda name: known[name])
    return best if known[best] else IDENTITY
