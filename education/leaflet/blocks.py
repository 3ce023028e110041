"""A page's stored HTML as the blocks that the leaflet sets: plain data, in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from education.leaflet.tree import Element, parsed

Block = dict[str, Any]
Inline = list[Any]

_IMAGE = re.compile(r"/images/([0-9a-f]{64})\.webp")
_STYLES = {"strong": "strong", "em": "emph"}
_INLINE = frozenset(("a", "bdi", "br", "em", "img", "span", "strong", "sup", "time"))
_CARD = "care-card-"


def blocks(html: str) -> list[Block]:
    """Return a page's blocks. What stands in its text is data from here on, never a program or a mark-up."""
    return _flow(parsed(html).children)


def _flow(children: Iterable[Element | str]) -> list[Block]:
    """Return blocks for what an element holds; words that stand free among blocks become paragraphs."""
    found: list[Block] = []
    for free, group in groupby(children, key=_is_inline):
        if free:
            words = _tidied(_inline(group))
            found += [{"kind": "paragraph", "words": words}] if words else []
        else:
            for element in group:
                _add(found, element)
    return found


def _add(found: list[Block], child: Element | str) -> None:
    if isinstance(child, str):
        return
    before = found[-1] if found and found[-1]["kind"] == "paragraph" else None
    made = _block(child)
    if before and made and "entry-sources" in child.classes:
        # The numbers of its sources stand on a line of their own on a phone; on paper they end the claim.
        before["words"] = [*before["words"], "\N{NO-BREAK SPACE}", *made[0]["words"]]
    else:
        found += made


def _is_inline(child: Element | str) -> bool:
    return isinstance(child, str) or child.tag in _INLINE


def _block(element: Element) -> list[Block]:
    made = _MAKERS.get(element.tag, _several)(element)
    for block in made if element.tag not in ("div", "section") else ():
        block |= _language(element)
    return made


def _language(element: Element) -> dict[str, str]:
    return {name: element.attributes[name] for name in ("lang", "dir") if name in element.attributes}


# Words in a line


def _inline(children: Iterable[Element | str]) -> Inline:
    words: Inline = []
    for child in children:
        if isinstance(child, str):
            words.append(" ".join(re.split(r"[ \t\r\n]+", child)))
        else:
            words += _marked(child)
    return words


def _marked(element: Element) -> Inline:
    if "visually-hidden" in element.classes:
        return []
    if element.tag == "br":
        return [{"kind": "break"}]
    if element.tag == "img":
        return [_image(element)]
    inside = _inline(element.children)
    if element.tag == "sup":
        return _reference(element)
    if element.tag == "a":
        return [_link(element, inside)]
    if "lang" in element.attributes:
        inside = [{"kind": "words", "words": inside, **_language(element)}]
    if element.tag in _STYLES:
        return [{"kind": _STYLES[element.tag], "words": inside}]
    if "image-credit" in element.classes:
        return [{"kind": "small", "words": inside}]
    if set(element.classes) & {"ask-prescriber", "disagree"}:
        return [" ", {"kind": "strong", "words": inside}]
    return inside


def _reference(element: Element) -> Inline:
    return [{"kind": "reference", "numbers": [element.words().strip("[]")]}]


def _link(element: Element, words: Inline) -> dict[str, Any]:
    href = element.attributes.get("href", "")
    if href.startswith("#term-"):
        return {"kind": "term", "key": href.removeprefix("#term-"), "words": words}
    return {"kind": "link", "href": href, "words": words}


def _tidied(words: Inline) -> Inline:
    """Return the words without spaces at both ends; nothing where only spaces are left."""
    kept = [one for one in words if one != ""]
    while kept and isinstance(kept[0], str) and not kept[0].strip():
        kept.pop(0)
    while kept and isinstance(kept[-1], str) and not kept[-1].strip():
        kept.pop()
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(" ")
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(" ")
    return _joined(kept)


def _joined(words: Inline) -> Inline:
    """Return the words with references that follow each other as one: [1, 2], which is shorter to read and to hear."""
    joined: Inline = []
    for one in words:
        before = next((place for place in reversed(joined) if not isinstance(place, str) or place.strip()), None)
        if _is_reference(one) and _is_reference(before):
            while isinstance(joined[-1], str):
                joined.pop()
            joined[-1] = {"kind": "reference", "numbers": [*joined[-1]["numbers"], *one["numbers"]]}
        else:
            joined.append(one)
    return joined


def _is_reference(one: Any) -> bool:
    return isinstance(one, dict) and one["kind"] == "reference"


def line(element: Element | None) -> Inline:
    """Return the words of an element on one line."""
    return _tidied(_inline([_bare(element)])) if element else []


def _bare(element: Element) -> Element:
    return Element("span", _language(element), element.children)


# Blocks


def _several(element: Element) -> list[Block]:
    return _flow(element.children)


def _paragraph(element: Element) -> list[Block]:
    words = _tidied(_inline(element.children))
    return [{"kind": "paragraph", "words": words}] if words else []


def _heading(element: Element) -> list[Block]:
    return [{"kind": "heading", "level": int(element.tag[1]) - 1, "words": line(element)}]


