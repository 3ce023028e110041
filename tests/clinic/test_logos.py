"""Whether a logo can be seen: on a clear ground, and on its own."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Picture

from clinic.brand import DARK, LIGHT
from clinic.logos import can_be_seen
from tests.pictures import clear_png, png


def _seen(content: bytes) -> tuple[bool, bool]:
    """Whether a logo can be seen on light paper and on dark."""
    with Picture.open(io.BytesIO(content)) as picture:
        return can_be_seen(picture, LIGHT.paper), can_be_seen(picture, DARK.paper)


@pytest.mark.parametrize(
    ("content", "light", "dark"),
    [
        (clear_png("black"), True, False),
        (clear_png("white"), False, True),
        (clear_png("teal"), True, True),
        (clear_png("#1d5a46"), True, False),
        (clear_png("black", share=0.4), False, True),
        (clear_png("black", share=0.7), True, False),
        (clear_png("#0000", other="#0000"), False, False),
        (png(colour="white"), False, True),
        (png(colour="black"), True, False),
    ],
)
def test_most_of_what_is_drawn_has_to_stand_out(content, light, dark):
    assert _seen(content) == (light, dark)


@pytest.mark.parametrize(("ground", "letters"), [("white", "black"), ("black", "white")])
def test_letters_on_a_ground_of_their_own_are_enough(ground, letters):
    picture = Picture.new("RGB", (200, 50), ground)
    picture.paste(Picture.new("RGB", (60, 4), letters), (20, 20))
    assert can_be_seen(picture, LIGHT.paper)
    assert can_be_seen(picture, DARK.paper)
