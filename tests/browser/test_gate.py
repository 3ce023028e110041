"""The gate: a promise and a claim without a source are stopped, mended from the report, and seen by the reviewer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from education.models import Guide
from tests import builders
from tests.browser.conftest import accessible, enter, press, reach, sign_in

PROMISE = "This treatment is risk-free for everybody."
HONEST = "Nobody can say how well this works for you."
CLAIM = "Less pain after sport"
REASON = "No study has asked this yet, and the page says so."


@pytest.fixture
def guide(transactional_db) -> Guide:
    """A guide that could be submitted as it is, and a page on benefits that is still empty of claims."""
    author = builders.cast()["author"]
    guide = builders.guide(author)
    builders.source("web-article", title="Ten reasons for cold", strength="commercial-article")
    builders.page(guide, author, "benefits", "What people hope for.")
    # About as long as what the benefits will say: both sides are told in like detail.
    builders.write(guide, author, "side-effects", "You can get numbness for a day. Tell us if it lasts any longer.")
    return guide


def write(editor: Page, text: str) -> None:
    reach(editor, editor.get_by_role("textbox", name="Text"))
    editor.keyboard.press("Control+A")
    editor.keyboard.type(text)


def choose_source(editor: Page, words: str, title: str) -> None:
    search = editor.get_by_role("combobox", name="Sources")
    reach(editor, search)
    editor.keyboard.type(words)
    expect(editor.get_by_role("option", name=title)).to_be_visible()
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("Enter")


def follow(editor: Page, link: Locator) -> Page:
    """Open a link that has a window of its own; return that window."""
    reach(editor, link)
    with editor.context.expect_page() as opened:
        editor.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    return opened.value


def submit(editor: Page) -> None:
    reach(editor, editor.get_by_role("textbox", name="What changed"))
    editor.keyboard.press("Control+A")
    editor.keyboard.type("The first edition.")
    press(editor, "button", "Submit edition 1 for review")


def test_a_promise_and_an_unsourced_benefit_are_stopped_and_mended_from_the_report(guide, visit):
    editor, reviewer = visit(), visit()
    sign_in(editor, "author", f"/admin/education/guide/{guide.pk}/change/")

    # A promise, and a claim that rests on nothing.
    press(editor, "link", "Benefits")
    write(editor, PROMISE)
    reach(editor, editor.get_by_role("button", name="Add a benefit"))
    editor.keyboard.press("Enter")
    editor.keyboard.type(CLAIM)
    editor.keyboard.press("Tab")
    editor.keyboard.type("No evidence found")
    expect(editor.locator("[data-preview-findings]").get_by_text("risk-free").first).to_be_visible()
    press(editor, "button", "Save and back to the guide")

    # The submission is stopped, and says by what.
    press(editor, "link", "Submit for review")
    submit(editor)
    expect(editor.get_by_role("alert")).to_be_focused()
    expect(editor.get_by_role("textbox", name="What changed")).to_have_value("The first edition.")
    report = editor.locator("section[aria-labelledby=report]")
    expect(report.get_by_text("risk-free").first).to_be_visible()
    expect(report.get_by_text(CLAIM).first).to_be_visible()
    accessible(editor)
    assert guide.editions.count() == 0

    # Each line of the report leads to its place, in a window of its own: what was typed here stays.
    window = follow(editor, report.locator("li", has_text="risk-free").get_by_role("link").first)
    expect(window.get_by_role("textbox", name="Text")).to_be_focused()
    assert window.evaluate("getSelection().toString()") == PROMISE
    window.keyboard.type(HONEST)
    press(window, "button", "Save")
    window = follow(editor, report.locator("li", has_text=CLAIM).get_by_role("link").first)
    assert "#entry-1" in window.url
    choose_source(window, "ten reasons", "Ten reasons for cold")
    expect(window.frame_locator("iframe").get_by_text(CLAIM)).to_be_visible()
    press(window, "button", "Save")

    # The guide was saved meanwhile, so the editor is asked to look once more.
    press(editor, "button", "Submit edition 1 for review")
    expect(editor.get_by_text("saved this guide after you opened this screen").first).to_be_visible()
    expect(editor.get_by_role("textbox", name="What changed")).to_have_value("The first edition.")
    accessible(editor)
    assert guide.editions.count() == 0

    # What is left is a warning: an article is a weak ground for a benefit. It wants a reason.
    press(editor, "button", "Submit edition 1 for review")
    expect(editor.get_by_role("alert")).to_be_focused()
    reason = editor.locator("section[aria-labelledby=report] li", has_text=CLAIM).get_by_role("textbox").first
    reach(editor, reason)
    editor.keyboard.type(REASON)
    press(editor, "button", "Submit edition 1 for review")
    expect(editor.get_by_role("heading", name="Where it stands")).to_be_visible()
    assert guide.editions.get().reasons == {"source.weak benefits": REASON}

    # The reviewer reads the reason beside the warning, and the claim as patients will.
    sign_in(reviewer, "reviewer")
    reviewer.get_by_role("link", name="Cold therapy, edition 1").first.focus()
    enter(reviewer)
    expect(reviewer.get_by_text(REASON).first).to_be_visible()
    expect(reviewer.frame_locator("iframe").first.get_by_text(CLAIM).first).to_be_visible()
    accessible(reviewer)
