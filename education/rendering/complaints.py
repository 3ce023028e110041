"""What the renderer says to an editor: each sentence names what is wrong and what to do."""

from django.utils.translation import gettext

_LONGEST_QUOTE = 60


def unknown_source(key: str, suggestion: str) -> str:
    return _with_suggestion(
        gettext("There is no source with the key “%(key)s”.") % {"key": _short(key)},
        suggestion,
        gettext("Correct the key, or add the source first."),
    )


def unknown_term(key: str, suggestion: str) -> str:
    return _with_suggestion(
        gettext("There is no term with the key “%(key)s”.") % {"key": _short(key)},
        suggestion,
        gettext("Correct the key, or add the term to the glossary first."),
    )


def unknown_image(key: str, suggestion: str) -> str:
    return _with_suggestion(
        gettext("There is no image with the key “%(key)s”.") % {"key": _short(key)},
        suggestion,
        gettext("Correct the key, or add the image to the image library first."),
    )


def unknown_figure(key: str, suggestion: str) -> str:
    return _with_suggestion(
        gettext("There is no figure with the name “%(key)s”.") % {"key": _short(key)},
        suggestion,
        gettext("Correct the name: the help on writing lists the figures."),
    )


def figure_not_alone() -> str:
    return gettext("A figure stands in a paragraph of its own, not in a link. Put an empty line before and after it.")


def too_many_figures(most: int) -> str:
    return gettext("A page shows at most %(most)d figures. Keep those that explain most.") % {"most": most}


def malformed_source(written: str) -> str:
    return gettext(
        "“%(written)s” is not the key of a source. A key has lower-case letters, digits and hyphens; "
        "write [@key], one source in each pair of brackets."
    ) % {"written": _short(written)}


def unread(construct: str) -> str:
    if construct == "[@":
        return gettext("The reference that begins here is not complete. Write it on one line, as [@key].")
    return gettext(
        "This link or image could not be read. Write [text](https://…), [word](term:key) or "
        "![caption](image:key), and check that each bracket is closed."
    )


def reference_inside_link(key: str) -> str:
    return gettext("Put the reference [@%(key)s] after the link, not inside it.") % {"key": _short(key)}


def link_inside_link() -> str:
    return gettext("A link cannot stand inside another link. Put one after the other.")


def link_without_text(target: str) -> str:
    return gettext("The link to “%(target)s” has no words. Write between the square brackets where it leads.") % {
        "target": _short(target)
    }


def refused_link(target: str) -> str:
    if target.startswith("term:"):
        return gettext(
            "“%(target)s” does not name a term. A term's key has lower-case letters, digits and hyphens."
        ) % {"target": _short(target)}
    if target.startswith("image:"):
        return gettext("To show an image, put an exclamation mark before it: ![caption](image:key).")
    if target.startswith("figure:"):
        return gettext("To show a figure, put an exclamation mark before it: ![caption](figure:name).")
    return gettext(
        "The link to “%(target)s” was left out. A link begins with https://, http://, mailto:, tel:, "
        "/ for a page of this site or # for a heading, and has no spaces."
    ) % {"target": _short(target)}


def foreign_image(target: str) -> str:
    if target.startswith("figure:"):
        return gettext(
            "“%(target)s” does not name a figure. The name of a figure has lower-case letters, digits and hyphens."
        ) % {"target": _short(target)}
    return gettext(
        "Images come from the image library, so “%(target)s” is not shown. Add the image there, and write "
        "![caption](image:key)."
    ) % {"target": _short(target)}


def caption_inside_paragraph() -> str:
    return gettext(
        "The caption of this image is not shown, because the image stands among other text. "
        "Give the image a paragraph of its own, or leave the caption empty."
    )


def entries_twice() -> str:
    return gettext("[[entries]] stands here a second time. Keep one of them.")


def entries_not_alone() -> str:
    return gettext(
        "[[entries]] works only in a paragraph of its own, outside lists, quotes and boxes. "
        "Put an empty line before and after it."
    )


def unknown_box(kind: str) -> str:
    if kind:
        return gettext(
            "There is no box of the kind “%(kind)s”. The kinds are: emergency, urgent, non-urgent, do, dont, warning."
        ) % {"kind": _short(kind)}
    return gettext(
        'This box could not be read. Write its kind, and its title in quotation marks: !!! urgent "See a doctor if".'
    )


def unread_box() -> str:
    return gettext("A box begins at the start of a line. Take the spaces before !!! away.")


def box_without_title(kind: str) -> str:
    return gettext('This box has no title. Write one in quotation marks: !!! %(kind)s "See a doctor if".') % {
        "kind": kind
    }


def empty_box(kind: str) -> str:
    return gettext("This box (%(kind)s) is empty. Begin each line that belongs in it with four spaces.") % {
        "kind": kind
    }


def too_long(length: int, most: int) -> str:
    return gettext("This text has %(length)d characters; the most is %(most)d. Move a part of it to another page.") % {
        "length": length,
        "most": most,
    }


def block_too_long(characters: int, lines: int) -> str:
    return gettext(
        "The paragraph, list or table that begins here has more than %(characters)d characters or "
        "%(lines)d lines. Divide it with an empty line."
    ) % {"characters": characters, "lines": lines}


def too_many_parts(most: int) -> str:
    return gettext(
        "More than %(most)d headings, rules, boxes or definitions follow each other here. "
        "Put an empty line before each of them."
    ) % {"most": most}


def too_many_blocks(most: int) -> str:
    return gettext("This text has more than %(most)d paragraphs. Move a part of it to another page.") % {"most": most}


def too_many_pieces(most: int) -> str:
    return gettext(
        "This text has more than %(most)d references, links, headings, list items and other marks. "
        "Move a part of it to another page."
    ) % {"most": most}


def too_many_cells(most: int) -> str:
    return gettext("The tables of this text have more than %(most)d cells. Move a part of them to another page.") % {
        "most": most
    }


def too_deep(most: int) -> str:
    return gettext(
        "Lists, quotes or boxes stand inside each other more than %(most)d deep. "
        "Use fewer levels, and put an empty line before each definition."
    ) % {"most": most}


def gave_up() -> str:
    return gettext(
        "This text could not be turned into a page. Take out unusual marks, or paste it back in parts "
        "to find the place."
    )


def and_more(count: int) -> str:
    return gettext("There are more problems than these (%(count)d). Correct these first.") % {"count": count}


def _with_suggestion(complaint: str, suggestion: str, remedy: str) -> str:
    question = gettext("Did you mean “%(key)s”?") % {"key": _short(suggestion)} if suggestion else ""
    return " ".join(part for part in (complaint, question, remedy) if part)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
