"""What pages of both apps show of the clinic; templates compose the two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, to_locale

from clinic import marks
from clinic import stylesheet as styles
from clinic.models import Clinic, InformationPage
from clinic.price_list import Procedure
from clinic.structured.prices import procedure_with_offers
from config.ready.until_changed import until_changed

register = template.Library()

_CARD = re.compile(r'<div class="care-card care-card-(?:urgent|non-urgent)">')
_facts = attrgetter(*(field.attname for field in Clinic._meta.concrete_fields))
_link = attrgetter("slug", "title")
_DIV = re.compile(r"<(/?)div\b")


@register.simple_tag
@until_changed
def clinic_facts() -> Clinic:
    """Return the clinic's facts as they are today: one query."""
    return Clinic.current()


@register.simple_tag
@until_changed
def information_pages() -> tuple[InformationPage, ...]:
    """Return the information pages for the footer, without their texts: one query."""
    return tuple(InformationPage.objects.only("slug", "title"))


@register.simple_tag
def frame_key(clinic: Clinic, about_pages: Iterable[InformationPage], view: str = "") -> tuple[object, ...]:
    """Return what the frame of every page is kept by: all that is known of the clinic, and the page's view."""
    return (_facts(clinic), *map(_link, about_pages), settings.LANGUAGE_CODE, settings.SITE_URL, view)


@register.simple_tag
def own_language() -> SafeString:
    """Return the attribute that names the site's language, for the clinic's words in a document in another one."""
    own = settings.LANGUAGE_CODE
    if (get_language() or own).partition("-")[0] == own.partition("-")[0]:
        return SafeString("")
    return format_html(' lang="{}"', own)


@register.filter
def with_slug(pages: Iterable[InformationPage] | None, slug: str) -> InformationPage | None:
    """Return the one of the information pages that has this slug, or None."""
    return next((page for page in pages or () if page.slug == slug), None)


@register.simple_tag
def site_host() -> str:
    """Return the site's host as a reader types it from paper, such as guides.example.org."""
    return urlsplit(settings.SITE_URL).netloc


@register.simple_tag
def stylesheet(clinic: Clinic, *, with_tools: bool = False) -> str:
    """Return the address of the site's style sheet, with this clinic's colour. It asks no database.

    `with_tools`: that of the self-check and the plan.
    """
    name = "clinic:stylesheet-of-tools" if with_tools else "clinic:stylesheet"
    return reverse(name, args=[styles.stylesheet(clinic.brand_colour, with_tools=with_tools).digest])


@register.simple_tag
def icon(clinic: Clinic) -> str:
    """Return the address of the site's icon."""
    return _drawn("icon", clinic)


@register.simple_tag
def card(clinic: Clinic) -> str:
    """Return the address of the picture for a link that somebody shares."""
    return _drawn("card", clinic)


def _drawn(name: str, clinic: Clinic) -> str:
    return reverse(f"clinic:{name}", args=[marks.digest(clinic.name, clinic.tagline, clinic.brand_colour)])


@register.simple_tag
def site_url() -> str:
    """Return the site's address as other sites need it, such as https://guides.example.org."""
    return settings.SITE_URL


@register.simple_tag
def canonical(path: str) -> SafeString:
    """Return the one address under which search engines and shared links are to know a page. `path` has no query."""
    address = f"{settings.SITE_URL}{iri_to_uri(path)}"
    return format_html('<link rel="canonical" href="{0}"><meta property="og:url" content="{0}">', address)


@register.simple_tag
def og_locale(language: str = "") -> SafeString:
    """Return in which language the words for a shared link are, or nothing where that is what everybody takes it for.

    A guide may name a language without a country; the pattern has no way to say so (https://ogp.me/#optional).
    """
    locale = to_locale(language or get_language() or settings.LANGUAGE_CODE)
    if locale in ("en", "en_US"):
        return SafeString("")
    return format_html('<meta property="og:locale" content="{}">', locale)


@register.simple_tag
def feed_link() -> SafeString:
    """Return what leads a feed reader to the editions that came out."""
    link = '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">'
    return format_html(link, gettext("New editions of our guides"), reverse("clinic:feed"))


@register.simple_tag
def price_facts(procedure: Procedure) -> SafeString:
    """Return what machines read of a procedure's prices of today."""
    return procedure_with_offers(procedure.title, procedure.url, procedure.prices)


@register.simple_tag
def table_key(procedure: Procedure, rows: Iterable[Mapping[str, Any]], note: str) -> tuple[object, ...]:
    """Return what the table of a procedure's prices is kept by, with the links below it: its rows, and whose."""
    whose = (procedure.title, procedure.language, procedure.url, procedure.slug, settings.LANGUAGE_CODE, note)
    shown = (tuple(value for value in row.values() if not isinstance(value, Mapping)) for row in rows)
    sources = (tuple((row["source"] or {}).values()) for row in rows)
    return (*whose, *shown, *sources)


@register.tag
def remember(parser: Parser, token: Token) -> Remembered:
    """`{% remember as name %}…{% endremember %}`: show what is inside, and again wherever `{{ name }}` stands later."""
    try:
        _, _, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("Write {% remember as name %}.") from None
    inside = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remembered(inside, name)


class Remembered(template.Node):
    """A block of a template can stand in one place only; its text may be wanted in two."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        # Values in it are escaped already; a quotation mark of a template or a translation is not.
        text = self.nodelist.render(context).strip().replace('"', "&quot;")
        context[self.name] = mark_safe(text)  # it was rendered by a template, with its escaping
        return context[self.name]


@register.simple_tag
def with_phone(html: str, clinic: Clinic, language: str = "") -> SafeString:
    """Return a page's stored HTML with today's telephone number at the end of each urgent or non-urgent care card.

    The number stands outside the edition: it is the clinic's of today, on a permalink too. The HTML is the
    renderer's, so it is safe, and its tags are closed. `language` is the page's.
    """
    cards = list(_CARD.finditer(html)) if clinic.phone else []
    if cards:
        line = render_to_string("components/card_phone.html", {"phone": clinic.phone, "language": language})
        for card in reversed(cards):
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
