"""Which characters the leaflet can print: those of its fonts, and those that set nothing."""

from __future__ import annotations

import pytest

from education.printable import FONTS, unprintable


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 50 $ – “quoted” … ½ × ±",
        "Crème brûlée, Ærø, Łódź, İstanbul, Tiếng Việt",
        "Ελληνικά, Русский, Українська",
        "שלום, مرحبا بكم، فارسی",
        "a\u00a0b\tc\nd\u00ade\u200bf\u200cg\u200dh\u200ei\u202bj\u202c\ufe0f\U000e0100\u2066\x07",
        "",
    ],
)
def test_every_character_can_be_set(text):
    assert unprintable(text) == ""


def test_what_cannot_be_set_is_named_once_each_in_order():
    assert unprintable("漢字 and 😀, 漢 again, अ") == "漢字😀अ"


def test_the_fonts_come_with_their_licence_and_a_bold_weight_each():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    regular = {path.name.removesuffix("-Regular.ttf") for path in FONTS.glob("*-Regular.ttf")}
    bold = {path.name.removesuffix("-Bold.ttf") for path in FONTS.glob("*-Bold.ttf")}
    assert regular == bold == {"NotoSans", "NotoSansArabic", "NotoSansHebrew"}
