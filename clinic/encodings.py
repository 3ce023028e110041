"""A text that is compressed once, and the form of it that a browser takes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping

import brotli

IDENTITY = "identity"

_CODING = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.ASCII)


def compressed(content: bytes) -> dict[str, bytes]:
    """Return the content in each coding, the smallest first, as small as each gets. The same bytes every time."""
    return {"br": brotli.compress(content), "gzip": gzip.compress(content, 9, mtime=0), IDENTITY: content}


def chosen(accepted: str | None, bodies: Mapping[str, bytes]) -> str:
    """Return the name of the body for an `Accept-Encoding` header, None when there is none.

    The greatest weight wins; among equals the body that stands first (RFC 9110, section 12.5.3). Whoever refuses
    every coding gets the text as it is.
    """
    weights = {}
    for part in (accepted or "").split(","):
        if coding := _CODING.fullmatch(part):
            weights[coding[1].lower()] = float(coding[2] or 1)
    others = weights.get("*", 0.0)
    # Named nowhere, the text as it is can be taken, but after any coding that is.
    known = {name: weights.get(name, others if name != IDENTITY else others or 0.001) for name in bodies}
    best = max(bodies, key=lambda name: known[name])
    return best if known[best] else IDENTITY
