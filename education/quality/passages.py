"""The passages of a guide (headings, paragraphs, list items, entries) as plain words, each with its place."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from education.entries import KIND_NAMED
from education.readability import sentence_spans

# Stands for a citation, so that a check can tell where one was.
CITATION = "\N{OBJECT REPLACEMENT CHARACTER}"
INDENT = 4
MOST_OF_LEAD = 200  # characters

_CITATION = re.compile(r"\[@[^\[\]]*+\]")
_LINK = re.compile(r"!?\[([^\[\]]*+)\]\([^()]*+(?:\([^()]*+\)[^()]*+)?\)")
_ADDRESS = re.compile(r"<?https?://[^\s<>]*+>?|\b10\.\d{4,9}/\S+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"(?<!\\)\*++(?=\S)|(?<=[^\s\\])\*++|(?<![\w\\])_++(?=\S)|(?<=[^\s\\])_++(?!\w)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\ufffc]")

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|»[^«»]*«|„[^„“”]*[“”]|‘[^‘’]*’(?!\w)")
_CITED_NEXT = re.compile(rf"[\s\"'”’»).]{{0,6}}{CITATION}")
_SAYS = re.compile(
    r"(?<!\bwe )(?<!\bI )\b(?:says?|said|calls?|called|claims?|claimed|writes|wrote|according to|advertises?)\b",
    re.IGNORECASE,
)
_DASHES = str.maketrans("\u2010\u2011\u2013", "---")

_START = re.compile(r"(?P<indent>\s*)(?:> ?)*\s*")
_BOX = re.compile(r"!!!\s*(?P<kind>[\w-]*)\s*(?P<text>.*)")
_ITEM = re.compile(r"(?:(?P<bullet>[*+-])|\d{1,9}\.)\s+(?P<text>.*)")
_DEFINITION = re.compile(r":\s+(?P<text>.*)")
_UNDERLINE = re.compile(r"=+|-+")
_RULE = re.compile(r"[-*_](?:\s*[-*_]){2,}")
_TABLE_RULE = frozenset(" \t|:-")


@dataclass(frozen=True)
class Passage:
    """Words that belong together. `kind`: title, heading, paragraph, item, definition, cell, box or entry.

    `level` is how deep a list item is indented, in steps of four; `lines` are pairs of offset in the text and line.
    """

    kind: str
    text: str
    place: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    entry: int | None = None
    entry_kind: str = ""
    sourced: bool = False
    level: int = 0
    ordered: bool = False

    def line_at(self, offset: int = 0) -> int | None:
        """Return the line of the Markdown in which the character at an offset stands; None outside Markdown."""
        if not self.lines:
            return None
        return self.lines[bisect_right(self.lines, offset, key=lambda one: one[0]) - 1][1]

    @property
    def words(self) -> str:
        """The text without the places of its citations."""
        return _one_line(self.text.replace(CITATION, ""))

    @cached_property
    def sentences(self) -> tuple[tuple[int, str], ...]:
        """The sentences, each with its offset in the text."""
        return tuple((start, self.text[start:end]) for start, end in sentence_spans(self.text))

    @cached_property
    def folded(self) -> Passage:
        """The same with its characters and dashes in their simplest form, for looking up phrases."""
        if self.text.isascii():
            return self
        starts = [offset for offset, _ in self.lines] or [0]
        pieces = [_folded(self.text[a:b]) for a, b in zip(starts, [*starts[1:], len(self.text)], strict=True)]
        at, lines = 0, []
        for piece, (_, number) in zip(pieces, self.lines, strict=False):
            lines.append((at, number))
            at += len(piece)
        return replace(self, text="".join(pieces), lines=tuple(lines))

    @property
    def attributed(self) -> Iterator[tuple[int, int]]:
        """The quotations whose own sentence gives a citation after them, or in an entry says who said so."""
        ends = [start + len(words) for start, words in self.sentences]
        for quoted in _QUOTED.finditer(self.text):
            opens, closes = (bisect_right(ends, at) for at in (quoted.start(), quoted.end() - 1))
            first = self.sentences[opens][0] if opens < len(ends) else quoted.start()
            last = max(quoted.end(), ends[closes] if closes < len(ends) else 0)
            if self.entry is not None:
                outside = self.text[first : quoted.start()] + " … " + self.text[quoted.end() : last]
                credited = self.sourced and _SAYS.search(outside) is not None
            else:
                credited = CITATION in self.text[quoted.end() : last] or _CITED_NEXT.match(self.text, last) is not None
            if credited:
                yield quoted.span()


def with_leads(passages: Iterable[Passage]) -> Iterator[tuple[Passage, str]]:
    """Yield passages in order, list items with the words before them that end in a colon, such as "Bring:"."""
    lead, deepest = "", -1
    for passage in passages:
        if passage.kind != "item" or passage.level <= deepest:
            lead, deepest = "", -1
        yield passage, lead
        if passage.words.endswith(":"):
            last = passage.sentences[-1][1].replace(CITATION, "").strip()
            lead, deepest = last[-MOST_OF_LEAD:], passage.level if passage.kind == "item" else -1


def of_text(text: str, place: str = "") -> Iterator[Passage]:
    """Yield the paragraphs of a plain text."""
    for paragraph in re.split(r"\n\s*\n", text):
        if words := _one_line(paragraph):
            yield Passage("paragraph", words, place)


def of_entry(values: Mapping[str, Any], number: int, place: str = "") -> Iterator[Passage]:
    """Yield the paragraphs of an entry's texts; choices such as a frequency are left out."""
    kind = KIND_NAMED[values["kind"]]
    for field in kind.fields:
        if field.kind is str and field.choices is None:
            for passage in of_text(str(values.get(field.name) or "")):
                yield Passage(
                    "entry",
                    passage.text,
                    place,
                    entry=number,
                    entry_kind=kind.name,
                    sourced=bool(values["sources"]),
                )


