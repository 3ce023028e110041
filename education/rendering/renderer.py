"""Markdown to safe HTML: the one function that turns a page's text into what a reader gets."""

import logging
import re
import xml.etree.ElementTree as etree

from django.utils.text import slugify
from markdown import Markdown

from education.rendering import complaints
from education.rendering.assembly import ENTRIES, Assembly, TooDeep
from education.rendering.dialect import Dialect
from education.rendering.entries import Entries
from education.rendering.facts import Library, Problem, Rendered
from education.rendering.plain_text import plain_text
from education.rendering.sanitiser import sanitised
from education.rendering.source_text import MAX_NESTING, clean, refusal, with_marks

# To be raised whenever the same Markdown would give other HTML.
RENDERER_VERSION = 4
MAX_PROBLEMS = 50

_SPACE_BEFORE_REFERENCE = re.compile(r'(?<=\S)[ \n](?=<sup class="reference">)')

logger = logging.getLogger(__name__)


def render(
    markdown_text: str,
    *,
    library: Library,
    anchor: str,
    numbers: dict[str, int] | None = None,
    entries: Entries | None = None,
    language: str = "",
) -> Rendered:
    """
    Return a page's HTML and what was met in its text. The labels are in the active language.

    `language` is the text's: where it is another than the active one, each label says in which it is.

    `anchor`, the page's slug, begins each id, so that all pages of a guide can stand on one HTML page.
    `numbers` has the number of each source in the whole guide; sources met here for the first time are
    added, so pages rendered in their order with the same dict share one numbering. `entries` take the
    place of [[entries]]; without one the overview's box opens the page, and others end it.

    Raises nothing for any text. A text that is refused gives empty HTML and a problem that says why.
    """
    text = clean(markdown_text)
    refused = refusal(text)
    if refused is not None:
        return Rendered(problems=(refused,))
    known = {} if numbers is None else numbers
    assembly = Assembly(library, slugify(anchor) or "page", dict(known), entries, language)
    try:
        html = _with_entries(assembly.drawings.put_into(_glued(sanitised(_converted(text, assembly)))), assembly)
    except (RecursionError, TooDeep):
        return Rendered(problems=(Problem(1, complaints.too_deep(MAX_NESTING)),))
    except Exception:
        # The library fails on a few texts in ways of its own; the page's editor needs an answer all the same.
        logger.exception("A page could not be rendered")
        return Rendered(problems=(Problem(1, complaints.gave_up()),))
    known.update(assembly.references.numbers)
    return Rendered(
        html=html,
        text=plain_text(html),
        citations=tuple(assembly.references.citations),
        terms=tuple(assembly.terms),
        images=tuple(assembly.images),
        figures=tuple(dict.fromkeys(assembly.drawings.keys)),
        care_cards=tuple(assembly.care_cards),
        headings=tuple(assembly.headings),
        links=tuple(assembly.links),
        problems=_first(assembly.problems),
    )


def _converted(text: str, assembly: Assembly) -> str:
    # A parser for each text: it costs little beside parsing, and one that is shared would need a lock.
    markdown = Markdown(extensions=[Dialect(assembly)])
    markdown.serializer = _serialised
    if not text.strip():
        assembly.run(etree.Element("div"))  # the library does nothing at all with an empty text
        return ""
    return markdown.convert(with_marks(text))


def _serialised(root: etree.Element) -> str:
    # The library's own serialiser leaves an ampersand that looks like a character reference as it is. In this
    # tree character references are already characters, so every ampersand has to be written as one.
    return etree.tostring(root, encoding="unicode", method="html")


def _glued(html: str) -> str:
    # A reference that begins a line of its own has lost the claim it stands for.
    return _SPACE_BEFORE_REFERENCE.sub("\N{NO-BREAK SPACE}", html)


def _with_entries(html: str, assembly: Assembly) -> str:
    # After sanitising: the entries' templates escape every text, and a table of theirs has more attributes.
    if assembly.places_entries:
        html = html.replace(f"<div>{ENTRIES}</div>", assembly.entries_html)
    elif assembly.entries and assembly.entries.box:
        html = f"{assembly.entries_html}\n{html}"
    elif assembly.entries_html:
        html = f"{html}\n{assembly.entries_html}"
    return html.strip()


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    ordered = sorted(problems, key=lambda problem: problem.line)
    kept = ordered[:MAX_PROBLEMS]
    if len(ordered) > len(kept):
        kept.append(Problem(kept[-1].line, complaints.and_more(len(ordered) - len(kept))))
    return tuple(kept)
