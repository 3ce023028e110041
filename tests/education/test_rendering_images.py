"""What a page says of a picture: the files that a browser may choose from, and how wide it will be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from education.rendering import ImageFacts, Library, render, smaller_widths
from education.rendering.sanitiser import sanitised
from education.snapshot import image_url

ROOT = Path(__file__).resolve().parent.parent.parent


def library(width: int) -> Library:
    smaller = tuple((one, image_url("a" * 64, one)) for one in smaller_widths(width))
    facts = ImageFacts(image_url("a" * 64), "A hand", False, "", width, 400, smaller)
    return Library({}, {}, {"hand": facts})


def test_a_browser_may_choose_and_one_that_cannot_gets_the_file_on_record():
    page = render("![](image:hand)", library=library(1600), anchor="page").html
    at = f"/images/{'a' * 64}"
    assert page == (
        f'<figure><img src="{at}.webp" srcset="{at}-480.webp 480w, {at}-960.webp 960w, {at}.webp 1600w" '
        'sizes="(min-width: 30rem) 27rem, calc(100vw - 2rem)" alt="A hand" width="1600" height="400" loading="lazy">'
        "</figure>"
    )


def test_an_image_within_a_text_may_be_as_wide_as_the_text():
    page = render("Before ![](image:hand) after.", library=library(1600), anchor="page").html
    assert 'sizes="(min-width: 44rem) 40rem, calc(100vw - 2rem)"' in page


def test_a_small_picture_offers_no_choice():
    assert "srcset" not in render("![](image:hand)", library=library(480), anchor="page").html


def test_the_widths_that_a_page_announces_are_those_of_the_stylesheet():
    css = (ROOT / "static/css/site.css").read_text(encoding="utf-8")
    assert ".prose figure img { max-inline-size: min(100%, 27rem); }" in css
    measure = re.search(r"--measure: (\d+)em;", css)
    font = re.search(r"font: clamp\(([\d.]+)rem, .*?, ([\d.]+)rem\)", css)
    assert measure
    assert font
    assert int(measure[1]) * float(font[2]) == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize(
    "choice",
    [
        "javascript:alert(1) 480w",
        "/a.webp 480w, javascript:alert(1) 960w",
        "//evil.example/a.webp 480w",
        "http://evil.example/a.webp 480w",
        "data:image/webp;base64,x 480w",
        "/a.webp 480w,/b.webp 960w",
        "/a.webp 2x",
        "/a.webp",
        "/a.webp 0w",
        "",
    ],
)
def test_a_choice_that_is_not_ours_is_taken_out(choice):
    cleaned = sanitised(f'<img src="/a.webp" srcset="{choice}" sizes="100vw" alt="">')
    assert cleaned == '<img src="/a.webp" alt="">'
