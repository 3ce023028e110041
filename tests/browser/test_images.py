"""A picture that an editor replaces, and what a phone is sent of it before and after."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect

from education import actions
from education.models import Guide, Image
from tests import builders
from tests.browser.conftest import accessible, sign_in
from tests.pictures import photo

PICTURE = "document.querySelector('figure img')"


@pytest.fixture
def guide(transactional_db) -> Guide:
    """A live guide that shows a picture without a license."""
    cast = builders.cast()
    made = builders.guide(cast["author"])
    image = Image(key="cold-pack", alternative_text="A cold pack in a towel", credit="Photo: Ann Example")
    actions.add_image(image, io.BytesIO(photo(1600, 1000)), by=cast["author"])
    builders.write(made, cast["author"], "preparation", "Keep it cold [@trial-2020].\n\n![](image:cold-pack)")
    builders.published(made, cast)
    return made


def sent(page: Page) -> tuple[str, int]:
    """Return the file of the picture that the browser took, and how wide it shows it."""
    page.goto("/guides/cold-therapy/preparation/")
    page.locator("figure img").scroll_into_view_if_needed()
    page.wait_for_function(f"{PICTURE}.complete && {PICTURE}.naturalWidth > 0")
    return page.evaluate(f"{PICTURE}.currentSrc"), page.evaluate(f"{PICTURE}.clientWidth")


def test_a_phone_is_sent_a_narrow_file_and_a_replaced_picture_waits_for_the_next_edition(guide, visit):
    phone = visit(width=360)
    before, shown = sent(phone)
    assert before.endswith("-480.webp")
    assert shown == 360 - 2 * 16
    accessible(phone)
    desk = visit(width=1280)
    sign_in(desk, "author")
    desk.goto("/admin/education/image/")
    accessible(desk)
    desk.get_by_role("link", name="cold-pack").click()
    expect(desk.get_by_text("No license yet.")).to_be_visible()
    desk.get_by_label("Replace the picture").set_input_files(
        {"name": "new.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 1200)}
    )
    desk.get_by_label("License").fill("Taken by us")
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.get_by_text("No license yet.")).to_have_count(0)
    expect(desk.get_by_role("region", name="Editions")).to_contain_text("with an earlier picture")
    expect(desk.get_by_role("region", name="Earlier pictures")).to_contain_text("Cold therapy, edition 1")
    desk.get_by_text("Look at it in each width").click()
    accessible(desk)
    assert sent(phone)[0] == before
    desk.goto(f"/admin/education/guide/{guide.pk}/pages/{guide.pages.get(kind='preparation').pk}/")
    preview = desk.frame_locator("iframe").locator("figure img")
    digest = Image.objects.get().sha256
    assert digest not in before
    expect(preview).to_have_attribute("src", f"/images/{digest}.webp")


def test_a_reader_finds_how_to_check_an_edition(guide, visit):
    phone = visit(width=360)
    phone.goto("/guides/cold-therapy/editions/1/")
    phone.get_by_text("How to check this").click()
    expect(phone.get_by_text("A program of 30 lines")).to_be_visible()
    accessible(phone)
