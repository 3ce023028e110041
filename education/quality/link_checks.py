"""Checks of what stands in a page beside its words: links, images, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.quality.examples import fine, found, image, text
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.registry import Remark, check
from education.quality.subject import Subject
from education.rendering import Link, Rendered
from education.snapshot import SnapshotPage

LONGEST_ALTERNATIVE = 125
MOST_WARNINGS = 2
SHOWN = 60
MOST_SHOWN = 5

_EMPTY_WORDS = {"click here", "here", "read more", "this link", "link"}
_WARNING_BOX = re.compile(r"\s*!!!\s*warning\b", re.IGNORECASE)
_DONT_BOX = re.compile(r"\s*!!!\s*dont\b", re.IGNORECASE)
_DO_NOT = re.compile(r"do not\b|don['’]t\b", re.IGNORECASE)


@check(
    "image.alt",
    ERROR,
    rule="Every image has alternative text of at most 125 characters, or is marked as decorative.",
    serves="WCAG 1.1.1",
    examples=[
        found(ERROR, image("cold-pack", alternative_text="")),
        found(ERROR, image("cold-pack", alternative_text="A blue pack on a knee, " * 6)),
        fine(image("cold-pack", alternative_text="", decorative=True)),
    ],
)
def image_alt(subject: Subject) -> Iterator[Remark]:
    for one in subject.snapshot.images:
        if one.decorative:
            continue
        length = len(one.alternative_text.strip())
        if not length:
            message = _("The image “{key}” has no alternative text. Say what it shows, or mark it as decorative.")
        elif length > LONGEST_ALTERNATIVE:
            message = _("The alternative text of the image “{key}” has {length} characters. Use at most {most}.")
        else:
            continue
        page = next((page for page, html in subject.pages if one.key in html.images), None)
        line = _line_of(page, f"](image:{one.key})") if page else None
        said = message.format(key=one.key, length=length, most=LONGEST_ALTERNATIVE)
        yield Remark(ERROR, said, page.slug if page else "", line)


@check(
    "link.broken",
    ERROR,
    INFORMATION,
    rule="Links inside the site lead somewhere, and the words of a link say where; links to other sites are counted, "
    "and followed by `manage.py check_links` only.",
    serves="WCAG 2.4.4",
    examples=[
        found(ERROR, text("cost", "You can read our [price list](/no-such-page/).")),
        found(ERROR, text("cost", "You can read about [paying later](#later).")),
        found(ERROR, text("cost", "For prices, [click here](/prices/).")),
        found(INFORMATION, text("cost", "You can read [a view from outside](https://example.org/).")),
        fine(text("cost", "You can read our [price list](/prices/), or [write to us](mailto:desk@example.org).")),
        fine(text("cost", "You can read about [paying later](#cost-later).\n\n## Later\n\nAsk us.")),
    ],
)
def link_broken(subject: Subject) -> Iterator[Remark]:
    for page, html in subject.pages:
        ids = _Boxes.of(html).ids
        for link in dict.fromkeys(html.links):
            for message in _complaints(link, page, ids, subject):
                said = message.format(text=_shortened(link.text), target=_shortened(link.href), page=page.slug)
                yield Remark(ERROR, said, page.slug, _line_of(page, f"]({link.href}", f"<{link.href}"))
        outside = len({link.href for link in html.links if _is_outside(link)})
        if outside:
            message = ngettext(
                "{count} link leads to another site. Follow it now and then; manage.py check_links does so.",
                "{count} links lead to other sites. Follow them now and then; manage.py check_links does so.",
                outside,
            )
            yield Remark(INFORMATION, message.format(count=outside), page.slug)


def _complaints(link: Link, page: SnapshotPage, ids: frozenset[str], subject: Subject) -> Iterator[str]:
    """Yield what is wrong with a link, with places for its text, its target and the page's address."""
    if subject.is_english and " ".join(link.text.casefold().split()).strip(" .!:…>›»→") in _EMPTY_WORDS:
        yield _("The link “{text}” does not say where it leads. Write the name of what it leads to: {target}.")
    if link.href.startswith("#") and unquote(link.href[1:]) not in ids:
        yield _(
            "The link “{text}” leads to {target}, and no heading of this page has that address. The address of a "
            "heading is # with the page's address before its words: #{page}-the-words."
        )
    if link.href.startswith("/") and not subject.world.resolves(re.split("[?#]", link.href)[0]):
        yield _("The link “{text}” leads to {target}, where this site has no page. Correct it or take it out.")


