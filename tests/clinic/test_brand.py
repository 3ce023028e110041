"""One colour becomes shades that can be read: whatever was typed, by light and in the dark."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st

from clinic.brand import (
    DARK,
    DEFAULT_COLOUR,
    LIGHT,
    SCHEMES,
    canonical_colour,
    contrast,
    hexadecimal,
    ink_on,
    luminance,
    oklch,
    tokens,
)
from clinic.looks import looks
from clinic.models import LOGO_HEIGHT

SITE_CSS = Path(settings.BASE_DIR) / "static/css/site.css"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
schemes = st.sampled_from(list(SCHEMES.values()))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "#",
        "green",
        "#12",
        "#1234",
        "#12345",
        "#1234567",
        "#12345g",
        "rgb(1,2,3)",
        "##123",
        "#1d5a46;",
        "#١٢٣",
        "\x00",
    ],
)
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(ValueError, match="no colour"):
        canonical_colour(typed)


@pytest.mark.parametrize("typed", ["#aabbcc", "AABBCC", "#AbC", "abc", "  #abc\n"])
def test_a_colour_can_be_typed_in_many_ways_and_is_stored_in_one(typed):
    assert canonical_colour(typed) == "#aabbcc"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # 21 is by definition; #767676 is known as the palest grey that passes on white.
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one)
    assert math.floor(contrast(one, other) * 100 + 0.5) / 100 == pytest.approx(ratio, abs=0.005)
    assert luminance("#ffffff") == pytest.approx(1)


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "degrees"),
    [("#ff0000", 0.628, 0.2577, 29.2), ("#00ff00", 0.8664, 0.2948, 142.5), ("#0000ff", 0.452, 0.3132, 264.1)],
)
def test_oklab_is_that_of_its_author(colour, lightness, chroma, degrees):
    found = oklch(colour)
    assert found[:2] == pytest.approx((lightness, chroma), abs=0.0006)
    assert math.degrees(found[2]) % 360 == pytest.approx(degrees, abs=0.1)
    assert hexadecimal(found) == colour


@trial(deadline=None)
@given(colours)
def test_there_and_back_is_the_same_colour(colour):
    assert hexadecimal(oklch(colour)) == colour


@trial(deadline=None)
@given(colours, schemes)
def test_every_colour_gives_shades_that_can_be_read(colour, scheme):
    made = tokens(colour, scheme)
    for surface in (scheme.paper, scheme.sheet, scheme.tint):
        assert contrast(made.accent, surface) >= 4.5, surface
    assert contrast(made.on_accent, made.accent) >= 4.5
    for words in (scheme.ink, scheme.soft, made.accent):
        assert contrast(words, made.accent_tint) >= 4.5, words


@trial(deadline=None)
@given(colours, schemes)
def test_a_shade_moves_no_further_than_it_must_and_keeps_its_hue(colour, scheme):
    made = tokens(colour, scheme).accent
    if made == colour:
        return
    assert any(contrast(colour, surface) < 4.5 for surface in scheme.surfaces)
    assert min(contrast(made, surface) for surface in scheme.surfaces) < scheme.aim + 0.3
    (_, chroma, hue), (_, typed_chroma, typed_hue) = oklch(made), oklch(colour)
    # The hue of a grey is noise, and so is that of the last steps of rounding.
    if chroma > 0.03 and typed_chroma > 0.03:
        assert abs((hue - typed_hue + math.pi) % math.tau - math.pi) < 0.1


@trial(deadline=None)
@given(colours, schemes)
def test_a_wash_is_faint_and_can_be_told_from_the_paper(colour, scheme):
    wash = tokens(colour, scheme).accent_tint
    assert 1.03 < contrast(wash, scheme.paper) < 1.35
    assert oklch(wash)[1] < 0.04


@trial(deadline=None)
@given(colours)
def test_the_letter_of_the_icon_stands_out_on_every_colour(colour):
    assert contrast(ink_on(colour), colour) > 4


def test_a_colour_that_can_be_read_is_used_unchanged():
    assert tokens(DEFAULT_COLOUR, LIGHT).accent == DEFAULT_COLOUR
    assert tokens("#ffd700", DARK).accent == "#ffd700"
    assert tokens("#ffd700", LIGHT).accent != "#ffd700"


# The style sheet and this module say the same


def _surfaces(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(paper|sheet|tint|ink|soft|emergency):\s*(#[0-9a-f]{6})\s*;", block))


def test_the_surfaces_are_those_of_the_style_sheet():
    css = re.sub(r"/\*.*?\*/", "", SITE_CSS.read_text(encoding="utf-8"), flags=re.DOTALL)
    rest, _, dark = css.partition("prefers-color-scheme: dark")
    light = rest.partition(":root")[2]
    for scheme, block in ((LIGHT, light), (DARK, dark.partition(":root")[2])):
        found = _surfaces(block.partition("}")[0])
        assert found == {name: getattr(scheme, name) for name in ("paper", "sheet", "tint", "ink", "soft", "emergency")}


# In words


def test_a_colour_that_was_changed_is_named_with_the_reason():
    light, dark = looks("#ffd700")
    assert light.verdict.startswith(
        "Your colour is too light for words on paper, so links and buttons use a darker shade"
    )
    assert light.tokens.accent in light.verdict
    assert dark.verdict == "Your colour can be read, so it is used as it is: #ffd700."
    assert "too dark for words on a dark screen" in looks("#000000")[1].verdict


def test_a_measured_contrast_is_never_rounded_up_to_enough():
    assert looks("#1d5a46")[0].samples[0].ratio == "6.8 : 1, at least 4.5 is needed"


@trial(deadline=None)
@given(colours)
def test_no_sample_is_below_what_is_needed(colour):
    for look in looks(colour):
        for sample in look.samples:
            assert contrast(sample.colour, sample.ground) >= sample.least
            assert float(sample.ratio.partition(" ")[0]) >= sample.least


def test_the_greatest_height_of_a_logo_is_that_of_the_style_sheet():
    found = re.search(r"\.masthead-name img \{[^}]*max-block-size: ([\d.]+)rem", SITE_CSS.read_text(encoding="utf-8"))
    assert float(found[1]) * 16 == LOGO_HEIGHT


@pytest.mark.parametrize("colour", ["#9a1b1e", "#cc0000", "#c8102e", "#8b0000", "#ff0000"])
def test_a_colour_near_the_red_of_emergencies_is_said_to_be(colour):
    light, dark = looks(colour)
    assert "close to the red of what to do in an emergency" in light.verdict
    assert "emergency" not in dark.verdict


@pytest.mark.parametrize("colour", ["#1d5a46", "#8a4a06", "#d2691e", "#c2185b", "#8a2be2", "#ffd700", "#5d5548"])
def test_other_colours_are_not(colour):
    assert not any("emergency" in look.verdict for look in looks(colour))
