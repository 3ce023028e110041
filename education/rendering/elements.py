"""Small operations on the elements of a page that is being put together."""

import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping

from education.rendering.facts import ImageFacts
from education.rendering.source_text import without_marks, without_unwanted
from education.rendering.widths import ALONE, WITHIN_TEXT

# An element that is not on the allow-list: the sanitiser drops it and keeps what is inside.
UNWRAPPED = "unwrapped"
HIDDEN = "visually-hidden"
LEAST_TO_STACK = 3


def become(element: etree.Element, tag: str, **attributes: str) -> None:
    """Give the element another tag, and these attributes instead of those it had."""
    element.tag = tag
    element.attrib.clear()
    element.attrib.update(attributes)


def become_image(element: etree.Element, facts: ImageFacts, *, alone: bool) -> None:
    """Turn the element into an image of the library. One that stands alone is shown less wide than the text is."""
    files = ", ".join(f"{url} {width}w" for width, url in (*facts.smaller, (facts.width, facts.url)))
    choice = {"srcset": files, "sizes": ALONE if alone else WITHIN_TEXT} if facts.smaller else {}
    become(
        element,
        "img",
        src=facts.url,
        **choice,
        alt="" if facts.decorative else without_unwanted(facts.alternative_text),
        width=str(facts.width),
        height=str(facts.height),
        loading="lazy",
    )


def empty(element: etree.Element) -> None:
    """Take text and children out of the element, but leaves what follows it."""
    tail = element.tail
    element.clear()
    element.tail = tail


def append_text(element: etree.Element, text: str) -> None:
    """Add text after everything that the element holds."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def take_out(element: etree.Element, tag: str) -> etree.Element:
    """Return all that the element holds in a new element, and leave it empty."""
    taken = etree.Element(tag)
    taken.text = element.text
    taken.extend(list(element))
    empty(element)
    return taken


def put_before(element: etree.Element, text: str, attributes: Mapping[str, str]) -> None:
    """Put text in a span with these attributes before everything that the element holds."""
    span = etree.Element("span", dict(attributes))
    span.text, span.tail, element.text = text, element.text, None
    element.insert(0, span)


def describe_cells(table: etree.Element) -> None:
    """Say how each cell of a table is aligned, and that its heads are those of columns."""
    for cell in (*table.iter("th"), *table.iter("td")):
        alignment = cell.attrib.pop("align", "")
        if alignment in ("center", "right"):
            cell.set("class", f"align-{alignment}")
        if cell.tag == "th":
            cell.set("scope", "col")


def put_in_region(table: etree.Element, label: str) -> None:
    """Turn the table into a region with the table in it: a wide one scrolls there, by keyboard too."""
    inside = take_out(table, "table")
    become(table, "div", **{"class": "table-wrap", "role": "region", "tabindex": "0", "aria-label": label})
    table.append(inside)
    stack(inside)


def stack(table: etree.Element) -> None:
    """Let a table of words become a list on a phone: each cell gets the head of its column.

    Two columns fit as they are, and numbers that are aligned stand side by side to be compared.
    """
    heads = [without_marks(words(head)) for head in table.iter("th")]
    if len(heads) < LEAST_TO_STACK or any(cell.get("class") for cell in table.iter("td")):
        return
    table.set("class", "stacks")
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag == "td"]
        for cell, head in zip(cells[1:], heads[1:], strict=False):
            cell.set("data-label", head)


def words(element: etree.Element) -> str:
    """Return the words of an element on one line, without the numbers of its references."""
    return " ".join("".join(_texts(element)).split())


def depth(root: etree.Element) -> int:
    """Return how many elements stand inside each other at most. Does not call itself."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def holds_only_an_image(paragraph: etree.Element) -> bool:
    """Return whether an image stands alone in the paragraph."""
    return (
        len(paragraph) == 1
        and paragraph[0].tag == "image"
        and not (paragraph.text or "").strip()
        and not (paragraph[0].tail or "").strip()
    )


def _texts(element: etree.Element) -> Iterator[str]:
    if element.tag not in ("cite", "sup") and element.get("class") != HIDDEN:
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