def _is_outside(link: Link) -> bool:
    return link.href.lower().startswith(("http://", "https://"))


@check(
    "callout.many",
    WARNING,
    rule="A page has at most 2 warning callouts, and each item of a “don't” list begins with “do not”.",
    serves="NHS service manual",
    examples=[
        found(WARNING, text("cost", "\n\n".join(f'!!! warning "Look {n}"\n    Prices change.' for n in (1, 2, 3)))),
        found(WARNING, text("cost", "!!! dont\n    - pay at once\n    - do not sign at once")),
        fine(text("cost", "!!! dont\n    - do not pay at once\n    - don't sign at once")),
    ],
)
def callout_many(subject: Subject) -> Iterator[Remark]:
    for page, html in subject.pages:
        boxes = _Boxes.of(html)
        if boxes.warnings > MOST_WARNINGS:
            lines = [number for number, line in enumerate(page.markdown.split("\n"), 1) if _WARNING_BOX.match(line)]
            message = _("The page has {count} warning callouts; with more than {most}, none is read. Keep the gravest.")
            line = lines[MOST_WARNINGS] if len(lines) > MOST_WARNINGS else None
            yield Remark(WARNING, message.format(count=boxes.warnings, most=MOST_WARNINGS), page.slug, line)
        wrong = [item for item in boxes.dont_items if not _DO_NOT.match(item)] if subject.is_english else []
        if wrong:
            lines = [number for number, line in enumerate(page.markdown.split("\n"), 1) if _DONT_BOX.match(line)]
            message = _("In a “don't” list, begin each item with “do not”, so that it cannot be misread: {items}.")
            items = ", ".join(f"“{_shortened(item)}”" for item in wrong[:MOST_SHOWN])
            yield Remark(WARNING, message.format(items=items), page.slug, lines[0] if lines else None)


class _Boxes(HTMLParser):
    """Reads from a page's HTML its ids, how many warning callouts it has, and the items of its don't lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.warnings = 0
        self.dont_items: list[str] = []
        self._ids: set[str] = set()
        self._divisions: list[bool] = []
        self._lists = 0

    @classmethod
    def of(cls, html: Rendered) -> _Boxes:
        reader = cls()
        reader.feed(html.html)
        reader.close()
        return reader

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        if attributes.get("id"):
            self._ids.add(str(attributes["id"]))
        elif tag == "a" and "term" in classes:
            # The template puts the meaning at the foot of the page.
            self._ids.add(str(attributes.get("href")).removeprefix("#"))
        if tag == "a" and str(attributes.get("href")).startswith("#source-"):
            self._ids.add(str(attributes["href"]).removeprefix("#"))
        if tag == "div":
            self._divisions.append("dont-list" in classes)
            self.warnings += "warning-callout" in classes
        elif tag in ("ul", "ol") and any(self._divisions):
            self._lists += 1
        elif tag == "li" and self._lists == 1:
            self.dont_items.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._divisions:
            self._divisions.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists -= 1

    def handle_data(self, data: str) -> None:
        if self._lists == 1 and self.dont_items:
            self.dont_items[-1] = f"{self.dont_items[-1]}{data}".lstrip()


def _line_of(page: SnapshotPage, *needles: str) -> int | None:
    """Return the first line of a page's Markdown that has one of these texts."""
    lines = enumerate(page.markdown.split("\n"), 1)
    return next((number for number, line in lines if any(needle in line for needle in needles)), None)


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
