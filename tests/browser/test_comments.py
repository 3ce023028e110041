"""A reviewer's comments from the editor's keyboard to the next edition, and two editors whose changes both stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from education.models import CommentReply, Review
from education.models import Page as GuidePage
from tests import builders
from tests.browser.conftest import accessible, enter, press, reach, sign_in
from tests.education.commented import NAUSEA, TEXT, of_three_kinds, returned, written


@pytest.fixture
def review(transactional_db) -> Review:
    """A guide that came back with three comments."""
    cast = builders.cast()
    return of_three_kinds(builders.guide(cast["author"]), cast)


def guide_url(review: Review) -> str:
    return f"/admin/education/guide/{review.edition.guide_id}/change/"


def page_url(review: Review) -> str:
    page = review.edition.pages.get(kind="side-effects").page_id
    return f"/admin/education/guide/{review.edition.guide_id}/pages/{page}/"


def text_of(page: Page):
    return page.locator("#id_markdown")


def answered() -> list[tuple[int, bool, str]]:
    return list(CommentReply.objects.order_by("number").values_list("number", "done", "words"))


def selected(page: Page) -> str:
    return str(text_of(page).evaluate("t => t.value.slice(t.selectionStart, t.selectionEnd)"))


def before_cursor(page: Page) -> str:
    return str(text_of(page).evaluate("t => t.value.slice(0, t.selectionStart).split('\\n').pop()"))


def test_an_editor_goes_to_each_comment_answers_changes_and_submits_again(review, visit):
    editor, reviewer = visit(), visit()
    sign_in(editor, "author", guide_url(review))
    expect(editor.get_by_text("3 of 3 still open")).to_be_visible()
    accessible(editor)
    press(editor, "link", "Side effects: Under “Bruises”")
    expect(text_of(editor)).to_be_focused()
    # Other marks stand between the quoted words, so that the cursor stands before them and nothing is marked.
    assert (selected(editor), before_cursor(editor)) == ("", "You can get [")
    here = editor.locator("[data-comment-here]")
    expect(here).to_be_in_viewport()
    expect(here).to_contain_text("Comment 1:")
    expect(text_of(editor)).to_be_in_viewport()
    accessible(editor)

    # A line put in above moves the place; the button still finds it, and what is typed stays while an answer is saved.
    text_of(editor).press("Control+Home")
    editor.keyboard.type("Most people feel little.\n\n")
    editor.evaluate("document.activeElement.blur()")
    reach(editor, editor.get_by_role("button", name="Go to line 5"))
    editor.keyboard.press("Enter")
    expect(text_of(editor)).to_be_focused()
    assert (selected(editor), before_cursor(editor)) == ("", "You can get [")
    editor.keyboard.press("Home")
    editor.keyboard.press("Shift+End")
    editor.keyboard.type("You can get numbness for two days [@trial-2020].")
    first = editor.locator("#comment-1")
    reach_backwards(editor, lambda: first.get_by_label("Done"))
    editor.keyboard.press("Space")
    expect(first.get_by_role("status")).to_have_text("Saved.")
    expect(editor.get_by_text("1 of 2 still open")).to_be_visible()
    assert answered() == [(1, True, "")]
    expect(text_of(editor)).to_have_value(TEXT_AFTER)

    second = editor.locator("#comment-2")
    reach(editor, second.get_by_role("link", name="Go to this entry"))
    editor.keyboard.press("Enter")
    expect(editor.locator("#about-entry-2")).to_be_focused()
    press_here(editor, "Back to this comment 2")
    expect(second).to_be_focused()
    reach(editor, second.get_by_label("Answer (optional)"))
    editor.keyboard.type("The trial says rare.")
    # Leaving for the button that saves the page is enough.
    press(editor, "button", "Save and back to the guide")
    expect(editor.get_by_text("1 of 3 still open")).to_be_visible()
    assert answered() == [(1, True, ""), (2, False, "The trial says rare.")]

    press(editor, "link", "Submit for review")
    expect(editor.get_by_role("heading", name="Comments still open")).to_be_visible()
    accessible(editor)
    reach(editor, editor.get_by_role("textbox", name="What changed"))
    editor.keyboard.type("Numbness can last two days.")
    press(editor, "button", "Submit edition 2 for review")

    sign_in(reviewer, "reviewer", editor.url.removeprefix(editor.url.split("/admin/")[0]))
    done = reviewer.locator("section[aria-labelledby=answered-comments]")
    expect(done.get_by_role("listitem")).to_have_count(3)
    expect(done.get_by_role("listitem").nth(0)).to_contain_text("done")
    expect(done.get_by_role("listitem").nth(1)).to_contain_text("Ada Author: The trial says rare.")
    expect(done.get_by_role("listitem").nth(2)).to_contain_text("not marked as done")
    accessible(reviewer)


TEXT_AFTER = "Most people feel little.\n\n" + TEXT.replace(
    "You can get [numbness](term:numbness) for *a day* [@trial-2020].",
    "You can get numbness for two days [@trial-2020].",
)


def reach_backwards(page: Page, control: Callable) -> None:
    """Go back with Shift and Tab until the control has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if control().evaluate("element => element === document.activeElement"):
            return
    pytest.fail("Shift and Tab never reach it")


