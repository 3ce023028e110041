"""From a guide to a request for a consultation, from the front desk's keyboard to its end, and then it is gone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic import actions
from clinic.models import ConsultationRequest, ErasedRequest
from tests import builders, public
from tests.browser.conftest import accessible, enter, press, reach, sign_in
from tests.clinic import asking

NAME, NUMBER = "Zuzana Patientova", "+420 222 555 014"


@pytest.fixture
def cast(transactional_db, monkeypatch):
    """A clinic with a procedure that patients read about, its price, and a front desk."""
    # The story is told faster than a person could type it.
    monkeypatch.setattr("education.forms.visitors.SOONEST", timedelta(0))
    people = builders.cast()
    public.whole_clinic(people["owner"])
    edition = asking.procedure(people)
    builders.price(edition.guide, people["author"])
    asking.provider()
    return people


def reckon(patient: Page) -> None:
    """As a patient on a phone: from the guide to what the whole course costs, and what one's own would."""
    patient.goto("/guides/warm-therapy/")
    press(patient, "link", "What it costs here")
    course = patient.get_by_role("row", name="Face")
    expect(course).to_contain_text("$1,800 to $5,000")
    expect(course).to_contain_text("6 to 10 sessions × $300 to $500")
    expect(course).to_contain_text("$600 to $2,000")
    accessible(patient)
    patient.get_by_label("How many sessions").fill("eight")
    patient.get_by_label("For how many years").fill("2")
    press(patient, "button", "Work it out")
    expect(patient.locator(".error-summary")).to_be_visible()
    patient.get_by_label("How many sessions").fill("8")
    press(patient, "button", "Work it out")
    expect(patient.get_by_role("row", name="The whole course")).to_contain_text("$2,400 to $4,000")
    expect(patient.get_by_role("row", name="In all")).to_contain_text("$3,600 to $8,000")
    expect(patient.get_by_text("not a good faith estimate").first).to_be_visible()
    accessible(patient)
    patient.get_by_role("main").get_by_role("link", name="Ask for a consultation").click()


def ask(patient: Page) -> None:
    """As a patient on a phone: the form as a link filled it in, an error on the way, and sent."""
    expect(patient.get_by_label("What is it about?")).to_have_value("warm-therapy")
    accessible(patient)
    patient.get_by_label("Your name").fill(NAME)
    patient.get_by_label("In the evening").check()
    patient.get_by_label("Your message").fill("I work until six.")
    patient.get_by_label("You may use what I wrote here").check()
    press(patient, "button", "Send the request")

    expect(patient).to_have_title(re.compile("^Error: Ask for a consultation"))
    expect(patient.locator(".error-summary")).to_be_focused()
    accessible(patient)
    patient.get_by_role("link", name="Write an e-mail address or a phone number").click()
    expect(patient.get_by_label("E-mail address")).to_be_focused()
    expect(patient.get_by_label("Your message")).to_have_value("I work until six.")
    expect(patient.get_by_label("In the evening")).to_be_checked()
    patient.get_by_label("Phone number").fill(NUMBER)
    press(patient, "button", "Send the request")

    expect(patient.get_by_role("heading", name="Your request is here")).to_be_visible()
    expect(patient.get_by_text("We contact you within 8 hours")).to_be_visible()
    accessible(patient)
    patient.reload()
    expect(patient.get_by_role("heading", name="Your request is here")).to_be_visible()


def work(desk: Page) -> None:
    """As the front desk, by the keyboard alone: take the request, call, book, close."""
    sign_in(desk, "frontdesk")
    accessible(desk)
    press(desk, "link", "New requests: 1")
    accessible(desk)
    press(desk, "link", NAME)
    expect(desk.get_by_text("I work until six.")).to_be_visible()
    expect(desk.get_by_role("link", name=NUMBER)).to_have_attribute("href", "tel:+420222555014")
    accessible(desk)
    press(desk, "button", "Assign to me")
    expect(desk.get_by_text("is yours.")).to_be_visible()

    press(desk, "button", "Mark as contacted")
    expect(desk.get_by_role("link", name="How: Say how.")).to_be_visible()
    accessible(desk)
    reach(desk, desk.locator("#id_contact_how"))
    desk.keyboard.type("By phone")
    press(desk, "button", "Mark as contacted")
    expect(desk.get_by_text("is marked as contacted.")).to_be_visible()

    reach(desk, desk.locator("#id_book_note"))
    desk.keyboard.type("Tuesday at seven.")
    press(desk, "button", "Mark as booked")
    expect(desk.get_by_text("Tuesday at seven.")).to_be_visible()

    reach(desk, desk.locator("#id_close_outcome"))
    desk.keyboard.type("Had")
    press(desk, "button", "Close")
    expect(desk.get_by_text("is closed.")).to_be_visible()
    expect(desk.get_by_text("It is erased on")).to_be_visible()
    accessible(desk)


def test_a_request_goes_from_the_guide_to_the_front_desk_to_its_end_and_is_erased(cast, visit):
    patient = visit(width=360, height=740)
    reckon(patient)
    ask(patient)
    row = ConsultationRequest.objects.get()
    assert (row.name, row.phone, row.guide.slug, row.best_time) == (NAME, NUMBER, "warm-therapy", "evening")

    desk = visit()
    work(desk)
    row.refresh_from_db()
    assert (row.state, row.outcome, row.assigned_to) == ("closed", "came", cast["front_desk"])
    kinds = ["assigned", "contacted", "booked", "closed"]
    assert list(row.steps.values_list("kind", flat=True)) == kinds

    actions.purge(now=timezone.now() + timedelta(days=91))
    assert ErasedRequest.objects.get().key == row.key
    desk.reload()
    expect(desk.get_by_role("heading", name="This request is not here any more")).to_be_visible()
    accessible(desk)
    press(desk, "link", "All requests")
    expect(desk.get_by_role("link", name=NAME)).to_have_count(0)
    accessible(desk)


def test_the_front_desk_erases_a_request_for_who_asks(cast, visit):
    asking.request(name=NAME)
    desk = visit(width=360)
    sign_in(desk, "frontdesk", "/admin/clinic/consultationrequest/")
    press(desk, "link", NAME)
    press(desk, "link", "Erase this request …")
    accessible(desk)
    reach(desk, desk.get_by_role("button", name="Erase this request for good"))
    enter(desk)
    expect(desk.get_by_text("The request is erased.")).to_be_visible()
    assert not ConsultationRequest.objects.exists()
