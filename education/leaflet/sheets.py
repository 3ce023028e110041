"""Papers and sizes of print that a leaflet comes in: four in all, so that no address makes work without end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

PAPERS = ("a4", "letter")
SIZES = ("usual", "large")
# Where paper is cut in inches.
_LETTER = ("us", "ca", "mx", "pr", "ph", "co", "cl", "ve", "gt", "cr", "pa", "do", "sv", "ni")


@dataclass(frozen=True)
class Sheet:
    paper: str
    size: str

    @property
    def large(self) -> bool:
        return self.size == "large"


def asked_for(query: Mapping[str, str]) -> Sheet:
    """Return the sheet that an address asks for.

    What it does not say, or says in a way that is none of ours, is as usual: the paper of the site's country, print of
    the usual size. A patient with half an address still gets the leaflet.
    """
    paper, size = query.get("paper", ""), query.get("size", "")
    return Sheet(paper if paper in PAPERS else usual_paper(), size if size in SIZES else SIZES[0])


def usual_paper() -> str:
    """Return the paper that is usual where the site's language is spoken: Letter for en-us, A4 for en-gb and en."""
    return "letter" if settings.LANGUAGE_CODE.lower().partition("-")[2] in _LETTER else "a4"
