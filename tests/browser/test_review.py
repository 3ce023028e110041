"""A reviewer comments at places of the text and returns it; the next one is approved. An urgent one goes first."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from education.models import Edition, Review, ReviewDraft
from tests import builders
from tests.browser import reviewing
from tests.browser.conftest import WATCHED, accessible, enter, press, reach, sign_in

OLD, NEW, NEWER = (f"You can get numbness for {how_long}." for how_long in ("a day", "two days", "two or three days"))
CITED = NEW.replace(".", " [@trial-2020].")


@pytest.fixture
def live(transactional_db) -> Edition:
    """The clinic's guide as patients read it when the story begins."""
    cast = builders.cast()
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], "side-effects", OLD)
    return builders.published(guide, cast)


def change(edition: Edition, text: str, what_changed: str, **more: str) -> Edition:
    """Change the side effects and submit them, as the editor does."""
    author = edition.made_by
    builders.write(edition.guide, author, "side-effects", text)
    return builders.submitted(edition.guide, author, what_changed, **more)


def open_edition(page: Page, number: int) -> None:
    page.get_by_role("link", name=f"Cold therapy, edition {number}").first.focus()
    enter(page)


def in_text(page: Page) -> Locator:
    return page.frame_locator(".review-text iframe").locator("body")


def how_far_down(page: Page, element: Locator) -> float:
    """Return how many pixels below the upper edge of the frame something stands, which has to be in it."""
    inside, frame = element.bounding_box(), page.locator(".review-text iframe").bounding_box()
    assert inside
    assert frame
    assert inside["y"] >= frame["y"]
    return inside["y"] - frame["y"]


def comment_on_paragraph(page: Page, words: str, comment: str) -> None:
    """With the keyboard alone: go through the text to the paragraph with these words, and comment on it."""
    text = in_text(page)
    reach(page, text.locator("[tabindex='0']"))
    focused = text.locator(":focus")
    for _ in range(40):
        if words.removesuffix(".") in focused.inner_text():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Which words")).to_have_value(words)
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    page.keyboard.type(comment)
    press(page, "button", "Add the comment")


def press_here(page: Page, role: str, name: str) -> None:
    """Reach a control with the Tab key and press it; the page stays."""
    reach(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]  # any ARIA role
    page.keyboard.press("Enter")


def test_a_reviewer_comments_with_the_keyboard_returns_and_approves_the_next_submission(live, visit):
    second = change(live, CITED, "Numbness can last two days.")
    reviewer, editor = visit(), visit()
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    comment_on_paragraph(reviewer, NEW, "Say whether it can be longer.")
    expect(reviewer.get_by_text("Comments so far (1)")).to_be_visible()
    accessible(reviewer)

    # A place from the list, without words.
    place = reviewer.get_by_label("Place")
    reach(reviewer, place)
    reviewer.keyboard.press("ArrowDown")
    expect(place.locator("option:checked")).to_have_text("Side effects: the whole page")
    reach(reviewer, reviewer.get_by_role("textbox", name="Comment"))
    reviewer.keyboard.type("Good. Keep it so.")
    reach(reviewer, reviewer.get_by_role("radio", name="Yes").first)
    reviewer.keyboard.press("Space")
    press(reviewer, "button", "Keep my notes and go on later")
    expect(reviewer.get_by_text("Your notes are kept.")).to_be_visible()

    # Nothing is lost on the way out and back.
    reviewer.goto("/admin/")
    open_edition(reviewer, 2)
    expect(reviewer.get_by_text("Comments so far (2)")).to_be_visible()
    expect(reviewer.get_by_text("1 of 23 questions answered.")).to_be_visible()
    press(reviewer, "button", "Return it to the editors")
    expect(reviewer.get_by_text("Returned by Rae Reviewer")).to_be_visible()
    expect(reviewer.get_by_text("Comments (2)")).to_be_visible()
    accessible(reviewer)
    review = second.reviews.get()
    assert [(one["slug"], one["quote"]) for one in review.comments] == [("side-effects", NEW), ("side-effects", "")]
    assert not ReviewDraft.objects.exists()

    sign_in(editor, "author", "/admin/")
    editor.goto(f"/admin/education/guide/{live.guide_id}/change/")
    expect(editor.locator("#content-main")).to_contain_text("returned")
    change(live, NEWER, "Numbness can last three days.")

    reviewer.goto("/admin/")
    open_edition(reviewer, 3)
    changed = reviewer.locator("section[aria-labelledby=changes]")
    expect(changed.locator("ins", has_text="two or three").first).to_be_visible()
    expect(changed.locator("details ins", has_text="or three")).to_be_visible()
    accessible(reviewer)
    reviewing.approve(reviewer)
    expect(reviewer.get_by_text("Understandability: 12 of 12 points, 100 per cent.")).to_be_visible()
    accessible(reviewer)


def test_an_approval_with_an_open_question_leads_to_it(live, visit):
    change(live, NEW, "Numbness can last two days.")
    reviewer = visit(width=360)
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    press(reviewer, "button", "Approve this edition")
    expect(reviewer.locator(".error-summary")).to_be_focused()
    accessible(reviewer)
    reviewer.keyboard.press("Tab")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator(".error-summary a")).to_have_text(re.compile("^23 questions are open. Begin with"))
    question = reviewer.locator("fieldset.question").first
    expect(question).to_be_in_viewport()
    expect(question.get_by_role("radio", name="Yes")).to_be_focused()
    reviewer.keyboard.press("Space")
    expect(question.get_by_role("radio", name="Yes")).to_be_checked()
    expect(reviewer.get_by_text("1 of 23 questions answered.")).to_be_visible()


