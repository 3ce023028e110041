"""A form that comes back: the summary has the focus, and its links lead the keyboard to each field."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessible, enter, press, reach
from tests.example_form import GOOD

ERRORS = [
    ("Write your name.", "id_name"),
    ("Write it like name@example.org.", "id_email"),
    ("Say whether you take blood thinners.", "id_blood_thinners_0"),
    ("Choose at least one reason.", "id_reasons_0"),
    ("Tick this, or call us instead.", "id_agreed"),
]
# Hit areas of what is clicked or tapped: the least height, in CSS pixels, of boxes, buttons, answers, ticks.
HEIGHTS = {
    "input:not([type=hidden], [type=checkbox], [type=radio])": 44,
    "select, textarea, .button, .choice": 44,
    "[type=checkbox], [type=radio]": 24,
    ".error-summary a": 24,
}

pytestmark = [
    pytest.mark.looks,
    pytest.mark.urls("tests.example_urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("path", ["/example/fields/", "/example/whole/"])
def test_the_keyboard_goes_from_the_summary_to_each_field(visit, path):
    visitor = visit(width=360, height=740, javascript=False)
    # A smooth scroll to the link could still run when Enter starts the one to the field.
    visitor.emulate_media(reduced_motion="reduce")
    visitor.goto(path)
    visitor.get_by_label("E-mail address").fill("ada")
    visitor.get_by_label("How many treatments have you had?").fill("2")
    visitor.get_by_label("Which day suits you?").fill(GOOD["day"])
    visitor.get_by_label("In which language?").select_option("en")
    press(visitor, "button", "Ask us" if path == "/example/fields/" else 'Ask "us" & wait')
    expect(visitor).to_have_title(re.compile("^Error: Ask us"))
    expect(visitor.locator(".error-summary")).to_be_focused()
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name=ERRORS[0][0])).to_be_focused()
    for words, target in ERRORS:
        link = visitor.locator(".error-summary").get_by_role("link", name=words)
        link.focus()
        visitor.keyboard.press("Enter")
        expect(visitor.locator(f"#{target}")).to_be_focused()
        # What is asked and what is wrong stay in view, above the control.
        for part in ("label, legend", ".field-error"):
            field = visitor.locator(".field", has=visitor.locator(f"#{target}"))
            expect(field.locator(part).first).to_be_in_viewport()
    expect(visitor.get_by_label("E-mail address")).to_have_value("ada")
    expect(visitor.get_by_label("Which day suits you?")).to_have_value(GOOD["day"])


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_control_is_large_enough_fits_and_can_be_read(visit, direction, dark):
    visitor = visit(width=320, dark=dark)
    visitor.goto(f"/example/whole/?direction={direction}")
    reach(visitor, visitor.get_by_role("button", name="Keep for later"))
    enter(visitor)
    for selector, least in HEIGHTS.items():
        for control in visitor.locator(f"main :is({selector})").all():
            box = control.bounding_box()
            assert box is not None, selector
            assert box["height"] >= least, f"{selector}: {box}"
            assert box["x"] >= 0, selector
            assert box["x"] + box["width"] <= 320, f"{selector}: {box}"
    accessible(visitor)
