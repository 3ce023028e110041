"""What every story does as a reviewer: answer the questions, approve."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import press


def approve(page: Page, *, questions: str = "") -> None:
    """Answer each question with yes, or only the one with this id, then approve with the keyboard."""
    name = f"[name={questions}]" if questions else ""
    for answer in page.locator(f"fieldset.question input[value=yes]{name}").all():
        answer.check()
    press(page, "button", "Approve this edition")
    expect(page.get_by_text("Approved by Rae Reviewer")).to_be_visible()
