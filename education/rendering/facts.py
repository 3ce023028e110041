"""What the renderer is given, and what it reports about a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CareLevel = Literal["emergency", "urgent", "non-urgent"]


@dataclass(frozen=True)
class ImageFacts:
    """An image of the library, as far as a page shows it. Width and height are in pixels.

    `smaller` has the width and the address of each smaller file of the same picture.
    """

    url: str
    alternative_text: str
    decorative: bool
    credit: str
    width: int
    height: int
    smaller: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Keys:
    """Keys of sources, terms, images and figures, such as those that a text names, whether they exist or not."""

    sources: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()


NO_KEYS = Keys()


@dataclass(frozen=True)
class Library:
    """All that a text may refer to: titles of sources, plain meanings of terms, images, each by key.

    `suggest_from` are more keys, which a text may not name yet: they are suggested in place of a misspelt one.
    """

    sources: Mapping[str, str]
    terms: Mapping[str, str]
    images: Mapping[str, ImageFacts]
    suggest_from: Keys = NO_KEYS


@dataclass(frozen=True)
class Citation:
    """One reference in the text: the source's key and number, and the id of the reference on the page."""

    key: str
    number: int
    anchor: str


@dataclass(frozen=True)
class CareCard:
    """A box that says when to get help. The heading is as shown, without its hidden level."""

    level: CareLevel
    heading: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading of the text, with the level as written (1 for #) and the id on the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Link:
    """A link that the page keeps; terms and references are not links."""

    href: str
    text: str


@dataclass(frozen=True)
class Problem:
    """Something that the editor has to put right, with the line of the Markdown, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True)
class Rendered:
    """A page as safe HTML, and everything that was met on the way, in reading order."""

    html: str = ""
    text: str = ""
    citations: tuple[Citation, ...] = ()
    terms: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    care_cards: tuple[CareCard, ...] = ()
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
