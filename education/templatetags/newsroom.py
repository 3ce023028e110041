"""What the first screen of the newsroom shows of guides."""

from __future__ import annotations

from typing import Any

from django import template

from education.newsroom import Work, how_long_ago, work_of

register = template.Library()
register.filter(how_long_ago)


@register.simple_tag
def your_work(person: Any) -> Work:
    """Return what waits for this person; an account that may not see guides costs no query."""
    return work_of(person)


@register.filter
def introducing(label: object) -> str:
    """Return what a field is called, to stand before what is said of it; a question keeps its mark alone."""
    said = str(label)
    return said if said.endswith("?") else f"{said}:"
