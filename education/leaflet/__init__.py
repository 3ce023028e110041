"""The leaflet: an edition on paper, as a tagged PDF."""

from education.leaflet.content import Notice
from education.leaflet.printing import Leaflet
from education.leaflet.sheets import PAPERS, SIZES, Sheet, asked_for

__all__ = ["PAPERS", "SIZES", "Leaflet", "Notice", "Sheet", "asked_for"]
