"""Icons and the card: the initial of any name, and something sound where there is none."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from PIL import Image as Picture
from PIL import features

from clinic import marks
from clinic.marks import CARD, MARGIN, MARK, apple_icon, card, digest, favicon, icon, initial, left_out

GREEN = "#1d5a46"
SVG = "{http://www.w3.org/2000/svg}"


def _picture(content: bytes) -> Picture.Image:
    return Picture.open(io.BytesIO(content)).convert("RGB")


def _written_on(content: bytes) -> bool:
    """Whether anything stands on a card below its mark."""
    words = _picture(content).crop((0, MARGIN + MARK + 1, *CARD))
    return words.getextrema() != Picture.new("RGB", (1, 1), words.getpixel((0, 0))).getextrema()


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("", ""), ("–", ""), ("東京", ""), ("😀", ""), ("harbor", "H"), ("  “quay”", "Q"), ("éclat", "É"), ("ßx", "S"),
        ("3 Rivers", "3"), ("Ωmega", "Ω"), ("клиника", "К"), ("مركز", "م"), ("מרפאה", "מ"),
    ],
)  # fmt: skip
def test_the_initial_is_the_first_letter_that_a_font_has(name, letter):
    assert initial(name) == letter


@pytest.mark.parametrize("name", ["", "東京", "harbor", "مركز", "<script>", '"><x'])
def test_an_icon_is_sound_brings_no_style_and_draws_one_mark(name):
    root = ElementTree.fromstring(icon(name, GREEN))
    assert root.get("viewBox") == "0 0 32 32"
    square, mark = root
    assert (square.tag, square.get("fill")) == (f"{SVG}rect", GREEN)
    assert mark.tag == (f"{SVG}path" if initial(name) else f"{SVG}circle")
    assert "style" not in icon(name, GREEN).decode()
    assert len(icon(name, GREEN)) < 2000


@pytest.mark.parametrize("name", ["Harbor", "Fox", "Quay", "", "م"])
def test_pictures_of_the_icon_have_their_size_and_their_colours(name):
    apple = _picture(apple_icon(name, "#ffd700"))
    assert apple.size == (180, 180)
    assert apple.getpixel((2, 2)) == (255, 215, 0)
    # The mark stands in the middle: as far from the left as from the right.
    dark = apple.convert("L").point(lambda light: 255 if light < 60 else 0).getbbox()
    assert dark[0] + dark[2] == pytest.approx(180, abs=2)
    assert dark[1] + dark[3] == pytest.approx(180, abs=2)
    with Picture.open(io.BytesIO(favicon(name, GREEN))) as picture:
        assert picture.format == "ICO"
        assert picture.info["sizes"] == {(32, 32), (48, 48)}


@pytest.mark.parametrize("name", ["Harbor Lane Clinic", "W" * 120, "Center " * 17, "مركز الميناء", "מרפאה"])
@pytest.mark.parametrize("tagline", ["", "Skin and aesthetic medicine", "W" * 120])
def test_a_card_has_its_size_and_nothing_on_it_leaves_it_or_runs_into_the_mark(name, tagline):
    content = card(name, tagline, GREEN)
    picture = _picture(content)
    assert picture.size == CARD
    assert _written_on(content)
    ground = picture.getpixel((0, 0))
    for edge in ((0, 0, CARD[0], 60), (0, 0, 60, CARD[1]), (CARD[0] - 60, 0, *CARD), (0, CARD[1] - 60, *CARD)):
        assert picture.crop(edge).getextrema() == tuple((part, part) for part in ground)
    backwards = name[0] > "z"
    beside = (
        (0, 0, CARD[0] - MARGIN - MARK, MARGIN + MARK) if backwards else (MARGIN + MARK + 1, 0, CARD[0], MARGIN + MARK)
    )
    assert picture.crop(beside).getextrema() == tuple((part, part) for part in ground)
    assert len(content) < 60_000


@pytest.mark.parametrize("name", ["東京", "Praxis 東京", "Praxis مركز", ""])
def test_a_name_that_no_font_has_whole_is_left_out_and_the_tagline_stays(name):
    assert _written_on(card(name, "Skin", GREEN))
    assert not _written_on(card(name, "", GREEN))
    assert _written_on(card("Praxis", name, GREEN))


@pytest.mark.parametrize(
    ("name", "tagline", "letters"),
    [("Praxis", "Skin", ""), ("Praxis 東京", "東", "東京"), ("Praxis מ", "Skin", "מ"), ("P", "Haut 😀", "😀")],
)
def test_it_is_known_which_letters_the_card_cannot_show(name, tagline, letters):
    assert "".join(left_out(name, tagline)) == letters


def test_without_raqm_nothing_from_right_to_left_is_set_in_the_wrong_order(monkeypatch):
    monkeypatch.setattr(features, "check", lambda name: False)
    marks.card.cache_clear()
    assert left_out("מ", "") == ["מ"]
    assert not _written_on(card("مركز", "", GREEN))
    assert _written_on(card("Harbor", "", GREEN))
    marks.card.cache_clear()


def test_the_regular_weight_of_each_font_has_what_its_bold_has():
    for family in marks.FAMILIES:
        with TTFont(marks.FONTS / f"{family}-Regular.ttf", lazy=True) as font:
            assert marks._characters(family) <= frozenset(font.getBestCmap())


def test_the_hash_of_what_is_drawn_changes_with_each_fact():
    facts = ("Harbor", "Skin", GREEN)
    others = [("Harbour", *facts[1:]), ("Harbor", "", GREEN), ("Harbor", "Skin", "#1d5a47"), ("HarborSkin", "", GREEN)]
    assert len({digest(*facts), *(digest(*other) for other in others)}) == 5
