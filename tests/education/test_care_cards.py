"""The care cards of a page, on another page: whole, at the right level, with links that lead back."""

from __future__ import annotations

from education.care_cards import care_cards
from education.rendering import Library, render
from tests.html import Page

LIBRARY = Library({"trial": "A trial"}, {}, {})
MARKDOWN = """\
Rest [@trial].

## When to get help

!!! emergency "Call 911 if"
    - you cannot breathe [@trial]

Words between.

!!! do
    - rest

### Later

!!! non-urgent "Call us if"
    - it stays numb

    Or write to us.
"""


def test_cards_come_whole_in_their_order_and_nothing_else_does():
    html = render(MARKDOWN, library=LIBRARY, anchor="recovery").html
    cards = care_cards(html, level=3, address="/guides/x/recovery/")
    shown = Page(f'<html lang="en" dir="ltr"><title>x</title><h1>x</h1><h2>y</h2>{cards}</html>')
    assert shown.faults() == []
    assert shown.headings[2:] == [(3, "Emergency advice: Call 911 if:"), (3, "Non-urgent advice: Call us if:")]
    assert "Or write to us." in shown.text
    assert "Words between" not in shown.text
    assert "rest" not in shown.text
    assert {href for href, _ in shown.links} == {"/guides/x/recovery/#source-trial"}


def test_a_page_without_cards_gives_nothing():
    assert care_cards("<p>Rest.</p>", level=3, address="/") == ""
