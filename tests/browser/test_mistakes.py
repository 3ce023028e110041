"""A reader reports a mistake, with an error on the way; staff answer and close it by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from education.models import MistakeReport
from tests import builders, public
from tests.browser.conftest import accessible, enter, press, reach, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Numb for a day? My leaflet says two."


@pytest.fixture
def live(cast, monkeypatch):
    # A browser that is driven is quicker than a person.
    monkeypatch.setattr("education.forms.visitors.SOONEST", timedelta(seconds=-1))
    public.whole_clinic(cast["owner"])
    return builders.published(builders.guide(cast["author"]), cast)


def test_a_mistake_goes_from_a_reader_to_its_answer(live, visit):
    reader = visit(width=360)
    _reported(reader)
    report = MistakeReport.objects.get()
    assert (report.words, report.page, report.edition) == (WORDS, "side-effects", live)
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("We have your report")
    assert MistakeReport.objects.count() == 1

    mail.outbox.clear()
    staff = visit()
    sign_in(staff, "reviewer")
    press(staff, "link", "Cold therapy, edition 1: Side effects")
    expect(staff.get_by_text(WORDS)).to_be_visible()
    expect(staff.frame_locator("iframe").get_by_text("for a day").first).to_be_visible()
    accessible(staff)
    reach(staff, staff.get_by_label("Your answer"))
    staff.keyboard.type("You are right. It is two days.")
    press(staff, "button", "Send this answer")
    expect(staff.get_by_text("The answer is recorded.")).to_be_visible()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]

    reach(staff, staff.get_by_role("radio", name="We mended it"))
    staff.keyboard.press("Space")
    press(staff, "button", "Close this report")
    expect(staff.get_by_text("The report is closed.")).to_be_visible()
    expect(staff.get_by_text("ada@example.org")).to_have_count(0)
    accessible(staff)


def _reported(reader: Page) -> None:
    reader.goto("/guides/cold-therapy/side-effects/")
    press(reader, "link", "Report a mistake")
    expect(reader.get_by_text("This is not for getting help")).to_be_visible()
    expect(reader.get_by_label("Leave this empty")).to_be_hidden()
    reach(reader, reader.get_by_label("E-mail address"))
    reader.keyboard.type("ada@example.org")
    # The next stop of the Tab key is the button: nobody passes the field for machines.
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("button", name="Send this report")).to_be_focused()
    enter(reader)
    expect(reader).to_have_title(re.compile("^Error: Report a mistake"))
    expect(reader.locator(".error-summary")).to_be_focused()
    accessible(reader)
    reader.get_by_role("link", name="Write what is wrong.").press("Enter")
    reader.keyboard.type(WORDS)
    expect(reader.get_by_label("E-mail address")).to_have_value("ada@example.org")
    press(reader, "button", "Send this report")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("We have your report")
    accessible(reader)


def test_without_a_script_a_field_that_a_browser_filled_in_is_shown_and_can_be_emptied(live, visit):
    reader = visit(width=360, javascript=False)
    reader.goto("/guides/cold-therapy/mistake/")
    reader.get_by_label("What is wrong?").fill(WORDS)
    reader.locator("[name=website]").evaluate("field => { field.value = 'https://ada.example' }")
    reader.get_by_role("button", name="Send this report").click()
    reader.get_by_role("link", name=re.compile("not for people")).press("Enter")
    trap = reader.get_by_label("Leave this empty")
    expect(trap).to_be_focused()
    expect(trap).to_be_visible()
    trap.fill("")
    press(reader, "button", "Send this report")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("We have your report")
