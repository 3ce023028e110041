"""What is written on a guide's page is never lost: not to an expired sign-in, not to a crash, not to a colleague."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from education import actions
from education.models import Guide
from education.models import Page as GuidePage
from tests import builders
from tests.browser.conftest import WATCHED, Watched, accessible, enter, press, reach, sign_in

SAVED = "What people hope for."
WORDS = "What I wrote in the evening."
OFFERED = "You wrote on this page on"


@pytest.fixture
def page(transactional_db) -> GuidePage:
    author = builders.cast()["author"]
    guide: Guide = builders.guide(author)
    return builders.page(guide, author, GuidePage.Kind.BENEFITS, SAVED)


@pytest.fixture
def another_window(visit) -> Callable[[Page], Page]:
    """Open one more window of the same browser, watched like the first."""

    def open_window(first: Page) -> Page:
        made = first.context.new_page()
        WATCHED[made] = Watched(made, WATCHED[first].home, WATCHED[first].faults)
        return made

    return open_window


def address(page: GuidePage) -> str:
    return f"/admin/education/guide/{page.guide_id}/pages/{page.pk}/"


def write(editor: Page, words: str) -> None:
    reach(editor, editor.get_by_role("textbox", name="Text"))
    editor.keyboard.press("Control+A")
    editor.keyboard.type(words)


def copies(editor: Page) -> dict[str, str]:
    """Return what this browser keeps of unsaved pages."""
    kept: dict[str, str] = editor.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('plainleaf-unsaved')))"
    )
    return kept


def wait_for_copies(editor: Page, expected: Callable[[dict[str, str]], bool]) -> None:
    """Wait for the pause after typing to be over. The page's policy forbids Playwright's own way of waiting."""
    for _ in range(50):
        if expected(copies(editor)):
            return
        editor.wait_for_timeout(100)
    pytest.fail(f"the browser keeps {copies(editor)}")


def kept(words: str) -> Callable[[dict[str, str]], bool]:
    return lambda found: any(words in copy for copy in found.values())


def crash(editor: Page) -> None:
    """Close the window when a copy is kept, as a browser that crashes does: nobody is asked."""
    wait_for_copies(editor, kept(WORDS))
    editor.close(run_before_unload=False)


def saved(page: GuidePage) -> str:
    page.refresh_from_db()
    return page.markdown


def test_a_sign_in_that_runs_out_is_told_and_the_text_is_saved_after_signing_in(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    write(editor, WORDS)
    Session.objects.all().delete()
    reach(editor, editor.get_by_role("button", name="Save", exact=True))
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("alert")).to_contain_text("You have been signed out, so nothing was sent.")
    accessible(editor)
    assert saved(page) == SAVED

    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="Sign in (opens in a new window)").press("Enter")
    entrance = opened.value
    entrance.get_by_label("Username").wait_for()
    entrance.keyboard.type("author")
    entrance.keyboard.press("Tab")
    entrance.keyboard.type(builders.PASSWORD)
    enter(entrance)
    entrance.wait_for_url("**/admin/")
    entrance.close()

    editor.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(editor.get_by_text("is saved")).to_be_visible()
    assert saved(page) == WORDS
    assert copies(editor) == {}


def test_without_javascript_the_text_is_on_the_answer_and_put_back_after_signing_in(page, visit):
    editor = visit(javascript=False)
    sign_in(editor, "author", address(page))
    editor.get_by_role("button", name="Add a benefit").click()
    editor.get_by_label("Benefit that people hope for").fill("Firmer arms")
    editor.get_by_label("Evidence").select_option("some")
    editor.get_by_role("textbox", name="Text").fill(WORDS)
    Session.objects.all().delete()
    editor.get_by_role("button", name="Save", exact=True).last.click()

    expect(editor.get_by_role("heading", name="You have been signed out")).to_be_visible()
    expect(editor.get_by_role("textbox", name="Text")).to_have_value(WORDS)
    expect(editor.get_by_role("textbox", name="Benefit 1")).to_have_value(
        "Benefit that people hope for: Firmer arms\nEvidence: Some evidence"
    )
    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="Sign in again (opens in a new window)").click()
    again = opened.value
    again.get_by_label("Username").fill("author")
    again.get_by_label("Password").fill(builders.PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    again.wait_for_url(f"**{address(page)}")
    again.get_by_role("textbox", name="Text").fill(editor.get_by_role("textbox", name="Text").input_value())
    again.get_by_role("button", name="Save", exact=True).last.click()
    expect(again.get_by_text("is saved")).to_be_visible()
    assert saved(page) == WORDS


def test_after_a_crash_the_copy_is_offered_brought_back_with_its_entry_and_gone_once_saved(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    assert copies(editor) == {}
    write(editor, WORDS)
    reach(editor, editor.get_by_role("button", name="Add a benefit"))
    editor.keyboard.press("Enter")
    editor.keyboard.type("Firmer arms")
    editor.keyboard.press("Tab")
    editor.keyboard.type("Some evidence")
    wait_for_copies(editor, kept('"some"'))
    again = another_window(editor)
    crash(editor)

    # Offered, and readable before deciding.
    again.goto(address(page))
    notice = again.get_by_role("region", name=OFFERED)
    expect(notice).to_be_visible()
    expect(again.get_by_role("textbox", name="Text")).to_have_value(SAVED)
    reach(again, notice.locator("summary"))
    again.keyboard.press("Enter")
    expect(notice.get_by_text(WORDS)).to_be_visible()
    expect(notice.get_by_text("Firmer arms")).to_be_visible()
    accessible(again)

    press(again, "button", "Bring it back")
    expect(again.get_by_text("What you wrote is back in the form below.")).to_be_visible()
    expect(again.get_by_role("region", name=OFFERED)).to_have_count(0)
    expect(again.get_by_role("textbox", name="Text")).to_have_value(WORDS)
    expect(again.locator("#entry-1 legend")).to_have_text("Benefit 1: Firmer arms")
    accessible(again)
    assert saved(page) == SAVED
    assert len(copies(again)) == 1

    press(again, "button", "Save and back to the guide")
    expect(again.get_by_text("is saved")).to_be_visible()
    assert saved(page) == WORDS
    assert [str(one) for one in page.benefit_entries.all()] == ["Firmer arms"]
    assert copies(again) == {}


def test_a_copy_can_be_dropped_and_writing_anew_takes_nothing_from_one_that_is_offered(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    write(editor, WORDS)
    again = another_window(editor)
    crash(editor)

    again.goto(address(page))
    write(again, "Something else.")
    wait_for_copies(again, lambda found: len(found) == 2)
    again.get_by_role("button", name="Drop it").press("Enter")
    expect(again.get_by_text("It is dropped.")).to_be_focused()
    (copy,) = copies(again).values()
    assert "Something else." in copy
    assert saved(page) == SAVED

    # Written back to what is saved, there is nothing to keep.
    write(again, SAVED)
    wait_for_copies(again, lambda found: not found)


def test_signing_out_clears_every_copy_and_an_open_window_keeps_none_after_it(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    others = json.dumps({"at": 4_000_000_000_000, "base": 1, "fields": [["markdown", "A colleague’s."]]})
    editor.evaluate("text => localStorage.setItem('plainleaf-unsaved:999:7', text)", others)
    write(editor, WORDS)
    wait_for_copies(editor, kept(WORDS))

    desk = another_window(editor)
    desk.goto("/admin/")
    desk.get_by_role("button", name="Log out").press("Enter")
    expect(desk.get_by_text("Nobody can use your account on this computer now.")).to_be_visible()
    assert copies(desk) == {}
    write(editor, "Still here.")
    editor.wait_for_timeout(1200)
    editor.close(run_before_unload=False)
    assert copies(desk) == {}


def test_another_account_never_sees_a_copy_and_an_old_one_goes(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    write(editor, WORDS)
    again = another_window(editor)
    crash(editor)
    again.context.clear_cookies()
    sign_in(again, "colleague", address(page))
    expect(again.get_by_text("Until you save, a copy of what you write is kept in this browser.")).to_be_visible()
    expect(again.get_by_text(OFFERED)).to_have_count(0)
    assert WORDS not in again.content()
    assert len(copies(again)) == 1

    # Five weeks later it is gone, whoever opens a page.
    again.evaluate("""() => {
        const [key] = Object.keys(localStorage).filter((one) => one.startsWith("plainleaf-unsaved"));
        const copy = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({ ...copy, at: copy.at - 35 * 24 * 60 * 60 * 1000 }));
        localStorage.setItem("plainleaf-unsaved:1:1", "{cut sh");
    }""")
    again.goto(address(page))
    expect(again.get_by_text("Until you save")).to_be_visible()
    assert copies(again) == {}


def test_what_somebody_saved_meanwhile_is_seen_before_a_copy_goes_over_it(page, visit, another_window):
    editor = visit()
    sign_in(editor, "author", address(page))
    write(editor, WORDS)
    again = another_window(editor)
    crash(editor)
    colleague = page.versions.model._meta.get_field("made_by").related_model.objects.get(username="colleague")
    base = page.versions.first().pk
    actions.save_page(page, by=colleague, base=base, title=page.title, slug=page.slug, markdown="A colleague's words.")

    again.goto(address(page))
    press(again, "button", "Bring it back")
    expect(again.get_by_text("Somebody saved this page since you began")).to_be_visible()
    press(again, "button", "Save")
    expect(again.get_by_role("heading", name="Cleo Colleague saved this page while you were writing")).to_be_visible()
    assert saved(page) == "A colleague's words."
    accessible(again)
    press(again, "button", "Save mine over theirs")
    expect(again.get_by_text("is saved")).to_be_visible()
    assert saved(page) == WORDS
    assert copies(again) == {}


def test_a_browser_that_forbids_or_fills_its_store_writes_and_saves_all_the_same(page, visit):
    for broken in ("setItem", "getItem"):
        editor = visit()
        # The admin's own script has no such care; what it keeps, and no more, goes on working.
        editor.add_init_script(f"""(() => {{
            const works = Storage.prototype.{broken};
            Storage.prototype.{broken} = function (key, ...more) {{
                if (key.startsWith("plainleaf")) throw new DOMException("full", "QuotaExceededError");
                return works.call(this, key, ...more);
            }};
        }})()""")
        sign_in(editor, "author", address(page))
        write(editor, f"{WORDS} {broken}")
        expect(editor.frame_locator("iframe").get_by_text(broken)).to_be_visible()
        press(editor, "button", "Save")
        expect(editor.get_by_text("is saved")).to_be_visible()
        assert broken in saved(page)
        assert copies(editor) == {}
