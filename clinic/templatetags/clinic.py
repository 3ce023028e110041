"""What pages of both apps show of the clinic; templates compose the two."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.conf import settings

from clinic.models import Clinic, InformationPage

register = template.Library()


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
