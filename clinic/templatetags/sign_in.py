"""Tags of the pages for signing in."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django import template
from django.http import HttpRequest

from clinic.rules import needs_second_step

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """Return a value as JSON, for an attribute that a script reads; the template escapes it."""
    return json.dumps(value)


@register.filter
def in_groups(secret: str) -> str:
    """Return a secret that somebody types in groups of four, which are easier to keep in mind."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


@register.filter
def must_set_up(account: Any) -> bool:
    """Return whether somebody sees nothing for staff until they have a second step."""
    return needs_second_step(account)


@register.simple_tag
def going_on_to(request: HttpRequest) -> str:
    """Return the address within this site to which a sign-in shall lead, or an empty text."""
    return get_next_redirect_url(request) or ""