def of_markdown(markdown: str, place: str) -> Iterator[Passage]:
    """Yield the passages of a page's Markdown in order, without its marks; citations become one character."""
    block: _Block | None = None
    for number, raw in enumerate(markdown.split("\n"), 1):
        line = raw.expandtabs(INDENT)
        match = _START.match(line)
        start, level = (match.end(), len(match["indent"]) // INDENT) if match else (0, 0)
        content = line[start:].rstrip()
        if block is not None and block.is_headline(content):
            yield block.passage(place, "heading")
            block = None
            continue
        opened = _opened(content, level)
        if opened is None and block is not None and content:
            block.add(content, number)
            continue
        if block is not None:
            yield block.passage(place)
            block = None
        for new in [_Block("paragraph", level, content)] if opened is None else opened:
            new.add(new.first, number)
            if new.goes_on:
                block = new
            else:
                yield new.passage(place)
    if block is not None:
        yield block.passage(place)


class _Block:
    """A passage that is being read, line by line."""

    def __init__(self, kind: str, level: int, first: str = "", ordered: bool = False) -> None:
        self.kind, self.level, self.first, self.ordered = kind, level, first, ordered
        self.pieces: list[str] = []
        self.lines: list[tuple[int, int]] = []
        self._length = 0

    @property
    def goes_on(self) -> bool:
        """Whether the next line may belong to it too."""
        return self.kind in ("paragraph", "item", "definition")

    def is_headline(self, next_line: str) -> bool:
        """Whether the next line underlines this one, which makes it a heading."""
        return self.kind == "paragraph" and len(self.pieces) == 1 and bool(_UNDERLINE.fullmatch(next_line))

    def add(self, content: str, number: int) -> None:
        words = _words(content)
        self.lines.append((self._length, number))
        self.pieces.append(words)
        self._length += len(words) + 1

    def passage(self, place: str, kind: str = "") -> Passage:
        return Passage(
            kind or self.kind,
            " ".join(self.pieces),
            place,
            lines=tuple(self.lines),
            level=self.level,
            ordered=self.ordered,
        )


def _opened(content: str, level: int) -> list[_Block] | None:
    """Return the passages that a line begins (none for a rule), or None when it continues what stands before it."""
    if not content or content == "[[entries]]" or _RULE.fullmatch(content) or _TABLE_RULE.issuperset(content):
        return []
    if content.startswith("#"):
        return [_Block("heading", level, content.strip("#").strip())]
    if content.startswith("!!!") and (match := _BOX.fullmatch(content)):
        return [_Block("box", level, match["text"].strip().strip('"“”„«»'))]
    if match := _ITEM.fullmatch(content):
        return [_Block("item", level, match["text"], ordered=match["bullet"] is None)]
    if match := _DEFINITION.fullmatch(content):
        return [_Block("definition", level, match["text"])]
    if "|" in content:
        return [_Block("cell", level, cell.strip()) for cell in content.split("|") if cell.strip()]
    return None


def _words(markdown: str) -> str:
    """Return a line without the marks of Markdown."""
    text = _INVISIBLE.sub("", html.unescape(markdown))
    text = _CITATION.sub(CITATION, text)
    for _ in range(2):  # a caption may hold one link
        text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", _ADDRESS.sub("", text))
    return _one_line(_ESCAPED.sub(r"\1", text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def _one_line(text: str) -> str:
    return " ".join(text.split())
