"""Small operations on the elements of a page that is being put together."""

import xml.etree.ElementTree as etree
from collections.abc import Iterator

# An element that is not on the allow-list: the sanitiser drops it and keeps what is inside.
UNWRAPPED = "unwrapped"
HIDDEN = "visually-hidden"


def become(element: etree.Element, tag: str, **attributes: str) -> None:
    """Give the element another tag, and these attributes instead of those it had."""
    element.tag = tag
    element.attrib.clear()
    element.attrib.update(attributes)


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


def put_hidden(element: etree.Element, text: str) -> None:
    """Put text that only a screen reader says before everything that the element holds."""
    hidden = etree.Element("span", {"class": HIDDEN})
    hidden.text, hidden.tail, element.text = text, element.text, None
    element.insert(0, hidden)


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
