"""The places of an edition that a reviewer's comment can be tied to: the guide, a page, a heading, an entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator, slugify

from education.canonical import canonical_json, sha256
from education.entries import KIND_NAMED
from education.models import Edition, EditionPage
from education.quality.passages import of_markdown
from education.rendering.entries import entry_anchor
from education.rendering.plain_text import plain_text
from education.snapshot import EVIDENCE, OVERVIEW

WHOLE_GUIDE = "The whole guide"
# Of a heading or an entry, so many characters name the place.
LONGEST_NAME = 100

_HEADING = re.compile(r'<h[2-4]\b[^>]*\sid="([^"]+)"[^>]*>(.*?)</h[2-4]>', re.DOTALL)


@dataclass(frozen=True)
class CommentPlace:
    """A place of an edition. `value` names it in a form, `words` in a list of the page's places.

    `anchors`: the ids under which it stands in the text as patients read it.
    """

    value: str
    words: str
    page: int | None = None
    slug: str = ""
    title: str = WHOLE_GUIDE
    line: int | None = None
    entry: int | None = None
    anchors: tuple[str, ...] = ()

    def comment(self, *, words: str, quote: str) -> dict[str, Any]:
        """Return a comment on this place as a review keeps it."""
        named = self.line is not None or self.entry is not None
        return {
            "page": self.page,
            "slug": self.slug,
            "title": self.title,
            "place": self.words if named else "",
            "line": self.line,
            "entry": self.entry,
            "quote": quote,
            "words": words,
        }


def comment_places(edition: Edition) -> list[CommentPlace]:
    """Return the places of an edition in the order of reading, the whole guide first: one query."""
    pages = list(edition.pages.order_by("position").with_html())
    return [CommentPlace("", WHOLE_GUIDE), *(place for page in pages for place in _places_on(page, pages))]


def _places_on(page: EditionPage, pages: Sequence[EditionPage]) -> Iterator[CommentPlace]:
    facts: Mapping[str, Any] = {"page": page.page_id, "slug": page.slug, "title": page.title}
    yield CommentPlace(page.slug, "The whole page", anchors=(f"chapter-{page.slug}",), **facts)
    shown = [(anchor, plain_text(html)) for anchor, html in _HEADING.findall(page.html or "")]
    for passage in of_markdown(page.markdown, page.slug):
        line = passage.line_at()
        if passage.kind == "heading" and passage.words and line is not None:
            found = next((at for at, (_, words) in enumerate(shown) if words == passage.words), None)
            anchors: tuple[str, ...] = (shown.pop(found)[0],) if found is not None else ()
            yield CommentPlace(
                f"{page.slug}:{line}", f"Under “{_name(passage.words)}”", line=line, anchors=anchors, **facts
            )
    # The evidence page shows the key facts of the overview.
    twins = [one for one in pages if page.kind == OVERVIEW and one.kind == EVIDENCE]
    names = Counter(KIND_NAMED[entry["kind"]].title_of(entry) for entry in page.entries)
    for number, entry in enumerate(page.entries, start=1):
        kind = KIND_NAMED[entry["kind"]]
        name = kind.title_of(entry)
        anchors = tuple(entry_anchor(slugify(one.slug), number) for one in (page, *twins))
        # Facts that disagree share a label; what each says tells them apart.
        says = f": {_name(entry['value'])}" if names[name] > 1 and "value" in entry else ""
        words = f"{kind.label} “{_name(name)}”{says}"
        yield CommentPlace(f"{page.slug}#{number}", words, entry=number, anchors=anchors, **facts)


def _name(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST_NAME)


def mark_of(comment: Mapping[str, Any]) -> str:
    """Return what tells a comment of a draft from the others: whoever has two windows open removes the right one."""
    return sha256(canonical_json(dict(comment)))[:16]
