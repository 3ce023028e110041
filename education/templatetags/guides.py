"""What templates show of a guide's texts."""

from __future__ import annotations

from django import template

from education.reading import first_sentence

register = template.Library()
register.filter("first_sentence", first_sentence)
