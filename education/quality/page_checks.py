"""Checks of single pages: that they are there once, say something, are built in order and can be printed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.gaps import gaps
from education.quality.examples import Another, entry, fine, found, guide, text, without
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.passages import Passage
from education.quality.registry import Remark, check
from education.quality.subject import Subject
from education.rendering.boxes import boxes

FIRST_LEVEL = 2
MOST_ITEMS = 7
MOST_CHARACTERS_NAMED = 10
# Further down, a list is one of its own.
MOST_BLANK = 1
_BOX = re.compile(r"""!!!\s*(?P<kind>[\w-]+)(?:\s+["“](?P<title>[^"”]*)["”])?""")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d+[.)])\s")


@check(
    "pages.none",
    ERROR,
    rule="An edition has at least one page.",
    serves="IPDAS options",
    examples=[found(ERROR, without()), fine(without("cost"))],
)
def guide_without_pages(subject: Subject) -> Iterator[Remark]:
    if not subject.pages:
        yield Remark(ERROR, _("The guide has no page. Add one first."))


@check(
    "page.empty",
    ERROR,
    rule="Every page says something, in its text or in its entries.",
    serves="PEMAT 1",
    examples=[found(ERROR, text("cost", "")), fine(text("preparation", "")), fine(text("cost", "It costs nothing."))],
)
def page_without_text(subject: Subject) -> Iterator[Remark]:
    for page, html in subject.pages:
        if not html.text.strip() and not html.problems and not page.entries:
            message = _("The page “{title}” is empty. Write its text, or remove the page.")
            yield Remark(ERROR, message.format(title=page.title), page.slug)


@check(
    "page.address",
    ERROR,
    rule="No two pages of an edition share an address, which can happen when a removal is left out.",
    serves="WCAG 2.4.4",
    examples=[found(ERROR, Another("other", "recovery")), fine(Another("other", "more"))],
)
def page_address_twice(subject: Subject) -> Iterator[Remark]:
    for slug, count in Counter(page.slug for page, _html in subject.pages).items():
        if count > 1:
            message = _("Two pages have the address “{slug}”. Change one, or tick the removal of the other.")
            yield Remark(ERROR, message.format(slug=slug), slug)


@check(
    "page.kind",
    ERROR,
    rule="An edition has one page of each kind, other kinds apart; a removal that is left out can break this.",
    serves="PEMAT 10",
    examples=[found(ERROR, Another("recovery", "after")), fine(Another("other", "after"), Another("other", "more"))],
)
def page_kind_twice(subject: Subject) -> Iterator[Remark]:
    kinds = Counter(page.kind for page, _html in subject.pages if page.kind != "other")
    for page, _html in subject.pages:
        if kinds[page.kind] > 1:
            message = _("The page “{title}” is of a kind that another page has too. Leave one of them out.")
            yield Remark(ERROR, message.format(title=page.title), page.slug)


@check(
    "text.problem",
    ERROR,
    rule="The text has no unknown key, refused link or malformed block.",
    serves="IPDAS citations",
    examples=[
        found(ERROR, text("cost", "It costs 50 dollars [@no-such-source].")),
        found(ERROR, text("cost", "Read our [price list](javascript:open).")),
        fine(text("cost", "Prices differ [@review].")),
    ],
)
def text_with_problems(subject: Subject) -> Iterator[Remark]:
    for page, html in subject.pages:
        for problem in html.problems:
            yield Remark(ERROR, problem.message, page.slug, problem.line)


@check(
    "text.gap",
    ERROR,
    rule="No gap is left that a new guide came with for somebody to fill, such as `[write what it costs]`.",
    serves="PEMAT 1",
    examples=[
        found(ERROR, text("cost", "You pay for each visit.\n\n[write what a visit costs]")),
        found(ERROR, entry("benefits", 1, finding="[write how much less]")),
        found(ERROR, guide(summary="[write in a paragraph what it is]")),
        fine(text("cost", "Prices differ. [Write to us](/)")),
    ],
)
def text_with_gaps(subject: Subject) -> Iterator[Remark]:
    message = _("“{gap}” stands where you are to write something. Write it, or take it out.")
    snapshot = subject.snapshot
    for fact in (snapshot.title, snapshot.summary, snapshot.written_by, snapshot.funding):
        for gap, _line in gaps(fact):
            yield Remark(ERROR, message.format(gap=gap))
    for page, _html in subject.pages:
        for gap, line in gaps(page.markdown):
            yield Remark(ERROR, message.format(gap=gap), page.slug, line)
    for one in subject.entries():
        for gap, _line in (pair for value in one.values.values() if isinstance(value, str) for pair in gaps(value)):
            yield Remark(ERROR, message.format(gap=gap), one.page.slug, None, one.number)


