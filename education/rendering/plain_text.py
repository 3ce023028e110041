"""The words of a page, as the search reads them."""

import re
from html.parser import HTMLParser

# The ids of entries, and no others, have two hyphens side by side before their number.
_ENTRY = re.compile(r"--[0-9]+\Z")


class _TextReader(HTMLParser):
    """Collects what a sighted reader reads, without the numbers of references.

    A figure is read by its title and description, which say all that the labels on it say.
    """

    _BREAKS = frozenset(
        (
            *("blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "hr"),
            *("li", "ol", "p", "section", "table", "td", "th", "tr", "ul", "title", "desc"),
        )
    )
    _SKIPPED = frozenset((("sup", "reference"), ("span", "visually-hidden")))

    def __init__(self, *, without_entries: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.without_entries = without_entries
        self.pieces: list[str] = []
        self._skipped_tag = ""
        self._skipped_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped_depth:
            self._skipped_depth += tag == self._skipped_tag
        elif self._is_skipped(tag, dict(attrs)):
            self._skipped_tag, self._skipped_depth = tag, 1
            if tag == "sup" and self.pieces:
                # “It works [1].” is “It works.” without the number.
                self.pieces[-1] = self.pieces[-1].rstrip(" \xa0")
        elif tag in self._BREAKS:
            self.pieces.append("\n")

    def _is_skipped(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag == "text" or (tag, attributes.get("class") or "") in self._SKIPPED:
            return True
        if not self.without_entries:
            return False
        # Words of ours that stand in another language than the text are no part of what somebody wrote.
        return "lang" in attributes or bool(_ENTRY.search(attributes.get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._skipped_depth:
            self._skipped_depth -= tag == self._skipped_tag
        elif tag in self._BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped_depth:
            self.pieces.append(data.replace("\n", " "))


def plain_text(html: str, *, without_entries: bool = False) -> str:
    """Return the words of sanitised HTML, one line for each block, for search.

    `without_entries`: only what somebody wrote as text, without entries and without our own words in another language.
    """
    reader = _TextReader(without_entries=without_entries)
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)
