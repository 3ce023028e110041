"""The care cards of a page, cut out of its stored HTML to stand on another page."""

from __future__ import annotations

import re

_CARD = re.compile(r'<div class="care-card care-card-(?:emergency|urgent|non-urgent)">')
_DIV = re.compile(r"<(/?)div\b")
_HEADING = re.compile(r"<(/?)h[2-4]\b")


def care_cards(html: str, *, level: int, address: str) -> str:
    """Return the care cards of a page that the renderer made, in their order; empty where it has none.

    Their headings get this level. What refers to a place of the page, such as a source, leads to `address`.
    """
    cards = [html[found.start() : _end_of(html, found.end())] for found in _CARD.finditer(html)]
    return _HEADING.sub(rf"<\1h{level}", "\n".join(cards)).replace(' href="#', f' href="{address}#')


def _end_of(html: str, start: int) -> int:
    """Return where the div that is open at `start` has ended. The renderer closes what it opens."""
    depth = 1
    for tag in _DIV.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start() + len("</div>")
    return len(html)
