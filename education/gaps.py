"""Gaps in a text that somebody is still to fill: `[write what it costs]`."""

from __future__ import annotations

import re

# A link may begin with the same word.
_GAP = re.compile(r"\[write\s[^\[\]]*\](?!\()", re.IGNORECASE)


def gaps(text: str) -> list[tuple[str, int]]:
    """Return each gap of a text, on one line, with the number of the line on which it begins, from 1."""
    return [(" ".join(one[0].split()), text.count("\n", 0, one.start()) + 1) for one in _GAP.finditer(text)]
