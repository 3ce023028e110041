"""The brand: a colour that is too light for words is typed, seen with its shades, and met by a patient."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect

from clinic import actions
from clinic.models import Clinic, User
from tests import builders, public
from tests.browser.conftest import accessible, press, reach, sign_in
from tests.pictures import clear_png, png

pytestmark = pytest.mark.looks


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
    expect(editor.get_by_text("Saved. Your colour #ffd700")).to_be_visible()
    expect(colour).to_have_value("#ffd700")
    expect(editor.get_by_text("so links and buttons use a darker shade")).to_be_visible()
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


@pytest.mark.parametrize("dark", [False, True])
def test_a_logo_that_could_not_be_seen_in_the_dark_is_words_there(clinic, visit, dark):
    logos = {"logo": io.BytesIO(clear_png("black")), "dark_logo": None}
    actions.save_clinic(clinic, by=User.objects.get(username="owner"), logos=logos)
    patient: Page = visit(dark=dark)
    patient.goto("/")
    home = patient.get_by_role("banner").get_by_role("link", name=clinic.name, exact=True)
    expect(home).to_be_visible()
    expect(home.get_by_role("img")).to_have_count(0 if dark else 1)
    expect(home.get_by_text(clinic.name)).to_have_count(1)
    expect(home.get_by_text(clinic.name)).to_be_visible(visible=dark)
    accessible(patient)
