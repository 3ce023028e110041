"""The figures that a text can name: drawings of our own, each under its name for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from education.wording import marks_of_words


@dataclass(frozen=True)
class Figure:
    """A drawing, with the title and the description that stand for it where it cannot be seen."""

    key: str
    title: Any
    description: Any

    def svg(self, anchor: str, language: str = "") -> str:
        """Return the drawing as safe markup, labelled in the active language. Its ids begin with the anchor.

        `language`: that of the text around it.
        """
        # SVG has no `dir`; the style sheet says in which direction a drawing's labels run.
        lang = marks_of_words(language).get("lang")
        context = {"anchor": anchor, "lang": lang, "title": self.title, "description": self.description}
        drawn = render_to_string(f"education/figures/{self.key}.html", context)
        return "".join(line.strip() for line in drawn.splitlines())


# A figure in use is never drawn anew under its name, and never removed: editions name it (docs/adr/0015-figures.md).
_FIGURES = (
    Figure(
        "needle-depth",
        _("How deep the needles go"),
        _(
            "A cut through the skin, with a scale from 0 to 5 millimeters. At the top is the outer skin, which is "
            "thin. Below it is the lower skin. Then comes the layer under the skin, with fat cells. A cream stays on "
            "top. One needle ends at 1 millimeter, in the lower skin. Another ends at 4, in the layer under the skin."
        ),
    ),
    Figure(
        "injection-sites",
        _("Where the needles go"),
        _(
            "A person from the front, with marks. A disk marks a place that a web article names: scalp, face, chest, "
            "hands and thighs. A diamond marks a place that a web glossary names, for fat: chin, upper arms and "
            "stomach."
        ),
    ),
    Figure(
        "course-in-weeks",
        _("The weeks of a course"),
        _(
            "A line from top to bottom, which starts with the first session: watch your skin from then on. The next "
            "session is 2 to 3 weeks later, says one source; others differ. How many more follow is not agreed. After "
            "each session you watch for a lump, a sore or redness; after the last one for 12 weeks. Week 3 is marked: "
            "late signs came then, on average, in one series of cases."
        ),
    ),
    Figure(
        "twelve-weeks",
        _("Boxes to tick for 12 weeks"),
        _(
            "Days 1 to 6 have a box for every day. Weeks 1 to 12 have a box for each week. Week 3 is marked: late "
            "signs came then, on average, in one series of cases."
        ),
    ),
    Figure(
        "skin-over-time",
        _("Skin that shrinks, grows or comes back"),
        _(
            "3 rows of pictures. A bump shrinks each day: keep looking, for 12 weeks. A sore area grows, spreads or "
            "hurts more: see a doctor the same day. A lump comes, or comes back, weeks later: contact us or a doctor."
        ),
    ),
)
FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in _FIGURES}
