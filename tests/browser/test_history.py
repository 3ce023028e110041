"""A patient finds out what an old print-out is still good for; staff put a guide into the archive and bring it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from education.models import Edition
from tests import builders, public
from tests.browser.conftest import accessible, enter, press, reach, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "You can get numbness for a day.", "You can get numbness for two days."


@pytest.fixture
def editions(cast) -> list[Edition]:
    """Two editions of the clinic's guide; the second is live."""
    public.whole_clinic(cast["owner"])
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], "side-effects", OLD)
    first = builders.published(guide, cast)
    return [first, builders.next_edition(guide, cast, NEW, what_changed="Numbness can last two days.")]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_patient_types_the_code_of_an_old_copy_and_reads_what_changed(editions, visit, javascript):
    patient = visit(width=360, javascript=javascript)
    code = editions[0].code
    patient.goto("/")
    press(patient, "link", "Is your printed guide up to date?")
    reach(patient, patient.get_by_label("Code"))
    patient.keyboard.type(f"{code[:7]}1")
    enter(patient)
    expect(patient).to_have_title(re.compile("^Error: Is your copy up to date?"))
    expect(patient.locator(".error-summary")).to_be_focused()
    expect(patient.get_by_label("Code")).to_have_value(f"{code[:7]}1")
    if javascript:
        accessible(patient)
    patient.get_by_label("Code").fill(f" {code[:4].upper()}-{code[4:].upper()} ")
    press(patient, "button", "Check my copy")
    expect(
        patient.get_by_text("No: your copy has been replaced by a newer edition. Do not rely on the paper")
    ).to_be_visible()
    expect(patient.get_by_text("Numbness can last two days.")).to_be_visible()
    if javascript:
        accessible(patient)
    press(patient, "link", "Every change since your copy, word by word")
    expect(patient.locator("del", has_text="a")).to_be_visible()
    expect(patient.locator("ins", has_text="two")).to_be_visible()


def test_two_editions_are_compared_without_a_script(editions, visit):
    patient = visit(width=360, javascript=False)
    patient.goto("/guides/cold-therapy/editions/")
    patient.get_by_label("From").select_option("2")
    press(patient, "button", "Show what changed")
    expect(patient.get_by_text("You chose the same edition twice.").first).to_be_visible()
    patient.get_by_label("From").select_option("1")
    press(patient, "button", "Show what changed")
    expect(patient.get_by_text("Edition 2 compared with edition 1")).to_be_visible()


def test_a_guide_goes_into_the_archive_and_comes_back(editions, visit):
    editor, patient = visit(), visit(width=360)
    sign_in(editor, "author")
    editor.goto(f"/admin/education/guide/{editions[0].guide_id}/change/")
    reach(editor, editor.locator("summary", has_text="Take it off the site"))
    editor.keyboard.press("Enter")
    press(editor, "link", "Put into the archive …")
    reach(editor, editor.get_by_role("textbox", name="Reason"))
    editor.keyboard.type("We no longer offer this treatment.")
    accessible(editor)
    press(editor, "button", "Put “Cold therapy” into the archive")
    expect(editor.get_by_text("is in the archive. Patients read your reason")).to_be_visible()
    accessible(editor)

    answer = patient.goto("/guides/cold-therapy/side-effects/")
    assert answer is not None
    assert answer.status == 410
    expect(patient.get_by_text("We no longer offer this treatment.")).to_be_visible()
    expect(patient.get_by_text(NEW)).to_have_count(0)
    accessible(patient)
    press(patient, "link", "What it said: edition 2, the last one")
    expect(patient.get_by_text(NEW)).to_be_visible()
    expect(patient.locator(".notice")).to_contain_text("We no longer offer this treatment.")
    accessible(patient)
    patient.goto(f"/e/{editions[1].code}/")
    expect(patient.get_by_text("No: the clinic no longer keeps this guide up to date.")).to_be_visible()
    accessible(patient)

    editor.goto("/admin/education/guide/")
    expect(editor.locator("#result_list")).to_have_count(0)
    editor.goto("/admin/education/guide/?archive=archived")
    accessible(editor)
    press(editor, "link", "Cold therapy")
    press(editor, "link", "Bring it back from the archive …")
    expect(editor.get_by_text("Patients will read edition 2 again at once")).to_be_visible()
    accessible(editor)
    press(editor, "button", "Bring “Cold therapy” back")
    expect(editor.get_by_text("is back from the archive.")).to_be_visible()
    patient.goto("/guides/cold-therapy/side-effects/")
    expect(patient.get_by_text(NEW)).to_be_visible()
