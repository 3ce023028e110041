"""Pages of the small site: plain ones that make up its menus, and the guide's, which has a body of blocks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page, Site


class PlainPage(Page):
    """A page that only stands in a menu."""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "menu": menu(request)}


class GuidePage(Page):
    """The first page of a guide; the others are its children."""

    lead = models.TextField()
    body = StreamField([("text", RichTextBlock()), ("html", RawHTMLBlock())])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "menu": menu(request),
            "above": self.get_ancestors().live().filter(depth__gt=2),
            "contents": self.get_children().live().in_menu(),
        }


def menu(request: HttpRequest) -> Any:
    """Return the pages under the site's first page that are to stand in its menu."""
    site = Site.find_for_request(request)
    return site.root_page.get_children().live().in_menu() if site else Page.objects.none()
