"""The brand: a colour that is too light for words is typed, seen with its shades, and met by a patient."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect

from clinic import actions
from clinic.models import Clinic
from tests import builders, public
from tests.browser.conftest import accessible, press, reach, sign_in
from tests.pictures import png


@pytest.fixture
def clinic(transactional_db) -> Clinic:
    owner = builders.cast()["owner"]
    clinic = public.clinic(owner, tagline="Skin and more")
    logos = {"logo": io.BytesIO(png(400, 120)), "dark_logo": io.BytesIO(png(400, 120, "white"))}
    return actions.save_clinic(clinic, by=owner, logos=logos)


@pytest.mark.parametrize("dark", [False, True])
def test_an_editor_types_a_colour_and_sees_what_becomes_of_it(clinic, visit, dark):
    editor: Page = visit(dark=dark)
    sign_in(editor, "author", "/admin/clinic/clinic/1/change/")
    colour = editor.get_by_role("textbox", name="Colour")
    reach(editor, colour)
    editor.keyboard.press("Control+A")
    editor.keyboard.type("FFD700")
    press(editor, "button", "Save")
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    expect(colour).to_have_value("#ffd700")
    expect(editor.get_by_text("too light for words on paper")).to_be_visible()
    for picture in editor.get_by_role("img").all():
        assert picture.evaluate("image => image.naturalWidth > 0")
    accessible(editor)


def test_a_patients_page_takes_its_style_from_the_brands_address(clinic, visit):
    patient: Page = visit()
    asked = []
    patient.on("response", lambda response: asked.append((response.status, response.url)))
    patient.goto("/")
    styles = [status for status, url in asked if "/brand/site." in url]
    assert styles == [200]
    assert patient.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent-tint')")
