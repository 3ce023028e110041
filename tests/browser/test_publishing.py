"""A correction from the editor's keyboard to the patient's phone, and what the record keeps of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from education.models import Edition
from tests import builders
from tests.browser import reviewing
from tests.browser.conftest import accessible, enter, press, reach, sign_in

OLD, NEW = "You can get numbness for a day.", "You can get numbness for two days."


@pytest.fixture
def first(transactional_db) -> Edition:
    """The clinic's guide as patients read it when the story begins."""
    cast = builders.cast()
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], "side-effects", OLD)
    return builders.published(guide, cast)


def correct(page: Page, sentence: str) -> None:
    """As the editor: change the side effects, submit them, and end on the edition's screen. Keyboard only."""
    sign_in(page, "author")
    reach(page, page.locator("#content-main").get_by_role("link", name="Guides", exact=True).last)
    enter(page)
    press(page, "link", "Cold therapy")
    press(page, "link", "Side effects")
    accessible(page)
    reach(page, page.get_by_role("textbox", name="Text"))
    page.keyboard.press("Control+A")
    page.keyboard.type(sentence)
    expect(page.frame_locator("iframe").get_by_text(sentence)).to_be_visible()
    press(page, "button", "Save and back to the guide")
    expect(page.get_by_text("changed since edition 1")).to_be_visible()
    accessible(page)
    press(page, "link", "Submit for review")
    expect(page.get_by_text("Side effects", exact=False).first).to_be_visible()
    reach(page, page.get_by_role("textbox", name="What changed"))
    page.keyboard.type("Numbness can last two days.")
    accessible(page)
    press(page, "button", "Submit edition 2 for review")
    expect(page.get_by_role("heading", name="Where it stands")).to_be_visible()


def approve(page: Page) -> None:
    """As the reviewer: find the edition, see what changed, approve it."""
    sign_in(page, "reviewer")
    page.get_by_role("link", name="Cold therapy, edition 2").first.focus()
    enter(page)
    changed = page.locator("section[aria-labelledby=changes]")
    expect(changed.locator("del", has_text="a")).to_be_visible()
    expect(changed.locator("ins", has_text="two")).to_be_visible()
    accessible(page)
    reviewing.approve(page)


def test_a_correction_goes_from_the_editor_past_the_reviewer_to_the_patient(first, visit):
    editor, reviewer, patient = visit(), visit(), visit(width=360)
    patient.goto("/guides/cold-therapy/side-effects/")
    expect(patient.get_by_text(OLD)).to_be_visible()
    correct(editor, NEW)

    patient.reload()
    expect(patient.get_by_text(OLD)).to_be_visible()
    approve(reviewer)
    patient.reload()
    expect(patient.get_by_text(OLD)).to_be_visible()

    editor.reload()
    press(editor, "button", "Publish now")
    expect(editor.get_by_text("Patients read this edition now")).to_be_visible()
    accessible(editor)
    patient.reload()
    expect(patient.get_by_text(NEW)).to_be_visible()
    expect(patient.get_by_text("Rae Reviewer")).to_be_visible()
    accessible(patient)

    # The old permalink still has the old text, and says that it no longer counts.
    patient.goto("/guides/cold-therapy/editions/1/")
    expect(patient.get_by_text(OLD)).to_be_visible()
    expect(patient.locator(".notice")).to_contain_text("2")
    assert patient.locator('meta[name="robots"][content*="noindex"]').count() == 1
    accessible(patient)

    # The code on a leaflet of the old edition says so too, and what changed since.
    patient.goto(f"/e/{first.code}/")
    expect(patient.get_by_text("replaced by a newer edition")).to_be_visible()
    expect(patient.get_by_text("Numbness can last two days.")).to_be_visible()
    accessible(patient)