def _list(element: Element) -> list[Block]:
    if "timeline" in element.classes:
        return [{"kind": "steps", "stretches": [_stretch(item) for item in element.elements]}]
    items = [_flow(item.children) for item in element.elements]
    start = int(element.attributes.get("start", "1"))
    return [{"kind": "list", "ordered": element.tag == "ol", "start": start, "items": [one for one in items if one]}]


def _stretch(item: Element) -> dict[str, Any]:
    rows = next((child for child in item.elements if child.tag == "ul"), Element("ul"))
    return {
        "treatment": "treatment-day" in item.classes,
        "label": line(item.first("p")),
        "steps": [{"id": row.attributes.get("id", ""), "blocks": _flow(row.children)} for row in rows.elements],
    }


def _definitions(element: Element) -> list[Block]:
    groups = [one for one in element.elements if one.tag == "div"] or [element]
    return [{"kind": "definitions", "rows": [row for group in groups for row in _rows(group)]}]


def _rows(group: Element) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one in group.elements:
        if one.tag == "dt" or not rows:
            rows.append({"name": [], "meanings": []})
        if one.tag == "dt":
            rows[-1]["name"] = line(one)
        else:
            rows[-1]["meanings"].append(_flow(one.children))
    return rows


def _table(element: Element) -> list[Block]:
    lines = [[_cell(cell) for cell in row.elements] for row in element.every("tr")]
    head = [cell["words"] for cell in lines.pop(0)] if lines and element.first("thead") else []
    kind = "effects" if "side-effects" in element.classes else "table"
    return [{"kind": kind, "head": head, "rows": [[cell["blocks"] for cell in row] for row in lines]}]


def _cell(cell: Element) -> dict[str, Any]:
    return {"words": line(cell), "blocks": _flow(cell.children)}


def _figure(element: Element) -> list[Block]:
    caption = next((one for one in element.elements if one.tag == "figcaption"), None)
    words = line(caption)
    drawing, image = element.first("svg"), element.first("img")
    if drawing:
        return [{"kind": "drawing", **_drawing(drawing.attributes["source"]), "caption": words}]
    return [{**_image(image), "caption": words}] if image else _flow(element.children)


def _drawing(source: str) -> dict[str, str]:
    title, text = (re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", source, re.DOTALL) for tag in ("title", "desc"))
    said = ". ".join(one[1].strip().rstrip(".") for one in (title, text) if one)
    return {"source": source, "alternative": parsed(said).words() + "."}


def _image(element: Element) -> Block:
    found = _IMAGE.fullmatch(element.attributes.get("src", ""))
    alternative = element.attributes.get("alt", "")
    return {"kind": "image", "sha256": found[1] if found else "", "alternative": alternative, "caption": []}


def _quote(element: Element) -> list[Block]:
    return [{"kind": "quote", "blocks": _flow(element.children)}]


def _rule(element: Element) -> list[Block]:
    return [{"kind": "rule"}]


def _division(element: Element) -> list[Block]:
    names = element.classes
    if "care-card" in names:
        level = next(name for name in names if name.startswith(_CARD)).removeprefix(_CARD)
        return [{"kind": "card", "level": level, **_titled(element)}]
    if kind := next((name for name in names if name in ("do-list", "dont-list", "warning-callout")), ""):
        return [{"kind": kind.partition("-")[0], **_titled(element)}]
    if "benefits" in names:
        return [{"kind": "benefits", "items": [_benefit(one) for one in element.elements]}]
    return _flow(element.children)


def _titled(element: Element) -> dict[str, Any]:
    """Return a box: what only a screen reader says before its title is printed, since black ink has no colours."""
    title, *rest = element.elements
    hidden = next((one for one in title.elements if "visually-hidden" in one.classes), None)
    said = [{"kind": "words", "words": [_said(hidden)], **_language(hidden)}] if hidden else []
    return {"label": said, "title": line(title), "blocks": _flow(rest)}


def _said(element: Element) -> str:
    return " ".join("".join(one for one in element.children if isinstance(one, str)).split())


def _benefit(element: Element) -> dict[str, Any]:
    title, *rest = element.elements
    marks = next(one for one in title.elements if "evidence" in one.classes)
    claim = Element("span", {}, [child for child in title.children if child is not marks])
    level = next((one for one in marks.classes if one.startswith("evidence-")), "").removeprefix("evidence-")
    return {"level": level, "evidence": line(marks), "claim": line(claim), "blocks": _flow(rest)}


def _section(element: Element) -> list[Block]:
    if "key-facts-box" in element.classes:
        title, facts = element.elements
        return [{"kind": "facts", "rows": _definitions(facts)[0]["rows"]}]
    if "contraindications" in element.classes:
        title, meaning, reasons = element.elements
        return [
            {
                "kind": "reasons",
                "advice": next(one for one in element.classes if "-" in one).partition("-")[2],
                "title": line(title),
                "meaning": line(meaning),
                "items": [_flow(item.children) for item in reasons.elements],
            }
        ]
    return _flow(element.children)


_MAKERS: Mapping[str, Callable[[Element], list[Block]]] = {
    "p": _paragraph,
    **dict.fromkeys(("h2", "h3", "h4"), _heading),
    **dict.fromkeys(("ul", "ol"), _list),
    "dl": _definitions,
    "table": _table,
    "figure": _figure,
    "blockquote": _quote,
    "hr": _rule,
    "div": _division,
    "section": _section,
}
