"""The dialect of Markdown that pages are written in, as an extension of the Markdown library."""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString

from education.rendering.source_text import KEY, MARK, without_marks

# The first word of the class that the parser gives to a box; the line and the kind follow it.
BOX = AdmonitionProcessor.CLASSNAME
BOX_TITLE = AdmonitionProcessor.CLASSNAME_TITLE

# One level of brackets may stand inside the text of a link, one level of parentheses inside its address.
# The possessive quantifiers (*+) keep each attempt linear.
_LABEL = r"\[(?!@)((?:[^\[\]]|\[[^\[\]]*+\](?!\())*+)\]"
_TARGET = rf"\({MARK}((?:[^()\n]|\([^()\n]*+\))*+)\)"
_DESTINATION = re.compile(r"""(?:<([^<>]*)>|(\S*))(?:\s+(?:"[^"]*"|'[^']*'))?""")
_KEYED = re.compile(rf"(term|image|figure):({KEY})")
# The library's own emphasis repeats words when * and _ overlap, and nests without end. Here a pair holds no
# other pair of its own kind, except that strong text may hold emphasised text.
_EMPHASIS = {
    "strong_star": ("strong", r"\*\*(?![\s*])((?:[^*]|\*(?![\s*])[^*]+\*)+?)(?<!\s)\*\*"),
    "em_star": ("em", r"(?<!\*)\*(?![\s*])([^*]+)(?<!\s)\*(?!\*)"),
    "strong_line": ("strong", r"(?<!\w)__(?![\s_])((?:[^_]|_(?![\s_])[^_]+_)+?)(?<!\s)__(?!\w)"),
    "em_line": ("em", r"(?<!\w)_(?![\s_])([^_]+)(?<!\s)_(?!\w)"),
}
_BOX_LINE = re.compile(r"""\s*([\w-]+)(?:\s+["“”„«](.*)["“”»])?\s*""")


class CitationPattern(InlineProcessor):
    """[@key] becomes <cite line="…" key="…">; what is written stays as its text."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        cite = etree.Element("cite", line=m[1])
        if re.fullmatch(KEY, m[2]):
            cite.set("key", m[2])
        cite.set("written", without_marks(self.unescape(m[2])))
        return cite, m.start(), m.end()


class LinkPattern(InlineProcessor):
    """[text](target) becomes <a line="…"> with a term's key or a href, ![text](target) an <image>."""

    def __init__(self, pattern: str, md: Markdown, tag: str) -> None:
        super().__init__(pattern, md)
        self.tag = tag

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        element = etree.Element(self.tag, line=m[2])
        element.text = m[1]
        target = m[3].strip()
        if destination := _DESTINATION.fullmatch(target):
            # A title in quotation marks is read, and not shown.
            target = (destination[1] or destination[2] or "").strip()
        # Read before escapes are undone, so that keys() finds the same keys in the bare text.
        keyed = _KEYED.fullmatch(target)
        if keyed:
            element.set("kind", keyed[1])
            element.set("key", keyed[2])
        element.set("target", without_marks(self.unescape(target)))
        return element, m.start(), m.end()


class AutolinkPattern(InlineProcessor):
    """<https://…> becomes a link that shows its address."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        address = self.unescape(m[2])
        element = etree.Element("a", line=m[1], target=address)
        element.text = AtomicString(address)
        return element, m.start(), m.end()


class EmphasisPattern(InlineProcessor):
    """**text** and *text*, with asterisks or low lines."""

    def __init__(self, pattern: str, md: Markdown, tag: str) -> None:
        super().__init__(pattern, md)
        self.tag = tag

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        element = etree.Element(self.tag)
        element.text = m[1]
        return element, m.start(), m.end()


class BoxProcessor(AdmonitionProcessor):
    """!!! kind "title" becomes <div class="admonition LINE KIND">; an unreadable line has no kind."""

    RE = re.compile(rf"(?:^|\n)!!!{MARK}([^\n]*)(?:\n|$)")

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str | None]:
        line, written = match[1], match[2]
        read = _BOX_LINE.fullmatch(written)
        if read is None:
            return line, written.strip()
        return f"{line} {read[1].lower()}", (read[2] or "").strip() or None


class Dialect(Extension):
    """Switches off what pages do not have, and adds what they have besides common Markdown."""

    def __init__(self, assembly: Treeprocessor) -> None:
        """Take the tree processor that turns the parsed page into the page's own HTML."""
        super().__init__()
        self.assembly = assembly

    def extendMarkdown(self, md: Markdown) -> None:
        # Raw HTML is not parsed at all, so it appears as the text that it is. Code is not either, so
        # that each [@key] in a text is a citation, wherever it stands.
        md.preprocessors.deregister("html_block")
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.deregister("reference")
        for name in (
            *("backtick", "html", "entity", "autolink", "automail", "link", "image_link"),
            *("reference", "short_reference", "image_reference", "short_image_ref", "em_strong"),
        ):
            md.inlinePatterns.deregister(name)
        md.postprocessors.deregister("raw_html")
        md.postprocessors.deregister("amp_substitute")

        for extension in (TableExtension(use_align_attribute=True), DefListExtension(), SaneListExtension()):
            extension.extendMarkdown(md)
        md.parser.blockprocessors.register(BoxProcessor(md.parser), "box", 105)
        md.inlinePatterns.register(LinkPattern(f"!{_LABEL}{_TARGET}", md, "image"), "image", 165)
        md.inlinePatterns.register(LinkPattern(_LABEL + _TARGET, md, "a"), "link", 160)
        md.inlinePatterns.register(CitationPattern(rf"\[@{MARK}([^\[\]\n]*+)\]", md), "citation", 150)
        md.inlinePatterns.register(AutolinkPattern(rf"<{MARK}([^<>\s]*+)>", md), "autolink", 120)
        for place, (name, (tag, pattern)) in enumerate(_EMPHASIS.items()):
            md.inlinePatterns.register(EmphasisPattern(pattern, md, tag), name, 60 - place)
        # The assembly reads texts, so escapes are undone before it; line breaks are set after it.
        md.treeprocessors.deregister("unescape")
        md.treeprocessors.register(UnescapeTreeprocessor(md), "unescape", 18)
        md.treeprocessors.register(self.assembly, "assembly", 15)