def test_a_scheduled_edition_appears_at_its_moment(first, visit):
    editor, reviewer, patient = visit(), visit(), visit(width=360)
    correct(editor, NEW)
    approve(reviewer)
    editor.reload()
    moment = (timezone.localtime() + timedelta(days=1)).replace(hour=9, minute=30, second=0, microsecond=0)
    reach(editor, editor.locator("#id_schedule_day"))
    editor.keyboard.type(moment.strftime("%m%d%Y"))
    reach(editor, editor.locator("#id_schedule_time"))
    editor.keyboard.type(moment.strftime("%I%M%p"))
    press(editor, "button", "Publish at this time")
    expect(editor.locator(".state").first).to_have_text("scheduled")
    accessible(editor)
    for at, sentence in ((moment - timedelta(microseconds=1), OLD), (moment, NEW)):
        with time_machine.travel(at, tick=False):
            patient.goto("/guides/cold-therapy/side-effects/")
            expect(patient.get_by_text(sentence)).to_be_visible()


def test_a_withdrawn_edition_shows_its_reason(first, visit):
    editor, patient = visit(), visit(width=360)
    sign_in(editor, "author")
    editor.goto(f"/admin/education/edition/{first.pk}/change/")
    press(editor, "link", "Withdraw edition 1 …")
    reach(editor, editor.get_by_role("textbox", name="Reason"))
    editor.keyboard.type("A source was withdrawn by its journal.")
    accessible(editor)
    press(editor, "button", "Withdraw edition 1 for good")
    expect(editor.locator(".state").first).to_have_text("withdrawn")
    answer = patient.goto("/guides/cold-therapy/side-effects/")
    assert answer is not None
    assert answer.status == 410
    expect(patient.get_by_text("A source was withdrawn by its journal.")).to_be_visible()
    expect(patient.get_by_text(OLD)).to_have_count(0)
    accessible(patient)
    patient.goto("/guides/cold-therapy/editions/1/")
    expect(patient.get_by_text("A source was withdrawn by its journal.")).to_be_visible()
    expect(patient.get_by_text(OLD)).to_be_visible()
    accessible(patient)


def test_the_second_of_two_editors_sees_both_texts_keeps_their_own_and_chooses(first, visit):
    slow, quick = visit(), visit()
    path = f"/admin/education/guide/{first.guide_id}/pages/{first.pages.get(kind='side-effects').page_id}/"
    sign_in(slow, "author")
    sign_in(quick, "colleague")
    slow.goto(path)
    quick.goto(path)
    quick.get_by_role("textbox", name="Text").fill("Cleo wrote this.")
    press(quick, "button", "Save")
    slow.get_by_role("textbox", name="Text").fill("Ada wrote this.")
    press(slow, "button", "Save")
    expect(slow.get_by_role("heading", name="Cleo Colleague saved this page while you were writing")).to_be_visible()
    expect(slow.get_by_role("textbox", name="Text")).to_have_value("Ada wrote this.")
    expect(slow.get_by_text("Cleo").first).to_be_visible()
    accessible(slow)
    press(slow, "button", "Save mine over theirs")
    expect(slow.get_by_text("is saved")).to_be_visible()
    slow.get_by_role("link", name="Saved texts of this page").click()
    expect(slow.get_by_text("Cleo Colleague").first).to_be_visible()
    accessible(slow)


def test_without_javascript_the_preview_opens_in_a_window_of_its_own(first, visit):
    editor = visit(javascript=False)
    sign_in(editor, "author")
    page_id = first.pages.get(kind="side-effects").page_id
    editor.goto(f"/admin/education/guide/{first.guide_id}/pages/{page_id}/")
    editor.get_by_role("textbox", name="Text").fill("Not saved, only seen.")
    with editor.context.expect_page() as opened:
        editor.get_by_role("button", name="Preview in a new window").click()
    expect(opened.value.frame_locator("iframe").get_by_text("Not saved, only seen.")).to_be_visible()
    editor.goto("/guides/cold-therapy/side-effects/")
    expect(editor.get_by_text(OLD)).to_be_visible()
