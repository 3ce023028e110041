"""From fixtures to the page: each component's own comment, and each of its examples as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from clinic.styleguide import fixtures, made
from education.rendering import Entries, render
from education.wording import direction_of, language_of_words

_COMMENT = re.compile(r"\{% comment %\}(.*?)\{% endcomment %\}|\{#(.*?)#\}", re.DOTALL)
FOLDER = Path(settings.BASE_DIR) / "templates"
ARABIC = "ar"


@dataclass(frozen=True)
class Example:
    """One state of a component, in the direction of its content.

    `language` is that of what a guide's text makes; around everything else it is that of the fixed words.
    """

    label: str
    html: SafeString
    language: str
    direction: str


@dataclass(frozen=True)
class Component:
    """A file of templates/components/, or of the form pack: its name, when to use it, and what it looks like."""

    name: str
    when: str
    examples: tuple[Example, ...]


def components() -> list[Component]:
    """Return every component that has fixtures, in the order in which a reader meets them on a page."""
    return [
        Component(
            name,
            when(name),
            tuple(
                _example(name, label, values, number)
                for number, (label, values) in enumerate(examples.items(), start=1)
            ),
        )
        for name, examples in fixtures.EXAMPLES.items()
    ]


@cache
def when(name: str) -> str:
    """Return the comment at the head of a component: when to use it, and the values it takes."""
    found = _COMMENT.search((FOLDER / _path(name)).read_text(encoding="utf-8"))
    return " ".join((found[1] or found[2]).split()) if found else ""


def _example(name: str, label: str, values: Mapping[str, Any], number: int) -> Example:
    language = ARABIC if label == fixtures.RIGHT_TO_LEFT else "en"
    words = language_of_words(language)
    with translation.override(words):
        html = _html(name, values, f"{name.replace('_', '-')}-{number}", language)
        return Example(label, html, language if _is_text(values) else words, direction_of(language))


def _is_text(values: Mapping[str, Any]) -> bool:
    return "markdown" in values or "entries" in values


def _html(name: str, values: Mapping[str, Any], anchor: str, language: str) -> SafeString:
    if _is_text(values):
        # What a guide's text makes, by way of the renderer, so that it cannot differ from what patients get.
        entries = Entries(tuple(values["entries"]), box=values.get("box", False)) if "entries" in values else None
        page = render(
            values.get("markdown", ""), library=made.LIBRARY, anchor=anchor, entries=entries, language=language
        )
        # Safe: the renderer's allow-list is the last thing that this HTML passed.
        return mark_safe(re.sub(r'href="#(?:source|term)-[a-z0-9-]+"', 'href="#main"', page.html))
    html = render_to_string(_path(name), {"anchor": anchor, "language": language, **values})
    # Here nothing came back wrong, so nothing may take the focus. Safe: it is a template's.
    return mark_safe(html.replace(" autofocus", ""))


def _path(name: str) -> str:
    return f"{name}.html" if "/" in name else f"components/{name}.html"