def test_the_text_opens_at_the_change_and_each_change_is_commented_on_with_one_press(live, visit):
    overview = live.pages.get(kind="overview").markdown
    builders.write(live.guide, live.made_by, "overview", f"{overview}\n\nIt is done sitting.")
    change(live, NEW, "Numbness can last two days.")
    reviewer = visit(height=700)
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    text = in_text(reviewer)
    status = reviewer.locator("[data-mark] [role=status]")
    expect(status).to_have_text("Change 1 of 2: Overview.")
    expect(text.get_by_text("It is done sitting.")).to_have_attribute("aria-description", "changed")
    expect(text.get_by_text(NEW)).to_have_attribute("aria-description", "changed")
    assert text.locator("[aria-description]").count() == 2
    press_here(reviewer, "button", "Next change")
    expect(status).to_have_text("Change 2 of 2: Side effects.")
    assert how_far_down(reviewer, text.get_by_text(NEW)) < 400
    accessible(reviewer)

    # Chromium reports each mouse event in a frame that may run no scripts of its own.
    WATCHED[reviewer].examined = True
    text.get_by_role("link", name="Preparation").dispatch_event("click")
    WATCHED[reviewer].examined = False
    assert how_far_down(reviewer, text.get_by_role("heading", name="Preparation")) < 400

    press_here(reviewer, "link", "Comment on this change: Side effects")
    expect(reviewer.get_by_role("textbox", name="Which words")).to_have_value(NEW)
    expect(reviewer.get_by_label("Place").locator("option:checked")).to_have_text("Side effects: the whole page")
    expect(reviewer.get_by_role("textbox", name="Comment")).to_be_focused()


def test_after_the_approval_the_next_step_is_the_first_thing_on_the_screen(live, visit):
    change(live, NEW, "Numbness can last two days.")
    reviewer = visit(width=360)
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    reviewing.approve(reviewer)
    expect(reviewer.get_by_text("You approved this at")).to_be_visible()
    expect(reviewer.locator("button.default")).to_have_text("Publish now")
    expect(reviewer.get_by_text("questions answered")).to_have_count(0)
    accessible(reviewer)
    press(reviewer, "button", "Publish now")
    press(reviewer, "link", "See “Cold therapy” on the site")
    expect(reviewer).to_have_url(re.compile("/guides/cold-therapy/$"))


def test_answers_are_kept_while_somebody_reads(live, visit):
    change(live, NEW, "Numbness can last two days.")
    reviewer = visit()
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    reviewer.get_by_role("radio", name="No", exact=True).first.check()
    reviewer.get_by_role("textbox", name="Note").fill("Purpose?")
    expect(reviewer.get_by_text("Your answers and the note are kept:")).to_be_visible()
    expect(reviewer.get_by_text("Understandability: 0 of 1 point, 0 per cent.")).to_be_visible()
    draft = ReviewDraft.objects.get()
    assert (draft.answers, draft.note) == ({"pemat-1": "no"}, "Purpose?")


def test_without_javascript_a_reviewer_comments_and_returns(live, visit):
    change(live, NEW, "Numbness can last two days.")
    reviewer = visit(width=360, javascript=False)
    sign_in(reviewer, "reviewer")
    open_edition(reviewer, 2)
    expect(reviewer.get_by_role("button", name="Comment on the words you marked")).to_be_hidden()
    reviewer.get_by_role("link", name="Comment on this change: Side effects").click()
    expect(reviewer.get_by_label("Place")).to_have_value("side-effects")
    reviewer.get_by_role("textbox", name="Comment").fill("Say whether it can be longer.")
    reviewer.get_by_role("button", name="Return it to the editors").click()
    expect(reviewer.get_by_text("Returned by Rae Reviewer")).to_be_visible()
    assert Review.objects.get(decision="returned").comments[0]["title"] == "Side effects"


def test_an_urgent_correction_is_mailed_stands_first_and_is_live_after_one_question(live, visit):
    author = live.made_by
    other = builders.guide(author, title="Art of rest", slug="rest")
    builders.submitted(other, author, "First edition.")
    mail.outbox.clear()
    urgent = change(live, NEW, "Numbness can last two days.", urgent_reason="Patients called us too late.")
    told = next(one for one in mail.outbox if one.to == ["reviewer@clinic.example"])
    assert told.subject.startswith("Urgent:")
    assert "Patients called us too late." in told.body

    reviewer, patient = visit(), visit(width=360)
    sign_in(reviewer, "reviewer")
    waiting = reviewer.locator("#content-main").get_by_role("link", name=re.compile(r", edition \d"))
    expect(waiting.first).to_contain_text("Cold therapy, edition 2")
    waiting.first.focus()
    enter(reviewer)
    expect(reviewer.locator(".urgent")).to_contain_text("Patients called us too late.")
    accessible(reviewer)
    reviewing.approve(reviewer, questions="accuracy")
    expect(reviewer.get_by_text("only what was answered here was asked")).to_be_visible()
    press(reviewer, "button", "Publish now")
    patient.goto("/guides/cold-therapy/side-effects/")
    expect(patient.get_by_text(NEW)).to_be_visible()
    assert urgent.reviews.get().answers[0]["id"] == "accuracy"
