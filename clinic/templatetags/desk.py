"""What the first screen of the admin shows."""

from __future__ import annotations

from typing import Any

from django import template

from clinic.desk import Desk, desk_of

register = template.Library()


@register.simple_tag
def desk(person: Any, whole: str = "") -> Desk:
    """Return what waits for this person; an account without a role costs no query beyond its permissions."""
    return desk_of(person, whole=whole)
