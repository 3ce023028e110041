"""From the parsed page to the page's own HTML elements, and to the facts about it."""

import difflib
import re
import xml.etree.ElementTree as etree
from collections.abc import Collection

from django.utils.translation import gettext
from markdown.treeprocessors import Treeprocessor

from education.figures import FIGURES
from education.rendering import complaints
from education.rendering.anchors import Anchors
from education.rendering.boxes import boxes
from education.rendering.dialect import BOX, BOX_TITLE
from education.rendering.drawings import MAX_DRAWINGS, Drawings
from education.rendering.elements import (
    UNWRAPPED,
    append_text,
    become,
    become_image,
    depth,
    describe_cells,
    holds_only_an_image,
    put_in_region,
    take_out,
    words,
)
from education.rendering.entries import Entries
from education.rendering.facts import CareCard, Heading, Library, Link, Problem
from education.rendering.labels import Labels
from education.rendering.references import References
from education.rendering.sanitiser import is_allowed_link, is_web_address
from education.rendering.source_text import MARK, decoded, without_marks, without_unwanted

# Where the entries go. A cleaned text has no such character, and the sanitiser keeps it.
ENTRIES = "\ufdd2"
# The parser puts each definition into the one before when no empty line parts them; the assembly calls itself
# for each level.
MAX_DEPTH = 40
MAX_SUGGESTIONS = 20

_ENTRIES_MARKER = re.compile(rf"\[\[entries\]\]{MARK}")
_UNREAD = re.compile(rf"(\[@|\]\(){MARK}")
_UNREAD_BOX = re.compile(rf"(?:\A|\n) *!!!{MARK}")


class TooDeep(Exception):
    """More elements stand inside each other than a page can need."""


