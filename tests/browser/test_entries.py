"""Entries from the keyboard: added, filled, moved, removed, saved, and brought back from the saved texts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from education import actions
from education.models import Guide
from education.models import Page as GuidePage
from tests import builders
from tests.browser.conftest import accessible, enter, press, reach, sign_in

SALTI = "Fat dissolved by injection, a study of 37 women"


@pytest.fixture
def benefits(transactional_db) -> GuidePage:
    """A page with two benefits, in a guide of two pages."""
    author = builders.cast()["author"]
    guide: Guide = actions.create_guide(by=author, title="Cold therapy", slug="cold-therapy", summary="What it is.")
    builders.source("salti-2008", title=SALTI, authors="Salti G, Ghersetich I", year=2008)
    builders.source("trial-2020")
    builders.page(guide, author, GuidePage.Kind.OVERVIEW, "Cold.")
    entries = [
        {"claim": "Less fat", "evidence": "little", "sources": ["trial-2020"]},
        {"claim": "Smoother skin", "evidence": "none-found", "sources": ["trial-2020"]},
    ]
    text = "## The main point\n\nCold.\n\n[[entries]]"
    return builders.page(guide, author, GuidePage.Kind.BENEFITS, text, entries=entries)


def address(page: GuidePage) -> str:
    return f"/admin/education/guide/{page.guide_id}/pages/{page.pk}/"


def saved(page: GuidePage) -> list[str]:
    return [str(entry) for entry in page.benefit_entries.in_order()]


def entry(editor: Page, number: int) -> Locator:
    return editor.locator(f"#entry-{number}")


def button(place: Page | Locator, words: str) -> Locator:
    return place.get_by_role("button", name=words).first


def test_an_editor_adds_orders_and_removes_entries_with_the_keyboard_alone(benefits, visit):
    editor = visit()
    sign_in(editor, "author", address(benefits))
    accessible(editor)

    # Added in place: the first field has the focus.
    reach(editor, button(editor, "Add a benefit"))
    editor.keyboard.press("Enter")
    expect(entry(editor, 3).get_by_label("Benefit that people hope for")).to_be_focused()
    editor.keyboard.type("Firmer arms")
    expect(entry(editor, 3).locator("legend")).to_have_text("Benefit 3: Firmer arms")
    editor.keyboard.press("Tab")
    editor.keyboard.type("Some evidence")

    # The source is found by its author, and chosen with the arrow keys.
    search = entry(editor, 3).get_by_role("combobox", name="Sources")
    reach(editor, search)
    editor.keyboard.type("salti")
    expect(editor.get_by_role("option", name=SALTI)).to_be_visible()
    accessible(editor)
    editor.keyboard.press("ArrowDown")
    expect(editor.get_by_role("option", name=SALTI, selected=True)).to_be_visible()
    expect(search).to_have_attribute("aria-activedescendant", "id_entry-2-sources_options_0")
    editor.keyboard.press("Enter")
    expect(entry(editor, 3).locator(".sources-chosen")).to_contain_text(SALTI)
    expect(editor.frame_locator("iframe").get_by_text("Firmer arms")).to_be_visible()

    # Moved: the focus goes along, and the move is said.
    reach(editor, button(entry(editor, 3), "Move up"))
    editor.keyboard.press("Enter")
    expect(button(entry(editor, 2), "Move up")).to_be_focused()
    editor.keyboard.press("Enter")
    expect(button(entry(editor, 1), "Move down")).to_be_focused()
    expect(editor.get_by_text("“Firmer arms” is number 1 of 3 now.")).to_be_visible()

    # Removed, put back, removed again.
    reach(editor, button(entry(editor, 2), "Remove this benefit"))
    editor.keyboard.press("Enter")
    put_back = button(editor, "Put it back")
    expect(put_back).to_be_focused()
    expect(entry(editor, 2).locator("legend")).to_have_text("Benefit 2: Smoother skin")
    editor.keyboard.press("Enter")
    expect(button(entry(editor, 2), "Remove this benefit")).to_be_focused()
    editor.keyboard.press("Enter")
    accessible(editor)
    assert saved(benefits) == ["Less fat", "Smoother skin"]

    # Enter in a field saves, and presses no other button.
    reach(editor, entry(editor, 2).get_by_label("Benefit that people hope for"))
    enter(editor)
    expect(editor.get_by_text("is saved")).to_be_visible()
    assert saved(benefits) == ["Firmer arms", "Smoother skin"]
    assert [source.key for source in benefits.benefit_entries.get(claim="Firmer arms").sources.all()] == ["salti-2008"]

    # The saved texts have what was removed.
    press(editor, "link", "Saved texts of this page")
    editor.locator(".listing").get_by_role("link").nth(1).focus()
    enter(editor)
    expect(editor.get_by_role("heading", name="Less fat")).to_be_visible()
    accessible(editor)
    press(editor, "button", "Bring this text back")
    assert saved(benefits) == ["Less fat", "Smoother skin"]


def test_what_is_missing_is_said_beside_the_text_and_each_line_leads_to_its_place(benefits, visit):
    editor = visit(width=360)
    sign_in(editor, "author", address(benefits))
    editor.get_by_role("textbox", name="Text").fill("One.\n\nTwo [@salti-2007].\n\n[[entries]]")
    report = editor.locator("[data-preview-findings]")
    expect(report.get_by_text("Did you mean “salti-2008”?")).to_be_visible()
    button(report, "Line 3").press("Enter")
    expect(editor.get_by_role("textbox", name="Text")).to_be_focused()
    assert editor.evaluate("getSelection().toString()") == "Two [@salti-2007]."

    # A source that is half typed is not dropped: the server names it.
    search = entry(editor, 2).get_by_role("combobox", name="Sources")
    search.focus()
    editor.keyboard.type("unheard of")
    button(editor, "Save").press("Enter")
    summary = editor.get_by_role("alert")
    expect(summary).to_be_focused()
    accessible(editor)
    summary.get_by_role("link").first.press("Enter")
    expect(search).to_be_focused()
    expect(entry(editor, 2).locator(".sources-chosen")).to_contain_text("unheard is not in the library")
    assert saved(benefits) == ["Less fat", "Smoother skin"]

    # A link of the report leads to an entry.
    editor.goto(f"{address(benefits)}?line=3#id_markdown")
    expect(editor.get_by_role("textbox", name="Text")).to_be_focused()
    assert editor.evaluate("getSelection().toString()") == "Cold."
    editor.goto(f"{address(benefits)}#entry-2")
    expect(entry(editor, 2)).to_be_in_viewport()


@pytest.mark.looks
def test_the_buttons_that_stay_in_sight_cover_nothing_that_has_the_focus(benefits, visit):
    editor = visit(height=700)
    sign_in(editor, "author", address(benefits))
    editor.locator("#id_markdown").focus()
    seen = """() => {
        const one = document.activeElement, { left, top } = one.getBoundingClientRect();
        const there = document.elementFromPoint(left + 5, top + 5);
        return one === there || one.contains(there) ? "" : one.outerHTML;
    }"""
    for _ in range(15):
        editor.keyboard.press("Tab")
        assert editor.evaluate(seen) == ""
    expect(button(editor, "Add a benefit")).to_be_focused()


def test_without_javascript_the_same_buttons_work_and_sources_are_typed(benefits, visit):
    editor = visit(javascript=False)
    sign_in(editor, "author", address(benefits))
    editor.get_by_role("textbox", name="Text").fill("Unsaved.\n\n[[entries]]")
    button(editor, "Add a benefit").click()
    added = entry(editor, 3)
    expect(added.get_by_label("Benefit that people hope for")).to_be_focused()
    added.get_by_label("Benefit that people hope for").fill("Firmer arms")
    added.get_by_label("Evidence").select_option("some")
    added.get_by_label("Sources").fill("salti-2008, trial-2020")
    button(added, "Move up").click()
    expect(button(entry(editor, 2), "Move up")).to_be_focused()
    button(entry(editor, 1), "Remove").click()
    expect(button(editor, "Put it back")).to_be_focused()
    assert saved(benefits) == ["Less fat", "Smoother skin"]
    button(editor, "Save").click()
    expect(editor.get_by_text("is saved")).to_be_visible()
    expect(editor.get_by_role("textbox", name="Text")).to_have_value("Unsaved.\n\n[[entries]]")
    assert saved(benefits) == ["Firmer arms", "Smoother skin"]
