"""The first screen of each role, on a telephone and on a desk; and putting pages into another order by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import User
from education import actions
from education.models import Guide
from tests import builders
from tests.browser.conftest import accessible, enter, press, reach, sign_in
from tests.clinic import asking

pytestmark = pytest.mark.looks
COMMENT = {"page": None, "slug": "", "title": "The whole guide", "place": "", "line": None, "entry": None, "quote": ""}


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def busy(cast) -> Guide:
    """A clinic in which something of each kind waits; returns the guide that came back."""
    author = cast["author"]
    names = ("Cold therapy", "Warm therapy", "Light therapy", "Laser therapy", "Rest")
    guides = [builders.guide(author, title=name, slug=name.lower().replace(" ", "-")) for name in names]
    live = builders.published(guides[0], cast)
    builders.write(guides[0], author, "side-effects", "You may feel tired.")
    builders.page(guides[0], author, "cost", "It costs money.")
    builders.reported(live, "My doctor says twelve.", page="side-effects")
    builders.submitted(guides[1], author, "The dose is mended.", urgent_reason="A dose was wrong.")
    builders.submitted(guides[2], author, "Numbness lasts longer.")
    returned = builders.submitted(guides[3], author)
    comments = [{**COMMENT, "words": "Say it plainer."}]
    actions.give_back(returned, by=cast["reviewer"], note="Too long.", comments=comments)
    planned = builders.approved(guides[4], cast)
    actions.publish(planned, by=author, live_from=timezone.now() + timedelta(days=2))
    asking.request()
    return guides[3]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_screen_of_each_role_says_what_burns_first(busy, visit, width):
    first = {
        "author": "Returned to you (1)",
        "reviewer": "Urgent corrections for you to review (1)",
        "owner": "Urgent corrections for you to review (1)",
        "frontdesk": "Requests for a consultation (1)",
        "outsider": None,
    }
    for who, heading in first.items():
        page = visit(width=width)
        sign_in(page, who)
        if heading:
            expect(page.locator("#content-main .module h2").first).to_have_text(heading)
        else:
            expect(page.get_by_text("Your account has no role yet")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        accessible(page)


def test_what_came_back_leads_to_its_comments(busy, visit):
    page = visit()
    sign_in(page, "author")
    press(page, "link", "1 comment (Laser therapy)")
    assert page.url.endswith(f"/admin/education/guide/{busy.pk}/change/#comments")


def test_pages_are_put_into_another_order_by_keyboard_without_looking_for_the_button_again(cast, visit):
    guide = builders.guide(cast["author"])
    builders.page(guide, cast["author"], "cost", "It costs money.")
    # Also where no script runs.
    page = visit(javascript=False)
    sign_in(page, "author", f"/admin/education/guide/{guide.pk}/change/")
    row = page.locator(f"#page-{guide.pages.get(kind='preparation').pk}")
    down = row.get_by_role("button", name="Move down")
    down.focus()
    enter(page)
    expect(page.get_by_text("“Preparation” is moved down. It is page 3 of 4 now.")).to_be_visible()
    expect(down).to_be_focused()
    enter(page)
    # At the end the button is gone; the other one of the same row has the focus.
    expect(page.get_by_text("It is page 4 of 4 now.")).to_be_visible()
    expect(row.get_by_role("button", name="Move up")).to_be_focused()
    order = [one.kind for one in guide.pages.kept()]
    assert order == ["overview", "side-effects", "cost", "preparation"]


def test_the_same_with_scripts_and_the_screen_is_accessible(cast, visit):
    guide = builders.guide(cast["author"])
    page = visit(width=360)
    sign_in(page, "author", f"/admin/education/guide/{guide.pk}/change/")
    up = page.locator(f"#page-{guide.pages.get(kind='side-effects').pk}").get_by_role("button", name="Move up")
    reach(page, up)
    enter(page)
    expect(up).to_be_focused()
    accessible(page)


def test_a_copy_of_one_of_our_guides_is_begun_by_keyboard(cast, visit):
    builders.guide(cast["author"])
    page = visit(width=360)
    sign_in(page, "author", "/admin/education/guide/begin/")
    page.get_by_label("A copy of one of our guides").focus()
    page.keyboard.press("Space")
    page.get_by_label("Which of our guides to copy").focus()
    page.keyboard.type("Cold")
    reach(page, page.get_by_label("Title"))
    page.keyboard.type("Laser therapy")
    accessible(page)
    enter(page)
    expect(page.get_by_text("“Laser therapy” is a copy.")).to_be_visible()
