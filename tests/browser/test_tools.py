"""A patient checks before booking, and plans around the day: by keyboard, on paper, and nobody learns of it."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

from tests import public
from tests.browser.conftest import accessible, press, reach
from tests.education import calendar_lines, tooled

pytestmark = pytest.mark.django_db(transaction=True)
CHECK, PLAN = "/guides/cold-therapy/check/", "/guides/cold-therapy/plan/"
STOPS, TELLS = "Does cold give you hives?", "Are you pregnant?"
OPEN = "You have not answered every question yet."
STOP, TELL, NONE = (
    "Do not book before you have talked with us.",
    "Tell us about what is on the list below before you book.",
    "Nothing on this list applies to you.",
)
EVERYTHING_KEPT = """async () => [
  document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await caches?.keys?.() ?? []).length, history.length, location.href,
]"""


@pytest.fixture
def live(cast):
    public.whole_clinic(cast["owner"])
    return tooled.published(cast)


def answer(page: Page, question: str, words: str) -> None:
    page.get_by_role("group", name=question).get_by_role("radio", name=words, exact=True).check()


def outcomes(page: Page) -> list[str]:
    return [one.inner_text() for one in page.get_by_role("status").locator("strong").all() if one.is_visible()]


def requests_of(page: Page) -> list[str]:
    """Return a list that grows with each request from now on. The site's icon, which comes late, does not count."""
    asked: list[str] = []
    page.on("request", lambda request: None if "/brand/icon." in request.url else asked.append(request.url))
    return asked


def test_the_answers_lead_to_what_to_do_and_why(live, visit):
    page = visit(width=360, javascript=False)
    page.goto("/guides/cold-therapy/all/")
    press(page, "link", "Before you book: check for yourself")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    assert outcomes(page) == [OPEN]
    expect(page.get_by_text("Cold can make your throat swell.").first).to_be_hidden()
    expect(page.get_by_text("Your browser cannot")).to_be_hidden()
    region = page.get_by_role("region", name="What your answers mean")

    # What cannot change any more is said at once.
    answer(page, STOPS, "Yes")
    assert outcomes(page) == [OPEN, STOP]
    expect(region.get_by_role("listitem")).to_have_count(1)
    expect(region.get_by_role("listitem")).to_contain_text("Cold allergy")
    expect(region.get_by_text("Yes: do not book before you have talked with us.")).to_be_visible()
    expect(region.get_by_text("Not sure:")).to_have_count(2)
    expect(region.get_by_text("Not sure:").first).to_be_hidden()
    answer(page, TELLS, "No")
    assert outcomes(page) == [STOP]

    answer(page, STOPS, "I’m not sure")
    assert outcomes(page) == [TELL]
    expect(region.get_by_text("Not sure: tell us before you book.").first).to_be_visible()
    expect(region.get_by_text("Yes:").first).to_be_hidden()
    answer(page, STOPS, "No")
    assert outcomes(page) == [NONE]
    expect(page.get_by_text("Your clinician still decides with you").first).to_be_visible()
    expect(region.get_by_role("listitem")).to_have_count(0)
    answer(page, TELLS, "Yes")
    assert outcomes(page) == [TELL]
    source = region.get_by_role("link", name=re.compile(r"\[1\]")).get_attribute("href")
    expect(page.locator(str(source))).to_contain_text("A trial of cold")
    assert not re.search("suitable", page.content(), re.IGNORECASE)


@pytest.mark.looks
def test_it_is_answered_by_keyboard_alone_and_enter_sends_nothing(live, visit):
    page = visit()
    page.goto(CHECK)
    asked = requests_of(page)
    reach(page, page.get_by_role("group", name=STOPS).get_by_role("radio", name="No", exact=True))
    for key in ("Space", "Enter", "ArrowRight", "Enter", "Tab", "Space", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("group", name=STOPS).get_by_role("radio", name="Yes")).to_be_checked()
    expect(page.get_by_role("group", name=TELLS).get_by_role("radio", name="I’m not sure")).to_be_checked()
    assert outcomes(page) == [STOP, TELL]
    assert asked == []
    assert page.url.endswith(CHECK)
    accessible(page)


def test_no_answer_leaves_the_page_or_comes_back(live, visit, caplog):
    page = visit()
    page.goto(CHECK)
    before = page.evaluate(EVERYTHING_KEPT)
    asked = requests_of(page)
    with caplog.at_level(logging.DEBUG):
        for question in (STOPS, TELLS):
            for words in ("Yes", "No", "I’m not sure"):
                answer(page, question, words)
        page.wait_for_timeout(300)
    assert asked == []
    assert caplog.records == []
    assert page.evaluate(EVERYTHING_KEPT) == before
    assert page.context.cookies() == []

    page.reload()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    answer(page, STOPS, "Yes")
    page.goto(PLAN)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Before you book")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    assert outcomes(page) == [OPEN]


