"""A new clinic's first hour: the one-time link, the owner's account, the checklist, the first facts, the first page."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from clinic import actions
from clinic.models import Clinic, InformationPage, User
from tests.browser.conftest import accessible, enter, press, reach
from tests.builders import PASSWORD

pytestmark = pytest.mark.looks
LINK = "/accounts/first-owner/{}/"


@pytest.fixture
def link(transactional_db) -> str:
    # A flush of an earlier story took the groups along; no start of the server makes them here.
    call_command("migrate", verbosity=0)
    return LINK.format(actions.new_owner_link()[0])


def fill(page: Page, label: str, words: str) -> None:
    """Reach a field with the Tab key and type into it."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def make_account(page: Page) -> None:
    """Fill the form of the link in, and send it."""
    typed = {"First name": "Ada", "Last name": "Park", "E-mail": "ada@clinic.example", "Username": "ada"}
    for label, words in {**typed, "Password": PASSWORD, "The same password again": PASSWORD}.items():
        fill(page, label, words)
    enter(page)
    page.wait_for_url("**/admin/")


def state(page: Page, title: str) -> str:
    """Return what the checklist says of a step."""
    heading = page.get_by_role("heading", name=re.compile(rf"^{re.escape(title)} "))
    return heading.locator(".state").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_link_to_the_first_page_about_the_clinic(link, visit, javascript):
    owner: Page = visit(javascript=javascript)
    owner.goto(link)
    if javascript:
        accessible(owner)
    press(owner, "button", "Make the account and sign in")
    expect(owner.get_by_role("heading", name="There is a problem")).to_be_visible()
    make_account(owner)

    expect(owner.get_by_text("0 of 8 are done")).to_be_visible()
    assert state(owner, "Your clinic's facts") == "To do"
    if javascript:
        accessible(owner)
    press(owner, "link", "Write the clinic's facts")
    fill(owner, "Name:", "Harbor View Clinic")
    fill(owner, "Phone:", "(202) 555-0142")
    fill(owner, "Emergency text:", "In an emergency call 911.")
    fill(owner, "Who owns and pays:", "Owned by its doctors.")
    press(owner, "button", "Save")

    owner.goto("/admin/")
    assert state(owner, "Your clinic's facts") == "Done"
    expect(owner.get_by_text("1 of 8 are done")).to_be_visible()
    assert Clinic.current().name == "Harbor View Clinic"

    press(owner, "link", "Write “about”, with a text to begin with")
    press(owner, "button", "Save")
    expect(owner.get_by_role("alert")).to_contain_text("Patients would read “[write")
    text = owner.get_by_label("Text:")
    assert "## Who we are" in text.input_value()
    fill(owner, "Text:", "We are three nurses and a doctor.")
    press(owner, "button", "Save")
    assert InformationPage.objects.get().slug == "about"

    patient: Page = visit(width=360, javascript=False)
    patient.goto("/")
    expect(patient.get_by_role("heading", name="Harbor View Clinic")).to_be_visible()
    expect(patient.get_by_text("This clinic is getting its guides ready.")).to_be_visible()
    patient.goto(link)
    expect(patient.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert User.objects.count() == 1


def test_a_guide_is_begun_with_a_skeleton_and_cannot_be_submitted_yet(link, visit):
    editor: Page = visit()
    editor.goto(link)
    make_account(editor)
    press(editor, "link", "Begin with a skeleton: the usual pages, each with what to write")
    accessible(editor)
    fill(editor, "Title:", "Laser therapy")
    press(editor, "button", "Begin the guide")
    expect(editor.get_by_text("“Laser therapy” is begun.")).to_be_visible()
    expect(editor.get_by_role("link", name="Side effects", exact=True)).to_be_visible()
    press(editor, "link", "Submit for review")
    expect(editor.get_by_text("stands where you are to write something").first).to_be_attached()
    editor.goto("/admin/")
    expect(editor.get_by_text("“Laser therapy” is being written.")).to_be_visible()
