"""The Markdown before it is parsed: cleaned, measured against the limits, and its lines marked."""

import html
import itertools
import re
from collections.abc import Callable, Iterator

from education.rendering import complaints
from education.rendering.facts import Keys, Problem

MAX_CHARACTERS = 60_000
# A block is a run of lines without an empty line: a paragraph, a list, a table. The parser's time grows with
# the square of a block's length and of the number of blocks; it reads the rest of a block again after each
# heading, rule, box and definition ("part") in it; and it gives every row of a table as many cells as the
# first row has. With these limits every text that was tried is done, or refused, in less than a second.
MAX_BLOCKS = 3_000
MAX_BLOCK_CHARACTERS = 6_000
MAX_BLOCK_LINES = 400
MAX_BLOCK_PARTS = 20
MAX_PIECES = 3_000
MAX_CELLS = 5_000
# The parser calls itself for each list or quote inside another.
MAX_NESTING = 6
INDENT = 4

# Unicode keeps these code points for internal use: none is left in a cleaned text, and no character
# reference can write one, so an editor cannot forge a mark.
MARK = "\ufdd0([0-9]+)\ufdd1"
_MARKS = re.compile(MARK)
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REFERENCES = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

KEY = "[a-z0-9][a-z0-9-]*"
_KEYS = re.compile(rf"\\.|\[@({KEY})\]|\]\(\s*<?\s*(term|image|figure):({KEY})")
# What a problem may be about later on, so what is marked with its line. The first choice steps over what
# a backslash escapes.
_MARKED = re.compile(r"\\.|\[@|\]\(|!!!|\[\[entries\]\]|<(?=https?://)")
_NESTED = re.compile(r"( *)((?:(?:>|[*+-] |[0-9]+\. |: ) *)*+)(!!!)?")
_NESTING_MARKS = re.compile(r">|[*+-] |[0-9]+\. |: ")
_ITEM = re.compile(r"[ >]*(?:[*+-]|[0-9]+\.) ")
_PART = re.compile(r"[ >]*(?:#|!!!|: |=+ *$|[-*_][-*_ ]*$)")
_RULE = re.compile(r" {0,3}(?:(?:- {0,2}){3,}|(?:_ {0,2}){3,}|(?:\* {0,2}){3,}) *")


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, with LF, and empty lines empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _UNWANTED.sub("", text))
    return "\n".join(line if line.strip() else "" for line in text.split("\n"))


def decoded(text: str) -> str:
    """Return the text with character references such as &nbsp; replaced by their characters."""
    return _REFERENCES.sub(lambda match: without_unwanted(html.unescape(match[0])), text)


def without_unwanted(text: str) -> str:
    """Return the text without the characters that the renderer uses for itself or that HTML refuses."""
    return _UNWANTED.sub("", _SURROGATES.sub("", text))


def keys(markdown_text: str) -> Keys:
    """
    Find the keys that a text names, without parsing it, so that a caller can load only what is used.

    Every key that render() reports is among them; a key in a construct that render() refuses may be too.
    """
    found: dict[str, set[str]] = {"source": set(), "term": set(), "image": set(), "figure": set()}
    for match in _KEYS.finditer(clean(markdown_text)):
        source, kind, key = match.groups()
        if source:
            found["source"].add(source)
        elif kind:
            found[kind].add(key)
    return Keys(*(frozenset(found[kind]) for kind in ("source", "term", "image", "figure")))


def refusal(text: str) -> Problem | None:
    """Return why a cleaned text is not given to the parser at all, or None when it may be."""
    if len(text) > MAX_CHARACTERS:
        return Problem(1, complaints.too_long(len(text), MAX_CHARACTERS))
    pieces = cells = 0
    for count, (start, lines) in enumerate(_blocks(text.expandtabs(INDENT)), 1):
        for number, line in enumerate(lines, start):
            if _nesting(line) > MAX_NESTING:
                return Problem(number, complaints.too_deep(MAX_NESTING))
        parts = sum(bool(_PART.match(line)) for line in lines)
        pieces += 2 * parts + sum(map(_pieces, lines))
        cells += len(lines) * max(line.count("|") for line in lines)
        if sum(map(len, lines)) > MAX_BLOCK_CHARACTERS or len(lines) > MAX_BLOCK_LINES:
            return Problem(start, complaints.block_too_long(MAX_BLOCK_CHARACTERS, MAX_BLOCK_LINES))
        if parts > MAX_BLOCK_PARTS:
            return Problem(start, complaints.too_many_parts(MAX_BLOCK_PARTS))
        if pieces > MAX_PIECES:
            return Problem(start, complaints.too_many_pieces(MAX_PIECES))
        if cells > MAX_CELLS:
            return Problem(start, complaints.too_many_cells(MAX_CELLS))
        if count > MAX_BLOCKS:
            return Problem(start, complaints.too_many_blocks(MAX_BLOCKS))
    return None


def with_marks(text: str) -> str:
    """Return a cleaned text in which each thing that may be reported carries the number of its line."""
    return "\n".join(_MARKED.sub(_marker(number), line) for number, line in enumerate(text.split("\n"), 1))


def without_marks(text: str) -> str:
    """Return the text without the marks that with_marks() put in."""
    return _MARKS.sub("", text)


def _marker(number: int) -> Callable[[re.Match[str]], str]:
    def mark(match: re.Match[str]) -> str:
        return match[0] if match[0].startswith("\\") else f"{match[0]}\ufdd0{number}\ufdd1"

    return mark


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the runs of lines that are not empty, each with the number of its first line."""
    number = 1
    for filled, group in itertools.groupby(text.split("\n"), key=bool):
        lines = list(group)
        if filled:
            yield number, lines
        number += len(lines)


def _pieces(line: str) -> int:
    """Return about how many elements the parser makes of the line, headings and boxes apart."""
    marks = line.count("*") + line.count("_") + line.count("\\")
    links = line.count("[@") + line.count("](") + line.count("<http")
    return bool(_ITEM.match(line)) + links + marks // 2


def _nesting(line: str) -> int:
    match = _NESTED.match(line)
    if match is None or not (match[2] or match[3]) or _RULE.fullmatch(line):
        return 0
    return len(match[1]) // INDENT + len(_NESTING_MARKS.findall(match[2])) + bool(match[3])
