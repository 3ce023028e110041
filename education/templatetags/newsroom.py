"""How the newsroom says when something came in."""

from __future__ import annotations

from django import template

from education.newsroom import how_long_ago

register = template.Library()
register.filter(how_long_ago)
