"""How the newsroom says when something came in."""

from __future__ import annotations

from django import template

from education.newsroom import how_long_ago

register = template.Library()
register.filter(how_long_ago)


@register.filter
def introducing(label: object) -> str:
    """Return what a field is called, to stand before what is said of it; a question keeps its mark alone."""
    said = str(label)
    return said if said.endswith("?") else f"{said}:"
