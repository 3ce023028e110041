"""Markdown to safe HTML, once, by pure functions."""

from education.rendering.entries import Entries, days_in_words
from education.rendering.facts import (
    NO_KEYS,
    CareCard,
    CareLevel,
    Citation,
    Heading,
    ImageFacts,
    Keys,
    Library,
    Link,
    Problem,
    Rendered,
)
from education.rendering.plain_text import plain_text
from education.rendering.renderer import RENDERER_VERSION, render
from education.rendering.source_text import MAX_CHARACTERS, keys
from education.rendering.widths import WIDTHS, smaller_widths

__all__ = [
    "MAX_CHARACTERS",
    "NO_KEYS",
    "RENDERER_VERSION",
    "WIDTHS",
    "CareCard",
    "CareLevel",
    "Citation",
    "Entries",
    "Heading",
    "ImageFacts",
    "Keys",
    "Library",
    "Link",
    "Problem",
    "Rendered",
    "days_in_words",
    "keys",
    "plain_text",
    "render",
    "smaller_widths",
]
