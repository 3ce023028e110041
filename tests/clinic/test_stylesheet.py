"""The one style sheet: smaller with the same meaning, the same in every process."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from django.conf import settings

from clinic import stylesheet as styles
from clinic.brand import DARK, LIGHT, tokens
from clinic.stylesheet import SITE_CSS, TOOLS_CSS, smaller, stylesheet


@pytest.mark.parametrize(
    ("css", "small"),
    [
        ("a { color : red ; }\n", "a{color : red;}"),
        ("a :is(b, c)  d > e{}", "a :is(b,c) d>e{}"),
        ("a{b: c; --d: 1px 2px; e:hover{f: g} h :is(i){j: k}}", "a{b:c;--d:1px 2px;e:hover{f:g}h :is(i){j:k}}"),
        ("@media (width >= 9rem){a b: c{}}", "@media (width>= 9rem){a b: c{}}"),
        ("a{width:calc(1px  +  2px)}", "a{width:calc(1px + 2px)}"),
        ("/* a 'word' */b/* {} */c{}", "b c{}"),
        ('a::before { content: "; /* {  } */ " }', 'a::before{content:"; /* {  } */ "}'),
        (r'a{content: "\" ;  {b: c"}', r'a{content:"\" ;  {b: c"}'),
        ("a{b:'  x'}", "a{b:'  x'}"),
    ],
)
def test_what_means_nothing_is_left_out_and_nothing_else(css, small):
    assert smaller(css) == small
    assert smaller(small) == small


def _pieces(css: str) -> list[str]:
    """Return what of CSS means something: strings, words and signs."""
    return re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]', re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def test_the_style_sheet_is_the_file_with_the_shades_of_the_colour_behind_it():
    made = stylesheet("#ffd700").text
    site = SITE_CSS.read_text(encoding="utf-8")
    own, _, added = made.rpartition("@layer tokens")
    assert _pieces(own) == _pieces(site)
    light, dark = tokens("#ffd700", LIGHT), tokens("#ffd700", DARK)
    shades = [
        f"--{name}:{shade};"
        for made in (light, dark)
        for name, shade in (("accent", made.accent), ("on-accent", made.on_accent), ("accent-tint", made.accent_tint))
    ]
    assert re.findall(r"--[a-z-]+:#[0-9a-f]{6};", added) == shades
    assert added.count("{") == added.count("}")
    assert "@media screen and (prefers-color-scheme: dark){:root{" in added


def test_the_pages_of_a_tool_have_all_of_it_and_what_is_theirs_in_one_file():
    site, tools = stylesheet("#ffd700").text, stylesheet("#ffd700", with_tools=True).text
    own, shades = site[: site.rindex("@layer tokens")], site[site.rindex("@layer tokens") :]
    assert tools == own + smaller(TOOLS_CSS.read_text(encoding="utf-8")) + shades
    assert stylesheet("#ffd700", with_tools=True).digest != stylesheet("#ffd700").digest


def test_another_colour_is_another_address_and_every_process_makes_the_same():
    here = stylesheet("#1d5a46").digest
    assert re.fullmatch("[0-9a-f]{12}", here)
    assert stylesheet("#1d5a47").digest != here
    asked = "from clinic.stylesheet import *; from django.conf import settings; settings.configure(); "
    command = [sys.executable, "-c", asked + "print(stylesheet('#1d5a46').digest)"]
    there = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_the_file_is_read_again_only_while_somebody_works_on_it(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(styles, "SITE_CSS", tmp_path / "site.css")
    styles._made.cache_clear()
    try:
        styles.SITE_CSS.write_text("a{}", encoding="utf-8")
        first = stylesheet("#1d5a46")
        styles.SITE_CSS.write_text("b{}", encoding="utf-8")
        assert stylesheet("#1d5a46") is first
        settings.DEBUG = True
        assert stylesheet("#1d5a46").text.startswith("b{}")
    finally:
        styles._made.cache_clear()
