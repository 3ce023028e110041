"""Figures in a text: what is refused, what a reader gets, and that none is ever drawn anew under its name."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as etree

import brotli
import pytest
from django.conf import settings
from django.utils import translation

from education.figures import FIGURES
from education.models import Page
from education.readability import measure
from education.rendering import keys
from education.rendering.drawings import MAX_DRAWINGS
from tests import builders
from tests.education.example_library import REFERENCE, html, only_problem, rendered
from tests.html import get, page

FOLDER = settings.BASE_DIR / "templates/education/figures"
SHARED = "figure.html"
MOST_BYTES, MOST_CHARACTERS = 1_600, 5_000
WIDTH = 328
HARDEST = 8

# SHA-256 of each figure as it is drawn in English. An edition names a figure and must always show what was reviewed:
# never change a line here. A new drawing gets a new name and a new line; the old one stays.
DRAWN = {
    "needle-depth": "acc262a43e08830f4eb866c65c7bebcf81089949bfb95b85bed9873886e74be6",
    "injection-sites": "c7c0f707d2e815610e8cba1c000000c1a39459afda00de0bf759faf74b192f44",
    "course-in-weeks": "fb7b98a3870bc99cd55cdaab6e4ed26930e222fdb0d7c872e719d06ea164f49f",
    "twelve-weeks": "5078ddeb5a31f8912bc6bb75e2fb8b0fa32e6aaf1d9998ac0e8cd56fc6144ed3",
    "skin-over-time": "56985ca7274c410524084942e1c0b4ae71804912b51fccab6319a0b1b120645a",
}
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))


def _template(key: str) -> str:
    return (FOLDER / f"{key}.html").read_text(encoding="utf-8")


def _drawing(key: str) -> etree.Element:
    return etree.fromstring(FIGURES[key].svg("figure"))


# Refused


def test_an_unknown_figure_is_reported_with_the_nearest_and_its_caption_stays():
    line, message = only_problem("Text\n\n![So deep](figure:needle-dept)")
    assert line == 3
    assert "There is no figure with the name “needle-dept”" in message
    assert "Did you mean “needle-depth”?" in message
    assert rendered("![So deep](figure:needle-dept)").html == "<p>So deep</p>"
    assert rendered("![So deep](figure:needle-dept)").figures == ()


@pytest.mark.parametrize(
    "text",
    [
        "Before ![So deep](figure:needle-depth) after",
        "[![So deep](figure:needle-depth)](/b)",
        "- ![So deep](figure:needle-depth)",
        "**![So deep](figure:needle-depth)**",
        "![So deep](figure:needle-depth)\n![So deep](figure:needle-depth)",
        "## ![So deep](figure:needle-depth)",
        "a | b\n- | -\n![So deep](figure:needle-depth) | c",
    ],
)
def test_a_figure_among_other_text_is_reported_and_its_caption_stays(text):
    refused = rendered(text)
    assert {problem.message for problem in refused.problems} == {
        "A figure stands in a paragraph of its own, not in a link. Put an empty line before and after it."
    }
    assert "So deep" in refused.html
    assert "<svg" not in refused.html
    assert refused.figures == ()


def test_a_link_to_a_figure_is_refused():
    assert "put an exclamation mark before it" in only_problem("[So deep](figure:needle-depth)")[1]


@pytest.mark.parametrize("written", ["figure:Needle-Depth", "figure:", "figure:needle depth", "figure:../base"])
def test_what_cannot_be_the_name_of_a_figure_is_no_figure(written):
    refused = rendered(f"![]({written})")
    assert len(refused.problems) == 1
    assert "<svg" not in refused.html


def test_a_page_shows_no_more_figures_than_a_reader_can_use():
    many = rendered("![](figure:twelve-weeks)\n\n" * (MAX_DRAWINGS + 1))
    assert many.html.count("<svg") == MAX_DRAWINGS
    assert [problem.message for problem in many.problems] == [
        f"A page shows at most {MAX_DRAWINGS} figures. Keep those that explain most."
    ]


def test_nobody_writes_the_place_of_a_figure():
    assert "<svg" not in html("\ufdd31")
    assert "<svg" not in rendered("![x](figure:none) <figure>\ufdd31</figure>").html
    assert html("![\ufdd32](figure:twelve-weeks)").count("<svg") == 1


# On a page


def test_a_figure_is_drawn_with_its_caption_below():
    shown = rendered("![So deep *at most*[@fda-2023]](figure:needle-depth)")
    drawing = FIGURES["needle-depth"].svg("side-effects--figure-1")
    reference = REFERENCE.format(key="fda-2023", count=1, number=1)
    assert shown.problems == ()
    assert shown.html == (
        f'<figure class="drawing">{drawing}<figcaption>So deep <em>at most</em>{reference}</figcaption>\n</figure>'
    )
    assert shown.figures == ("needle-depth",)
    assert shown.images == ()
    assert len(shown.citations) == 1


def test_a_figure_needs_no_caption():
    assert "figcaption" not in html("![](figure:twelve-weeks)")


@pytest.mark.parametrize(
    "text",
    ["> ![](figure:twelve-weeks)", "- one\n\n    ![](figure:twelve-weeks)", "!!! do\n    ![](figure:twelve-weeks)"],
)
def test_a_figure_may_stand_in_a_quote_an_item_or_a_box(text):
    assert html(text).count("<svg") == 1


def test_the_plain_text_has_title_description_and_caption_but_no_labels():
    figure = FIGURES["needle-depth"]
    lines = rendered("Before\n\n![So deep[@fda-2023]](figure:needle-depth)\n\nAfter").text.split("\n")
    assert lines == ["Before", str(figure.title), str(figure.description), "So deep", "After"]


def test_a_figure_is_found_without_rendering():
    assert keys("![](figure:twelve-weeks) \\![](figure:none)").figures == {"twelve-weeks", "none"}
    assert keys("![](figure:twelve-weeks)").images == set()


def test_ids_are_unique_where_a_figure_stands_twice_and_on_the_whole_guide(client, guide, cast):
    twice = "## Figure 1\n\nHere [@trial-2020]\n\n![One](figure:twelve-weeks)\n\n![Two](figure:twelve-weeks)"
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, twice)
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, twice)
    builders.published(guide, cast)
    for path, count in (("preparation/", 2), ("all/", 4)):
        read = page(get(client, f"/guides/cold-therapy/{path}"))  # refuses an id that stands twice
        drawn = [one for one in read.ids if re.fullmatch(r"[a-z-]+--figure-[0-9]+", one)]
        assert len(drawn) == count
        assert {f"{one}-text" for one in drawn} <= set(read.ids)


# The drawings


def test_no_figure_is_redrawn_under_its_name_and_none_is_taken_away():
    with translation.override("en"):
        drawn = {key: hashlib.sha256(figure.svg("figure").encode()).hexdigest() for key, figure in FIGURES.items()}
    assert drawn == DRAWN


def test_every_drawing_has_a_name_and_every_name_a_drawing():
    assert {path.name for path in FOLDER.iterdir()} == {SHARED, *(f"{key}.html" for key in FIGURES)}


@every_figure
def test_a_drawing_says_what_it_shows(figure):
    drawing = _drawing(figure.key)
    title, description = drawing[0], drawing[1]
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert (title.tag, title.text) == ("title", str(figure.title))
    assert (description.tag, description.text) == ("desc", str(figure.description))
    assert measure(str(figure.description), ()).grade <= HARDEST
    assert "{#" in _template(figure.key)


@every_figure
def test_a_drawing_takes_its_colors_from_the_stylesheet(figure):
    css = (settings.BASE_DIR / "static/css/site.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-z-]+)", css.partition("/* Figures */")[2].partition("@layer")[0]))
    for element in _drawing(figure.key).iter():
        assert set((element.get("class") or "").split()) <= known
        assert {"style", "color", "font-size", "href"}.isdisjoint(element.attrib)
        # Without the style sheet it is drawn in the colour of the words around it.
        assert {element.get("fill", "none"), element.get("stroke", "none")} <= {"none", "currentColor"}
        assert element.tag in {"svg", "title", "desc", "g", "path", "circle", "ellipse", "text"}


@every_figure
def test_a_unit_is_a_pixel_on_a_phone(figure):
    left, top, width, height = map(int, _drawing(figure.key).attrib["viewBox"].split())
    assert (left, top, width) == (0, 0, WIDTH)
    assert height <= 1.5 * WIDTH


@every_figure
def test_every_word_of_a_drawing_can_be_translated(figure):
    words = re.findall(r"<text[^>]*>([^<]*)</text>", _template(figure.key))
    assert [one for one in words if not one.startswith("{% translate ") and not re.fullmatch("[0-9]+|mm", one)] == []


@every_figure
def test_a_drawing_is_light(figure):
    svg = figure.svg("how-it-works--figure-1").encode()
    assert len(svg) <= MOST_CHARACTERS
    assert len(brotli.compress(svg, quality=11)) <= MOST_BYTES
