"""The boxes of a page, and what is said in each: care cards, what to do and not to do, warnings."""

from dataclasses import dataclass

from django.utils.translation import gettext

from education.rendering.facts import CareLevel


@dataclass(frozen=True)
class Box:
    """A kind of box: its class, the hidden words before its title, the title when none is written."""

    css_class: str
    hidden: str = ""
    title: str = ""
    level: CareLevel | None = None


def boxes() -> dict[str, Box]:
    """Return the kinds of box by the word after !!!, labelled in the active language."""
    card = "care-card care-card-"
    return {
        "emergency": Box(f"{card}emergency", gettext("Emergency advice:"), level="emergency"),
        "urgent": Box(f"{card}urgent", gettext("Urgent advice:"), level="urgent"),
        "non-urgent": Box(f"{card}non-urgent", gettext("Non-urgent advice:"), level="non-urgent"),
        "do": Box("do-list", title=gettext("Do")),
        "dont": Box("dont-list", title=gettext("Don’t")),
        "warning": Box("warning-callout", gettext("Important:")),
    }
