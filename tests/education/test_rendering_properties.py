"""For any text at all: no script, no foreign tag, no exception, the same bytes each time."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from education.figures import FIGURES
from education.rendering import Entries, ImageFacts, Library, Rendered, keys, render
from education.rendering.drawings import MAX_DRAWINGS
from education.rendering.source_text import MAX_NESTING

ALLOWED = {
    "a": {"class", "href", "id", "rel"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"alt", "height", "loading", "sizes", "src", "srcset", "width"},
    "ol": {"start"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
    **dict.fromkeys(("blockquote", "br", "dd", "dl", "dt", "em", "figcaption", "figure", "hr", "li"), frozenset()),
    **dict.fromkeys(("p", "strong", "table", "tbody", "thead", "tr", "ul"), frozenset()),
}
SAFE_ADDRESS = re.compile(r"(https?://[^/]|mailto:|tel:|/(?![/\\])|#).*|/", re.DOTALL)
VOID = {"br", "hr", "img"}

ENTRIES = Entries(({"kind": "question", "question": "e\N{MIDDLE DOT}ntry", "answer": "Yes.", "sources": []},))
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    '[x](https://a.example/" onclick="alert(1))',
    '[x](https://a.example "t" onclick="alert(1)")',
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](image:arm)',
    '<https://a.example/"onclick=alert(1)>',
    "<javascript:alert(1)>",
    "<a@b.example>",
    "[x]: javascript:alert(1)\n\n[x] [x][x] ![x]",
    '!!! emergency "<img src=x onerror=alert(1)>"\n    x',
    '!!! do" onclick="alert(1) "x"\n    x',
    "## <script>alert(1)</script>",
    "|<script>|b|\n|-|-|\n|<img src=x onerror=alert(1)>|2|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\x02klzzwxh:0000\x03",
    "\x0260\x03script\x0262\x03",
    "\ufdd2",
    "<div>\ufdd2</div>",
    "<figure>\ufdd31</figure>",
    "![\ufdd31](figure:twelve-weeks)",
    '![x"><script>alert(1)</script>](figure:twelve-weeks)',
    "![x](figure:twelve-weeks/../../base)",
    "\ufdd01\ufdd1",
    "{: onclick=alert(1) }",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "</div></div><script>",
    "]]><script>",
]
FRAGMENTS = [
    *(
        "a",
        "word ",
        " ",
        "\n",
        "\n\n",
        "    ",
        "  \n",
        "\t",
        "\\",
        "&",
        "<",
        ">",
        '"',
        "'",
        "`",
        "|",
        ":",
        "é",
        "\ud800",
    ),
    *("*", "**", "_", "__", "[", "]", "(", ")", "![", "](", "[@", "#", "\n# ", "\n### ", "\n- ", "\n    - "),
    *("\n1. ", "\n> ", "\n---\n", "\n===\n", "\n: ", "!!!", "\n!!! do\n    ", '\n!!! urgent "See us if"\n    - '),
    *("[@fda-2023]", "[@none]", "[fat](term:lipolysis)", "[fat](term:none)", "![cap](image:arm)", "![](image:none)"),
    *("![cap](figure:twelve-weeks)", "\n\n![cap](figure:twelve-weeks)\n\n", "![](figure:none)"),
    *("[[entries]]", "\n\n[[entries]]\n\n", "[a](/b)", "[a](https://example.org)", "[a](#b)", "<https://example.org>"),
    *("\n\na|b\n-|:-:\n", "&nbsp;", "&#0;", "&#xFDD0;", "\x00", "\x02", "\x03", "\ufdd0", "\r", "\u2028", "\u202e"),
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.sampled_from(SCRIPTS), st.text(max_size=5)), max_size=30).map(
        "".join
    ),
)
LIBRARY = Library(
    sources={"fda-2023": "Warning"},
    terms={"lipolysis": "Breaking down fat"},
    images={"arm": ImageFacts("/media/arm.webp", '"><script>', False, "<script>", 640, 480)},
)


class Reader(HTMLParser):
    """Reads HTML as a browser would tell its tags apart, and objects to what a page may not have."""

    def __init__(self, anchor: str) -> None:
        super().__init__()
        self.anchor = anchor
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in ALLOWED[tag]
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert SAFE_ADDRESS.fullmatch(value)
                assert not re.search(r"[\s\\\x00-\x1f\x7f]", value)
            if name == "id":
                assert value.startswith((f"{self.anchor}-", f"ref-{self.anchor}-"))
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


DRAWINGS = [FIGURES["twelve-weeks"].svg(f"side-effects--figure-{n}") for n in range(1, MAX_DRAWINGS + 1)]


def without_drawings(html: str) -> str:
    """Return the HTML without what our own figures add to it, each of which may stand there once."""
    for drawing in DRAWINGS:
        html = html.replace(f'<figure class="drawing">{drawing}', "<figure>", 1)
    return html


def page(text: str, **options) -> Rendered:
    return render(text, library=LIBRARY, anchor="side-effects", **options)


def assert_harmless(rendered: Rendered) -> None:
    reader = Reader("side-effects")
    reader.feed(without_drawings(rendered.html))
    reader.close()
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert {citation.anchor for citation in rendered.citations} <= set(reader.ids)
    assert {heading.anchor for heading in rendered.headings} <= set(reader.ids)
    rendered.html.encode()
    rendered.text.encode()


def test_no_known_script_runs():
    for script in SCRIPTS:
        for text in (script, f"a {script} b", f"- {script}", f"**{script}**", f"## {script}", f"[{script}](/b)"):
            assert_harmless(page(text))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_the_page_is_harmless(text):
    assert_harmless(page(text))


@given(TEXTS)
@settings(deadline=None)
def test_the_same_text_gives_the_same_page(text):
    assert page(text) == page(text)


@given(TEXTS)
@settings(deadline=None)
def test_every_problem_has_a_line_of_the_text(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    rendered = page(text)

    assert all(1 <= problem.line <= lines for problem in rendered.problems)
    assert all("\ufdd0" not in problem.message for problem in rendered.problems)
    assert all(1 <= card.line <= lines for card in rendered.care_cards)


@given(TEXTS)
@settings(deadline=None)
def test_a_page_uses_only_keys_that_the_scan_found(text):
    rendered, found = page(text), keys(text)

    assert {citation.key for citation in rendered.citations} <= found.sources
    assert set(rendered.terms) <= found.terms
    assert set(rendered.images) <= found.images
    assert set(rendered.figures) <= found.figures


@given(TEXTS)
@settings(deadline=None)
def test_the_entries_stand_on_every_page_once(text):
    rendered = page(text, entries=ENTRIES)

    assert rendered.html.count("e\N{MIDDLE DOT}ntry") == (1 if rendered.html else 0)
    assert rendered.html or rendered.problems


@given(st.sampled_from(["> ", "- ", "1. ", "    - ", "!!! do\n    ", ": ", "*", "[", "![", "(", "**a _b "]), st.data())
@settings(deadline=None)
def test_nesting_of_any_depth_is_rendered_or_refused(mark, data):
    depth = data.draw(st.integers(min_value=1, max_value=1_500))
    rendered = page(mark * depth + "a")

    assert_harmless(rendered)
    assert rendered.html or rendered.problems
    if mark in ("> ", "- ", "1. ") and depth > MAX_NESTING:
        assert rendered.html == ""
