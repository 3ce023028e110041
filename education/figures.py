"""The figures that a text can name: drawings of our own, each under its name for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Figure:
    """A drawing, with the title and the description that stand for it where it cannot be seen."""

    key: str
    title: Any
    description: Any

    def svg(self, anchor: str) -> str:
        """Return the drawing as safe markup, labelled in the active language. Its ids begin with the anchor."""
        context = {"anchor": anchor, "title": self.title, "description": self.description}
        drawn = render_to_string(f"education/figures/{self.key}.html", context)
        return "".join(line.strip() for line in drawn.splitlines())


# A figure in use is never drawn anew under its name, and never removed: editions name it (docs/adr/0015-figures.md).
_FIGURES = (
    Figure(
        "needle-depth",
        _("How deep the needles go"),
        _(
            "A cut through the skin, with a scale from 0 to 5 millimeters. At the top is the outer skin, which is thin. "
            "Below it is the lower skin, then the layer under the skin, with fat cells. A cream stays on top. One needle "
            "ends at 1 millimeter, in the lower skin. Another ends at 4 millimeters, in the layer under the skin."
        ),
    ),
    Figure(
        "injection-sites",
        _("Where the needles go"),
        _(
            "The outline of a person from the front, with marks. A disk marks a site that a web article names: scalp, "
            "face, chest, hands and thighs. A diamond marks a site that a web glossary names, for fat: chin, upper arms "
            "and stomach."
        ),
    ),
    Figure(
        "course-in-weeks",
        _("The weeks of a course"),
        _(
            "A line from top to bottom, with the weeks to scale. It starts with the first session. The next one comes 2 "
            "to 3 weeks later, says one source; others say 4 or 8 weeks. How many more follow is not agreed. After the "
            "last session come 12 weeks of watching for signs. In one series of cases, late signs came in week 3, on "
            "average. The cause was found almost 10 weeks after the injection, on average."
        ),
    ),
    Figure(
        "twelve-weeks",
        _("Look at the area and feel it"),
        _(
            "Boxes to tick. Days 1 to 6 have a box for every day. Weeks 1 to 12 have a box for each week. Week 3 is "
            "marked: late signs came then, on average, in one series of cases. A lump, a sore or redness, new or back: "
            "contact us or a doctor, in any week. Pus, fever, or it spreads or gets worse: see a doctor the same day."
        ),
    ),
    Figure(
        "skin-over-time",
        _("Better, worse or back?"),
        _(
            "3 rows of 4 squares of skin. In the first, a bump shrinks each day and is gone: keep looking, for 12 weeks. "
            "In the second, a sore area grows, spreads or hurts more: see a doctor the same day. In the third, a bump "
            "goes, and a lump comes or comes back weeks later: contact us or a doctor."
        ),
    ),
)
FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in _FIGURES}