class Assembly(Treeprocessor):
    """
    Turns what the dialect left in the tree into HTML elements, in reading order, and collects the facts.

    Sources that are met for the first time are added to `numbers`.
    """

    def __init__(
        self, library: Library, anchor: str, numbers: dict[str, int], entries: Entries | None = None, language: str = ""
    ) -> None:
        super().__init__()
        self.library = library
        self.entries = entries
        self.language = language
        self.entries_html = ""
        self.references = References(anchor, library.sources, numbers)
        self.terms: dict[str, None] = {}
        self.images: dict[str, None] = {}
        self.drawings = Drawings(anchor, language)
        self.care_cards: list[CareCard] = []
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.problems: list[Problem] = []
        self.places_entries = False
        self._boxes, self._labels = boxes(), Labels(language)
        self._level = 1
        self._anchors = Anchors(anchor)
        self._suggested = 0

    def run(self, root: etree.Element) -> None:
        """Change the tree in place. Raises TooDeep."""
        if depth(root) > MAX_DEPTH:
            raise TooDeep
        for paragraph in root:
            self._place_entries(paragraph)
        for element in root.iter():
            element.text = self._read(element.text)
            element.tail = self._read(element.tail)
        # Entries without a place of their own: the box opens the page, all others close it.
        opens = bool(self.entries and self.entries.box and not self.places_entries)
        if opens:
            self._write_entries(titled=True)
        self._assemble_children(root)
        if not opens and not self.places_entries:
            self._level = 1
            self._write_entries(titled=len(root) > 0)
        for element in root.iter():
            element.text = self._tidied(element.text, begins_block=element.tag in ("p", "li", "dd", "td"))
            element.tail = self._tidied(element.tail, begins_block=False)

    def _complain(self, line: str, message: str) -> None:
        self.problems.append(Problem(int(line), message))

    def _suggestion(self, key: str, known: Collection[str], more: Collection[str]) -> str:
        self._suggested += 1
        if self._suggested > MAX_SUGGESTIONS:  # each search goes through the whole library
            return ""
        return next(iter(difflib.get_close_matches(key, {*known, *more}, n=1)), "")

    def _place_entries(self, paragraph: etree.Element) -> None:
        marker = _ENTRIES_MARKER.fullmatch((paragraph.text or "").strip())
        if paragraph.tag != "p" or marker is None or len(paragraph):
            return
        if self.places_entries:
            self._complain(marker[1], complaints.entries_twice())
            become(paragraph, UNWRAPPED)
            paragraph.text = None
        else:
            self.places_entries = True
            become(paragraph, "div")
            paragraph.text = ENTRIES

    def _write_entries(self, *, titled: bool) -> None:
        if self.entries:
            self.entries_html = self.entries.html(self, titled=titled)

    def level_below(self) -> int:
        """Return the level of a heading under the one before."""
        return min(self._level + 1, 4)

    def heading(self, text: str) -> str:
        """Return the id for a heading of the entries."""
        return self._anchors.next_for(text)

    def _read(self, text: str | None) -> str | None:
        """Return the text with its character references decoded, and without a place for the entries."""
        if not text:
            return text
        for marker in _ENTRIES_MARKER.finditer(text):
            self._complain(marker[1], complaints.entries_not_alone())
        return decoded(_ENTRIES_MARKER.sub("", text))

    def _assemble_children(self, parent: etree.Element, inside_link: bool = False) -> None:
        for element in list(parent):
            match element.tag:
                case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                    self._heading(element)
                case "cite":
                    self._citation(element, inside_link)
                case "a":
                    self._link(element, inside_link)
                case "image":
                    self._image(element, None, inside_link)
                case "p" if holds_only_an_image(element):
                    self._image(element[0], element, inside_link)
                case "table":
                    self._table(element)
                case "div" if element.text == ENTRIES:
                    self._write_entries(titled=False)
                case "div" if element.get("class", "").startswith(BOX):
                    self._box(element)
                case _:
                    self._assemble_children(element, inside_link)

    def _heading(self, element: etree.Element) -> None:
        written_level = int(element.tag[1])
        self._assemble_children(element)
        text = words(element)
        if not text:
            become(element, UNWRAPPED)
            return
        self._level = min(max(written_level, 2), 4)  # the page's title is the h1
        anchor = self._anchors.next_for(without_marks(text))
        become(element, f"h{self._level}", id=anchor)
        self.headings.append(Heading(written_level, without_marks(text), anchor))

    def _citation(self, element: etree.Element, inside_link: bool) -> None:
        line, key, written = element.attrib["line"], element.get("key"), element.attrib["written"]
        if key is None:
            self._complain(line, complaints.malformed_source(written))
        elif key not in self.library.sources:
            suggestion = self._suggestion(key, self.library.sources, self.library.suggest_from.sources)
            self._complain(line, complaints.unknown_source(key, suggestion))
        elif inside_link:
            self._complain(line, complaints.reference_inside_link(key))
        else:
            self._reference(element, key)
            return
        become(element, UNWRAPPED)
        element.text = f"[@{written}]"

    def _reference(self, element: etree.Element, key: str) -> None:
        citation = self.references.cite(key)
        become(element, "sup", **{"class": "reference"})
        link = etree.SubElement(element, "a", href=f"#source-{key}", id=citation.anchor)
        link.text = f"[{citation.number}]"
        self._labels.hide_before(link, gettext("Source"))

    def _link(self, element: etree.Element, inside_link: bool) -> None:
        line, target = element.attrib["line"], decoded(element.attrib["target"])
        is_term = element.get("kind") == "term"
        attributes: dict[str, str] = {}
        if inside_link:
            self._complain(line, complaints.link_inside_link())
        elif is_term:
            attributes = self._term(line, element.attrib["key"])
        elif not is_allowed_link(target):
            self._complain(line, complaints.refused_link(target))
        else:
            attributes = {"href": target} | ({"rel": "external"} if is_web_address(target) else {})
        self._assemble_children(element, inside_link=True)
        text = without_marks(words(element))
        if attributes and not text and element.find(".//img") is None:
            self._complain(line, complaints.link_without_text(target))
            attributes = {}
        become(element, "a" if attributes else UNWRAPPED, **attributes)
        if attributes and not is_term:
            self.links.append(Link(target, text))

    def _term(self, line: str, key: str) -> dict[str, str]:
        if key not in self.library.terms:
            suggestion = self._suggestion(key, self.library.terms, self.library.suggest_from.terms)
            self._complain(line, complaints.unknown_term(key, suggestion))
            return {}
        self.terms[key] = None
        return {"class": "term", "href": f"#term-{key}"}

    def _image(self, element: etree.Element, figure: etree.Element | None, inside_link: bool) -> None:
        line, target = element.attrib["line"], element.attrib["target"]
        if element.get("kind") == "figure":
            self._drawing(element, figure, inside_link)
            return
        key = element.attrib["key"] if element.get("kind") == "image" else None
        if key is None or key not in self.library.images:
            if key is None:
                self._complain(line, complaints.foreign_image(target))
            else:
                suggestion = self._suggestion(key, self.library.images, self.library.suggest_from.images)
                self._complain(line, complaints.unknown_image(key, suggestion))
            self._assemble_children(element, inside_link)
            become(element, UNWRAPPED)
            return
        self.images[key] = None
        facts = self.library.images[key]
        caption = take_out(element, "figcaption")
        become_image(element, facts, alone=figure is not None)
        if figure is not None:
            figure.tag = "figure"
            self._caption(figure, caption, without_unwanted(facts.credit).strip())
        elif len(caption) or (caption.text or "").strip():
            self._complain(line, complaints.caption_inside_paragraph())

    def _drawing(self, element: etree.Element, figure: etree.Element | None, inside_link: bool) -> None:
        line, key = element.attrib["line"], element.attrib["key"]
        if key not in FIGURES:
            self._complain(line, complaints.unknown_figure(key, self._suggestion(key, FIGURES, ())))
        elif figure is None:
            self._complain(line, complaints.figure_not_alone())
        elif self.drawings.full:
            self._complain(line, complaints.too_many_figures(MAX_DRAWINGS))
        else:
            become(figure, "figure")
            figure.text = self.drawings.place(key)
            figure.remove(element)
            self._caption(figure, take_out(element, "figcaption"), credit="")
            return
        self._assemble_children(element, inside_link)
        become(element, UNWRAPPED)

    def _caption(self, figure: etree.Element, caption: etree.Element, credit: str) -> None:
        self._assemble_children(caption)
        if credit:
            if words(caption):
                append_text(caption, " ")
            etree.SubElement(caption, "span", {"class": "image-credit"}).text = credit
        if len(caption) or (caption.text or "").strip():
            figure.append(caption)

    def _table(self, element: etree.Element) -> None:
        describe_cells(element)
        self._assemble_children(element)
        put_in_region(element, self._labels.of_table(element, self.headings))

    def _box(self, element: etree.Element) -> None:
        _, line, *kinds = element.attrib["class"].split()
        kind = kinds[0] if kinds else ""
        box = self._boxes.get(kind)
        heading = element[0] if len(element) and element[0].get("class") == BOX_TITLE else None
        if box is None:
            self._complain(line, complaints.unknown_box(kind))
            if heading is not None:
                become(heading, "p")
            become(element, "div")
            self._assemble_children(element)
            return
        if heading is None:
            heading = etree.Element("p")
            self._labels.write_into(heading, box.title)
            if not box.title:
                self._complain(line, complaints.box_without_title(kind))
        else:
            element.remove(heading)
        if not len(element):
            self._complain(line, complaints.empty_box(kind))
        level = min(self._level + 1, 4)
        self._assemble_children(heading)
        title = without_marks(words(heading))
        become(heading, f"h{level}", id=self._anchors.next_for(title or kind))
        if box.level:
            if title and not title.endswith(":"):
                append_text(heading, ":")
                title += ":"
            self.care_cards.append(CareCard(box.level, title, int(line)))
        if box.hidden:
            self._labels.hide_before(heading, box.hidden)
        become(element, "div", **{"class": box.css_class})
        self._assemble_children(element)
        element.insert(0, heading)

    def _tidied(self, text: str | None, begins_block: bool) -> str | None:
        """Return the text without marks; a mark that nobody took away belongs to something unreadable."""
        if not text or "\ufdd0" not in text:
            return text
        for unread in _UNREAD.finditer(text):
            self._complain(unread[2], complaints.unread(unread[1]))
        for box in _UNREAD_BOX.finditer(text):
            if begins_block or box.start():
                self._complain(box[1], complaints.unread_box())
        return without_marks(text)
