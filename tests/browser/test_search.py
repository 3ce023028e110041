"""How a patient on a phone finds a place, with a word of their own and one misspelt, and what nobody learns of it."""

from __future__ import annotations

import logging
import re

import pytest
from playwright.sync_api import Page, expect

from education import actions
from education.models import Page as GuidePage
from education.models import Synonym
from tests import builders, public
from tests.browser.conftest import accessible, enter, press, reach, sign_in
from tests.education.example_entries import SIDE_EFFECT

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE, SIDE_EFFECTS = "/guides/cold-therapy/", "/guides/cold-therapy/side-effects/"


@pytest.fixture
def live(cast):
    """A guide with so many side effects that the last is far below the first screen."""
    public.whole_clinic(cast["owner"])
    guide = builders.guide(cast["author"])
    names = [*(f"Blister {number}" for number in range(1, 13)), "Bruises"]
    entries = [{**SIDE_EFFECT, "name": name, "action": "Wait, and keep it dry. " * 5} for name in names]
    builders.write(guide, cast["author"], GuidePage.Kind.SIDE_EFFECTS, "What can go wrong.\n\n[[entries]]", entries)
    actions.save_synonym(Synonym(everyday="black and blue", medical="bruise"), by=cast["author"])
    return builders.published(guide, cast)


def look_for(page: Page, words: str) -> None:
    """Reach the field with the Tab key, type, and press Enter."""
    reach(page, page.get_by_role("searchbox"))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    enter(page)


def test_a_patient_on_a_phone_finds_the_place_with_words_of_their_own(live, visit):
    page = visit(width=360, height=740, javascript=False)
    page.goto("/")
    look_for(page, "Black and blue")
    expect(page).to_have_title(re.compile("^Search: Black and blue"))
    expect(page.get_by_role("heading", name="1 place for “Black and blue”")).to_be_visible()
    expect(page.get_by_role("main").locator("mark").first).to_have_text("Bruises")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "link", "Bruises")
    assert page.url.partition("#")[0].endswith(SIDE_EFFECTS)
    place = page.locator(f"#{page.url.partition('#')[2]}")
    expect(place).to_contain_text("Bruises")
    expect(place).to_be_in_viewport()
    assert page.evaluate("scrollY") > 740
    assert page.context.cookies() == []


def test_from_a_page_of_a_guide_a_misspelt_word_leads_to_the_right_one(live, visit):
    page = visit(width=360, height=740)
    page.goto(SIDE_EFFECTS)
    press(page, "link", "Search")
    expect(page.get_by_role("link", name="Search")).to_have_attribute("aria-current", "page")
    accessible(page)
    look_for(page, "bruisng")
    # What was typed stays, to be put right.
    expect(page.get_by_role("searchbox")).to_have_value("bruisng")
    expect(page.get_by_text("Did you mean")).to_be_visible()
    accessible(page)
    press(page, "link", "bruises")
    expect(page.get_by_text("Did you mean")).to_have_count(0)
    press(page, "link", "Bruises")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Side effects")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("bruises")


def test_where_nothing_was_found_there_is_a_way_on(live, visit):
    page = visit(width=360, dark=True)
    page.goto("/search/")
    look_for(page, "xylophone")
    expect(page.get_by_text("We found nothing for “xylophone”.")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="(202) 555-0142")).to_be_visible()
    accessible(page)
    press(page, "link", "Cold therapy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cold therapy")


def test_nothing_of_it_is_kept_in_the_browser_or_written_down(live, visit, caplog):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with caplog.at_level(logging.DEBUG):
        page.goto("/search/?q=secretillness")
        look_for(page, "secretillness bruises")
        press(page, "link", "Bruises")
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("django.db", "asyncio"))]
    assert "secretillness" not in " ".join(ours)
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}


def test_an_editor_joins_two_words_by_keyboard_and_the_next_search_knows(live, visit, cast):
    patient = visit(width=360, javascript=False)
    patient.goto("/search/?q=shiner")
    expect(patient.get_by_text("We found nothing")).to_be_visible()
    editor = visit()
    sign_in(editor, "author", "/admin/education/synonym/add/")
    expect(editor.get_by_text("other forms of it are found too")).to_be_visible()
    press(editor, "button", "Save")
    expect(editor.get_by_text("Write the word that patients use.", exact=True)).to_be_visible()
    reach(editor, editor.get_by_label("Word that patients use"))
    editor.keyboard.type("shiner")
    reach(editor, editor.get_by_label("Word in our guides"))
    editor.keyboard.type("bruise")
    accessible(editor)
    enter(editor)
    expect(editor.get_by_role("link", name="shiner", exact=True)).to_be_visible()
    patient.reload()
    expect(patient.get_by_role("link", name="Bruises")).to_be_visible()