@check(
    "heading.order",
    ERROR,
    rule="Headings of a page begin at level 2 (##) and skip no level.",
    serves="WCAG 1.3.1; PEMAT 9",
    examples=[
        found(ERROR, text("cost", "# Prices\n\nIt costs 50 dollars.")),
        found(ERROR, text("cost", "### Prices\n\nIt costs 50 dollars.")),
        found(ERROR, text("cost", "## Prices\n\n#### For students\n\nIt costs 40 dollars.")),
        fine(text("cost", "## Prices\n\n### For students\n\nIt costs 40 dollars.\n\n## Paying\n\nYou can pay later.")),
    ],
)
def heading_order(subject: Subject) -> Iterator[Remark]:
    for (page, html), (_page, passages) in zip(subject.pages, subject.by_page, strict=True):
        lines: dict[str, list[int | None]] = {}
        for one in passages:
            if one.kind == "heading":
                lines.setdefault(one.words, []).append(one.line_at())
        before = FIRST_LEVEL - 1
        for heading in html.headings:
            line = lines[heading.text].pop(0) if lines.get(heading.text) else None
            if heading.level < FIRST_LEVEL:
                message = _("The heading “{text}” has one #. Begin at level 2, with ##: level 1 is the page's title.")
            elif heading.level > before + 1:
                message = _("The heading “{text}” skips a level. After level {before}, use at most level {next}.")
            else:
                before = heading.level
                continue
            said = message.format(text=heading.text, before=before, next=before + 1)
            yield Remark(ERROR, said, page.slug, line)
            before = max(heading.level, FIRST_LEVEL)


@check(
    "list.long",
    INFORMATION,
    rule="No list has more than 7 items; a list inside another counts by itself.",
    serves="CDC 8",
    examples=[
        found(INFORMATION, text("cost", "\n".join(f"- Part {number}" for number in range(1, 9)))),
        fine(text("cost", "\n".join(f"- Part {number}" for number in range(1, 8)))),
    ],
)
def list_long(subject: Subject) -> Iterator[Remark]:
    for page, passages in subject.by_page:
        for first, count in _lists(passages):
            if count > MOST_ITEMS:
                message = _("This list has {count} items. Part it with headings into lists of at most {most}.")
                yield Remark(INFORMATION, message.format(count=count, most=MOST_ITEMS), page.slug, first.line_at())


def _lists(passages: tuple[Passage, ...]) -> Iterator[tuple[Passage, int]]:
    """Yield the first item and the number of items of each list of a page's Markdown."""
    open_lists: list[tuple[Passage, int]] = []
    for one in passages:
        is_item = one.kind == "item"
        while open_lists and (
            open_lists[-1][0].level > one.level
            or (open_lists[-1][0].level == one.level and not (is_item and open_lists[-1][0].ordered == one.ordered))
        ):
            yield open_lists.pop()
        if is_item and open_lists and open_lists[-1][0].level == one.level:
            first, count = open_lists.pop()
            open_lists.append((first, count + 1))
        elif is_item:
            open_lists.append((one, 1))
    yield from reversed(open_lists)


@check(
    "list.outside",
    WARNING,
    rule="No list begins right under a box without the four spaces that put its lines inside.",
    serves="PEMAT 9; WCAG 1.3.1",
    examples=[
        found(WARNING, text("cost", '!!! urgent "Contact us if"\n    - you cannot pay\n- you paid twice')),
        found(WARNING, text("cost", "!!! do\n    - pay at the desk\n\n- ask for a receipt")),
        fine(text("cost", "!!! do\n    - pay at the desk\n    - ask for a receipt")),
        fine(text("cost", "!!! do\n    - pay at the desk\n\nYou can also pay\n\n- by card\n- in cash")),
    ],
)
def list_outside(subject: Subject) -> Iterator[Remark]:
    message = _("This line stands outside the box “{box}”. Begin it with four spaces to put it inside.")
    for page, _html in subject.pages:
        for number, box in _outside(page.markdown.split("\n")):
            yield Remark(WARNING, message.format(box=box), page.slug, number)


def _outside(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the first line of each list right under a box, and what the box is called."""
    box, blank = "", 0
    for number, line in enumerate(lines, 1):
        if opening := _BOX.match(line):
            known = boxes().get(opening["kind"])
            box, blank = opening["title"] or (known.title if known else "") or opening["kind"], 0
        elif not line.strip():
            blank += 1
        elif line.startswith(("    ", "\t")):
            blank = 0
        else:
            if box and blank <= MOST_BLANK and _ITEM.match(line):
                yield number, box
            box = ""


@check(
    "glyph.missing",
    WARNING,
    rule="Every character of the guide can be set in the fonts of the leaflet.",
    serves="house rule",
    examples=[
        found(WARNING, text("cost", "You pay with a smile 😀.")),
        fine(text("cost", "You pay 40 € (about 45 $), ½ of it now.")),
        fine(guide(written_by="Zoë Δελτα, Ольга, שרה, سارة")),
    ],
)
def glyph_missing(subject: Subject) -> Iterator[Remark]:
    snapshot = subject.snapshot
    facts = "\n".join((snapshot.title, snapshot.summary, snapshot.written_by, snapshot.funding))
    texts = [("", facts), *((page.slug, f"{page.title}\n{html.text}") for page, html in subject.pages)]
    for place, words in texts:
        missing = subject.world.unprintable(words)
        if missing:
            named = [f"{one} ({unicodedata.name(one, f'U+{ord(one):04X}')})" for one in missing[:MOST_CHARACTERS_NAMED]]
            more = "…" if len(missing) > MOST_CHARACTERS_NAMED else ""
            message = _("The leaflet cannot print these characters: {characters}. Use words or other characters.")
            yield Remark(WARNING, message.format(characters=", ".join(named) + more), place)
