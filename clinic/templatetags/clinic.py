"""What pages of both apps show of the clinic; templates compose the two."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clinic.models import Clinic, InformationPage

register = template.Library()

_CARD = re.compile(r'<div class="care-card care-card-(?:urgent|non-urgent)">')
_DIV = re.compile(r"<(/?)div\b")


@register.simple_tag
def clinic_facts() -> Clinic:
    """Return the clinic's facts as they are today: one query."""
    return Clinic.current()


@register.simple_tag
def information_pages() -> list[InformationPage]:
    """Return the information pages for the footer, without their texts: one query."""
    return list(InformationPage.objects.only("slug", "title"))


@register.simple_tag
def site_host() -> str:
    """Return the site's host as a reader types it from paper, such as guides.example.org."""
    return urlsplit(settings.SITE_URL).netloc


@register.filter
def with_phone(html: str, clinic: Clinic) -> SafeString:
    """Return a page's stored HTML with today's telephone number at the end of each urgent or non-urgent care card.

    The number stands outside the edition: it is the clinic's of today, on a permalink too. The HTML is the
    renderer's, so it is safe, and its tags are closed.
    """
    if clinic.phone:
        line = render_to_string("components/card_phone.html", {"phone": clinic.phone})
        for card in reversed(list(_CARD.finditer(html))):
            end = _end_of(html, card.end())
            html = f"{html[:end]}{line}{html[end:]}"
    return mark_safe(html)  # it passed the renderer's allow-list, and the line is a template's


def _end_of(html: str, start: int) -> int:
    """Return where the div that is open at `start` is closed."""
    depth = 1
    for tag in _DIV.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    return len(html)
