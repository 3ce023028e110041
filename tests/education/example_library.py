"""A small library, and pages rendered with it."""

from __future__ import annotations

from education.rendering import Entries, ImageFacts, Library, Rendered, render

ARM = ImageFacts("/media/arm.webp", "A bruised arm", False, "Photo: A. Nurse", 640, 480)
LINE = ImageFacts("/media/line.webp", "Not read out", True, "", 100, 5)
LIBRARY = Library(
    sources={"fda-2023": "Warning", "nhs-right": "Is it right for me?"},
    terms={"lipolysis": "Breaking down fat"},
    images={"arm": ARM, "line": LINE},
)
REFERENCE = (
    '<sup class="reference"><a href="#source-{key}" id="ref-side-effects-{key}-{count}">'
    '<span class="visually-hidden">Source </span>[{number}]</a></sup>'
)


ASKED = Entries(({"kind": "question", "question": "Does it hurt?", "answer": "A bit.", "sources": ["fda-2023"]},))


def rendered(markdown: str, **options) -> Rendered:
    return render(markdown, library=LIBRARY, anchor="side-effects", **options)


def html(markdown: str) -> str:
    """The HTML of a text in which nothing is wrong."""
    page = rendered(markdown)
    assert page.problems == ()
    return page.html


def only_problem(markdown: str, **options) -> tuple[int, str]:
    page = rendered(markdown, **options)
    assert len(page.problems) == 1, page.problems
    return page.problems[0].line, page.problems[0].message
