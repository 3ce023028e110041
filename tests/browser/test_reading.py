"""How a guide is read: on a phone, the first screen and the way through; on paper, a booklet."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from education.models import Edition
from tests import builders
from tests.browser.conftest import accessible, reach

pytestmark = pytest.mark.looks
GUIDE = "/guides/mesotherapy/"
ONE_LINE = 20


@pytest.fixture
def sample(transactional_db, settings) -> None:
    settings.SAMPLE_STAFF_PASSWORD = builders.PASSWORD
    call_command("load_sample")


def _room_above_the_bar(page: Page, fact: str) -> tuple[float, float]:
    """Return how far above the bar the answer to a key fact begins, and how far it ends, in CSS pixels."""
    bar = page.locator(".guide-nav").bounding_box()
    box = page.locator(".key-facts-box div", has=page.get_by_text(fact, exact=True)).locator("dd").bounding_box()
    assert bar, "there is no bar"
    assert box, fact
    return bar["y"] - box["y"], bar["y"] - box["y"] - box["height"]


def test_on_a_phone_the_first_screen_answers_and_every_page_is_a_tap_away(sample, visit):
    page = visit(width=360, height=740, javascript=False)
    page.goto(GUIDE)
    # What it is, what it takes in time and money, and whether it is for me.
    expect(page.get_by_role("heading", level=1)).to_have_text("Mesotherapy")
    for fact in ("How much time?", "What does it cost?"):
        assert _room_above_the_bar(page, fact)[1] >= 0, fact
    assert _room_above_the_bar(page, "Is it for me?")[0] >= ONE_LINE

    page.get_by_text("Contents").click()
    contents = page.get_by_role("navigation", name="Pages in this guide")
    expect(contents.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    for link in contents.get_by_role("link").all():
        expect(link).to_be_visible()
    contents.get_by_role("link", name="Side effects").click()
    expect(contents.get_by_text("8 of 14")).to_be_in_viewport()
    contents.get_by_role("link", name=re.compile("Next.*Recovery")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recovery")
    expect(contents.get_by_text("9 of 14")).to_be_in_viewport()


def test_open_contents_give_way_when_the_keyboard_goes_on(sample, visit):
    page = visit(width=360, height=740)
    page.goto(GUIDE)
    reach(page, page.locator(".guide-nav summary"))
    page.keyboard.press("Enter")
    overview = page.locator(".guide-nav li a").first
    expect(overview).to_be_visible()
    accessible(page)
    page.locator(".prose a").first.focus()
    page.keyboard.press("Tab")
    expect(overview).to_be_hidden()


def test_on_a_wide_screen_the_contents_stand_open_beside_the_text(sample, visit):
    page = visit(width=1280)
    page.goto(f"{GUIDE}side-effects/")
    contents = page.get_by_role("navigation", name="Pages in this guide")
    expect(contents.get_by_role("link", name="Recovery", exact=True)).to_be_visible()
    expect(contents.get_by_role("link", name="Side effects")).to_have_attribute("aria-current", "page")
    expect(contents.locator("summary")).to_be_hidden()


def test_the_whole_guide_prints_as_a_booklet(sample, visit):
    page = visit()
    page.goto(f"{GUIDE}all/")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="Letter"))).pages
    # Letters that the type joins are told apart again.
    words = [" ".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]
    edition = Edition.objects.get(guide__slug="mesotherapy")
    stamp = f"Edition {edition.number} · {edition.short_hash}"
    # The title page names the edition and the pages; the last sheet names the edition again.
    for expected in ("Mesotherapy", stamp, "Contents", "Side effects"):
        assert expected in words[0], expected
    assert any(stamp in sheet for sheet in words[-2:])
    assert any("Page last reviewed:" in sheet for sheet in words[-8:])
    assert all(f"{number} / {len(sheets)}" in sheet for number, sheet in enumerate(words, start=1))
    whole = " ".join(words)
    assert "Sources" in whole
    assert "(https://" in whole, "an address that paper cannot follow is printed"
    assert "Skip to the content" not in whole
    assert "Get in touch" in words[-1]
