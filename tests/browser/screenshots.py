"""Makes the pictures of the documentation from the sample clinic: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from tests import builders
from tests.browser.conftest import sign_in

PICTURES = Path(__file__).resolve().parent.parent.parent / "docs" / "img"


@pytest.fixture
def sample(transactional_db, settings) -> None:
    settings.SAMPLE_STAFF_PASSWORD = builders.PASSWORD
    call_command("load_sample")


def test_the_guide_as_a_patient_reads_it(sample, visit):
    page = visit(width=1200, height=860)
    page.goto("/guides/mesotherapy/side-effects/")
    page.screenshot(path=PICTURES / "guide.png")


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