@pytest.mark.looks
def test_on_paper_it_is_a_list_to_bring_along(live, visit):
    page = visit()
    page.goto(CHECK)
    answer(page, STOPS, "No")
    answer(page, TELLS, "I’m not sure")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="Letter")))
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    for said in ("Cold therapy", "Edition 1", STOPS, TELLS, TELL, "Your list to bring along", "Pregnancy", "Not sure:"):
        assert said in words, said
    for said in (OPEN, STOP, NONE, "Cold allergy", "Yes: tell us"):
        assert said not in words, said


@pytest.mark.looks
def test_a_browser_that_cannot_look_shows_all_advice(live, visit):
    page = visit()

    def old(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("selector(:has(*))", "selector(:unheard-of(*))"))

    page.route("**/brand/tools.*.css", old)
    page.goto(CHECK)
    expect(page.get_by_text("Your browser cannot pick out what your answers mean.")).to_be_visible()
    for said in ("Cold allergy", "Pregnancy", "If you answered no to every question"):
        expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("Not sure: tell us before you book.")).to_have_count(2)
    assert outcomes(page) == []
    accessible(page)


@pytest.mark.looks
def test_without_any_style_it_says_no_outcome_that_nobody_worked_out(live, visit):
    page = visit()
    page.route("**/brand/tools.*.css", lambda route: route.fulfill(content_type="text/css", body=""))
    page.goto(CHECK)
    answer(page, STOPS, "Yes")
    assert outcomes(page) == []
    for said in ("Your browser cannot pick out what your answers mean.", "Cold allergy", "Pregnancy"):
        expect(page.get_by_text(said).first).to_be_visible()


@pytest.mark.looks
@pytest.mark.parametrize("look", ["dark", "forced colours", "360 px"])
def test_what_the_answers_mean_can_be_seen_in_every_look(live, visit, look):
    page = visit(width=360 if look == "360 px" else 1280, dark=look == "dark")
    if look == "forced colours":
        page.emulate_media(forced_colors="active")
    page.goto(CHECK)
    answer(page, STOPS, "Yes")
    answer(page, TELLS, "Yes")
    assert outcomes(page) == [STOP, TELL]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for box in page.locator(".outcome:visible").all():
        width = box.evaluate("e => getComputedStyle(e).borderTopWidth + getComputedStyle(e).borderTopStyle")
        assert re.fullmatch(r"[2-9]pxsolid", width)
    accessible(page)


def test_a_patient_plans_prints_and_takes_the_days_along(live, visit):
    page = visit(width=360, javascript=False)
    day = timezone.localdate() + timedelta(days=40)
    page.goto(CHECK)
    press(page, "link", "Plan around your day")
    page.get_by_role("button", name="Show my plan").click()
    expect(page).to_have_title(re.compile("^Error: Your plan"))
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Choose the day of your treatment.").press("Enter")
    page.get_by_label("The day of your treatment").fill(day.isoformat())
    page.get_by_label("How many sessions").fill("2")
    page.get_by_label("Time from one session to the next").fill("3")
    page.get_by_role("button", name="Show my plan").click()
    expect(page.get_by_role("heading", name=re.compile("Session 2 of 2"))).to_be_visible()
    expect(page.get_by_text("Ask the person who prescribed it first.").first).to_be_visible()
    expect(page.get_by_text("Call 911 if:")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == []

    with page.expect_download() as taken:
        page.get_by_role("link", name="Put these days into your calendar").click()
    assert taken.value.suggested_filename == "appointment.ics"
    events = calendar_lines.read(taken.value.path().read_bytes()).inner
    days = [one.day("DTSTART") for one in events if one.text("SUMMARY") == "Appointment"]
    assert days == [day, day + timedelta(days=21)]

    box = "e => { const s = getComputedStyle(e, '::before'); return s.borderTopStyle }"
    step = page.locator(".checklist > li").first
    assert step.evaluate(box) == "none"
    page.emulate_media(media="print")
    assert step.evaluate(box) == "solid"
    expect(page.get_by_role("button", name="Show my plan")).to_be_hidden()
    # What paper cannot lead to is not on it.
    expect(page.get_by_role("link", name="Search")).to_be_hidden()
    expect(page.get_by_text("A short leaflet to print")).to_be_hidden()


@pytest.mark.looks
def test_the_plan_can_be_used_by_everybody(live, visit):
    page = visit(width=360, dark=True)
    page.goto(f"{PLAN}?date={timezone.localdate() + timedelta(days=9)}&sessions=2&interval=10&unit=days")
    accessible(page)
    expect(page.get_by_label("days")).to_be_checked()
    page.goto(f"{PLAN}?date=2026-02-30")
    accessible(page)