def press_here(page: Page, name: str) -> None:
    """Press a link that leads to a place on the same screen."""
    reach(page, page.get_by_role("link", name=name))
    page.keyboard.press("Enter")


def test_an_answer_that_cannot_be_sent_stays_and_is_sent_later(review, visit):
    editor = visit(width=360)
    sign_in(editor, "author", page_url(review))
    first = editor.locator("#comment-1")
    first.get_by_label("Answer (optional)").fill("Two days.")
    editor.route("**/comments/**", lambda route: route.abort())
    first.get_by_role("button", name="Save the answer").click()
    expect(first.get_by_role("status")).to_contain_text("Not saved")
    editor.unroute("**/comments/**")
    first.get_by_role("button", name="Save the answer").click()
    expect(first.get_by_role("status")).to_have_text("Saved.")
    expect(first.get_by_label("Answer (optional)")).to_have_value("Two days.")
    assert answered() == [(1, False, "Two days.")]
    accessible(editor)


def test_without_javascript_the_comments_are_answered_on_the_guide_s_screen(review, visit):
    editor = visit(javascript=False)
    sign_in(editor, "author", page_url(review))
    expect(editor.get_by_role("textbox", name="Answer (optional)")).to_have_count(0)
    text_of(editor).fill("Not saved yet.")
    editor.get_by_role("link", name="Go to line 5").click()
    expect(text_of(editor)).to_have_value("Not saved yet.")
    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="All comments on this guide").click()
    answering = opened.value
    answering.locator("#comment-2").get_by_label("Answer (optional)").fill("The trial says rare.")
    answering.locator("#comment-2").get_by_role("button", name="Save the answer").click()
    expect(answering.get_by_text("2 of 3 still open")).to_be_visible()
    assert answered() == [(2, False, "The trial says rare.")]
    expect(text_of(editor)).to_have_value("Not saved yet.")


def test_two_editors_see_both_texts_put_them_together_and_lose_nothing(review, visit):
    slow, quick = visit(), visit(width=360)
    for page, name in ((slow, "author"), (quick, "colleague")):
        sign_in(page, name, page_url(review))
    text_of(quick).fill(TEXT.replace("are common", "are very common"))
    quick.locator("#entry-1").get_by_label("How long it lasts").fill("7 days")
    press(quick, "button", "Save")
    text_of(slow).fill(TEXT.replace("It goes.", "It goes by itself."))
    slow.locator("#entry-2").get_by_label("How long it lasts").fill("2 days")
    press(slow, "button", "Save")

    expect(slow.get_by_role("heading", name="What you both started from")).to_be_visible()
    they, you = slow.locator("section[aria-labelledby=conflict-they]"), slow.locator("[aria-labelledby=conflict-you]")
    expect(they.locator("ins", has_text="very")).to_be_visible()
    expect(you.locator("ins", has_text="by itself.")).to_be_visible()
    boxes = [one.bounding_box() for one in (they, you)]
    assert boxes[0]["y"] == boxes[1]["y"]
    accessible(slow)
    slow.set_viewport_size({"width": 360, "height": 800})
    boxes = [one.bounding_box() for one in (they, you)]
    assert boxes[0]["y"] < boxes[1]["y"]
    assert slow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    slow.set_viewport_size({"width": 1280, "height": 900})

    reach(slow, slow.get_by_role("button", name="Put both together"))
    enter(slow)
    expect(slow.get_by_role("heading", name="Nothing is saved yet")).to_be_visible()
    together = TEXT.replace("are common", "are very common").replace("It goes.", "It goes by itself.")
    expect(text_of(slow)).to_have_value(together)
    accessible(slow)
    page = GuidePage.objects.get(pk=page_url(review).split("/")[-2])
    assert page.markdown != together
    press(slow, "button", "Save")
    expect(slow.get_by_text("is saved")).to_be_visible()
    page.refresh_from_db()
    assert page.markdown == together
    assert [entry.duration for entry in page.sideeffect_entries.in_order()] == ["7 days", "2 days"]
    saved = list(page.versions.values_list("made_by_name", flat=True)[:2])
    assert saved == ["Ada Author", "Cleo Colleague"]
    assert page.versions.filter(markdown=TEXT, entries__1__name=NAUSEA["name"]).exists()


def test_only_the_quoted_words_are_marked_and_the_comment_stands_above_them(transactional_db, visit):
    cast = builders.cast()
    guide = builders.guide(cast["author"])
    written(guide, cast["author"])
    long = {"line": 1, "quote": "are common.", "words": "How common?"}
    came_back = returned(guide, cast, long)
    for width in (1280, 360):
        editor = visit(width=width)
        sign_in(editor, "author", page_url(came_back))
        editor.get_by_role("button", name="Go to line 1").click()
        assert selected(editor) == "are common."
        expect(editor.locator("[data-comment-here]")).to_be_in_viewport()
        expect(text_of(editor)).to_be_in_viewport()
        expect(editor.locator("[data-comment-here]")).to_contain_text("How common?")
        accessible(editor)
