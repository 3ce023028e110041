"""Makes the pictures of the documentation from the sample clinic: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from tests import builders
from tests.browser.conftest import sign_in

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "img"
# To be looked at before a change of the look is taken for done; git ignores them.
SCREENS = ROOT / "test-results" / "screens"
GUIDE = "/guides/mesotherapy/"
PUBLIC = {
    "home": "/",
    "overview": GUIDE,
    "side-effects": f"{GUIDE}side-effects/",
    "who-should-not": f"{GUIDE}contraindications/",
    "sources": f"{GUIDE}sources/",
    "form-with-errors": f"{GUIDE}editions/?on=2026-02-30",
    "history": f"{GUIDE}editions/",
    "edition": f"{GUIDE}editions/1/",
    "providers": "/providers/",
    "provider": "/providers/robin-sample/",
    "prices": "/prices/",
    "price-of-a-course": "/prices/?procedure=mesotherapy&area=Face&sessions=8&keep=yes&years=2",
    "consultation": "/consultation/?guide=mesotherapy",
    "mistake": f"{GUIDE}mistake/?page=side-effects",
}
WIDTHS = (360, 768, 1280)


@pytest.fixture
def sample(transactional_db, settings) -> None:
    settings.SAMPLE_STAFF_PASSWORD = builders.PASSWORD
    call_command("load_sample")


def test_the_guide_as_a_patient_reads_it(sample, visit):
    page = visit(width=1200, height=860)
    page.goto("/guides/mesotherapy/side-effects/")
    page.screenshot(path=PICTURES / "guide.png")


def test_the_guide_on_a_phone(sample, visit):
    page = visit(width=360, height=740)
    page.goto(GUIDE)
    page.screenshot(path=PICTURES / "phone.png")


def test_the_newsroom_as_an_editor_sees_it(sample, visit):
    page = visit(width=1200, height=860)
    sign_in(page, "editor")
    page.goto("/admin/education/guide/")
    page.get_by_role("link", name="Mesotherapy").first.click()
    page.get_by_role("heading", name="Where it stands").wait_for()
    page.screenshot(path=PICTURES / "guide-screen.png")
    page.get_by_role("link", name="Side effects").click()
    page.frame_locator("iframe").get_by_text("When to get help").wait_for()
    page.screenshot(path=PICTURES / "writing.png")


def test_the_clinic_s_own_colour_as_its_owner_sees_it(sample, visit):
    page = visit(width=1200, height=860)
    sign_in(page, "owner")
    page.goto("/admin/clinic/clinic/1/change/")
    page.get_by_role("heading", name="How your colour looks").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "brand.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_screen_at_every_width(sample, visit, scheme):
    for width in WIDTHS:
        page = visit(width=width, dark=scheme == "dark")
        for name, path in PUBLIC.items():
            page.goto(path)
            page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True, timeout=60_000)


def test_every_public_screen_from_right_to_left_without_colours_and_on_paper(sample, visit):
    page = visit(width=360)
    for name, path in PUBLIC.items():
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        page.screenshot(path=SCREENS / f"{name}-right-to-left.png", full_page=True, timeout=60_000)
        page.goto(path)
        page.emulate_media(forced_colors="active")
        page.screenshot(path=SCREENS / f"{name}-forced-colours.png", full_page=True, timeout=60_000)
        page.emulate_media(forced_colors="none")
        page.pdf(path=SCREENS / f"{name}.pdf", prefer_css_page_size=True, format="Letter")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_guide_s_screen_of_the_admin(sample, visit, width):
    page = visit(width=width)
    sign_in(page, "editor")
    page.goto("/admin/education/guide/")
    page.get_by_role("link", name="Mesotherapy").first.click()
    page.screenshot(path=SCREENS / f"admin-guide-{width}.png", full_page=True, timeout=60_000)
