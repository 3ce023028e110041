"""The owner's own screens, on a telephone and on a desk, by day and by night: invitations, accounts, the audit log."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from clinic import actions
from clinic.models import Invitation, User
from education.rules import EDITORS
from tests import builders
from tests.browser.conftest import accessible, press, reach, sign_in
from tests.clinic import asking

pytestmark = pytest.mark.looks
LOG, INVITATIONS = "/admin/education/auditline/", "/admin/clinic/invitation/"
LONG = "maximiliane.konstantina.featherstonehaugh-wolfeschlegelstein@dermatology.example"


@pytest.fixture
def owner(transactional_db) -> User:
    """An owner whose desk has warnings, with a log and with invitations of each state."""
    cast = builders.cast()
    builders.published(builders.guide(cast["author"]), cast)
    row = asking.request()
    actions.assign(row, by=cast["front_desk"])
    for email in (LONG, "eve@clinic.example", "gil@clinic.example"):
        invitation = Invitation(first_name="Maximiliane", last_name="Featherstonehaugh", email=email)
        actions.invite(invitation, groups=Group.objects.filter(name=EDITORS), by=cast["owner"])
    actions.withdraw_invitation(invitation, by=cast["owner"])
    return cast["owner"]


def sound(page: Page) -> None:
    """Require what everybody needs: the rules of axe, and that nothing but a table of its own scrolls sideways."""
    accessible(page)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} scrolls sideways by {over} pixels"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_each_screen_of_the_owner_can_be_used_by_everybody(owner, visit, width, dark):
    page = visit(width=width, dark=dark)
    sign_in(page, "owner")
    sound(page)
    waiting = Invitation.objects.waiting().latest("pk")
    for path in (
        LOG,
        f"{LOG}?q=nothing-like-it",
        f"{LOG}?what__exact=invitation.made",
        *(INVITATIONS, f"{INVITATIONS}add/", f"{INVITATIONS}{waiting.pk}/change/"),
        *("/admin/clinic/user/", "/admin/clinic/user/add/", f"/admin/clinic/user/{owner.pk}/change/"),
    ):
        page.goto(path)
        sound(page)
    page.goto(f"{INVITATIONS}add/")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("link", name="First name: Write their first name.")).to_be_visible()
    sound(page)


def test_a_long_address_leaves_room_for_the_rest_of_a_row_on_a_telephone(owner, visit):
    page = visit(width=360)
    sign_in(page, "owner", INVITATIONS)
    cell = page.get_by_role("cell", name=LONG).bounding_box()
    beside = page.locator("#result_list td.field-roles").first.bounding_box()
    assert cell
    assert beside
    assert cell["width"] < 120
    assert beside["x"] + beside["width"] <= 360


def test_an_owner_invites_looks_it_up_in_the_log_and_withdraws_by_keyboard_alone(owner, visit):
    page = visit()
    sign_in(page, "owner", f"{INVITATIONS}add/")
    for label, typed in (("First name", "Ada"), ("Last name", "Park"), ("E-mail", "ada@clinic.example")):
        reach(page, page.get_by_label(label, exact=False).first)
        page.keyboard.type(typed)
    reach(page, page.get_by_label(EDITORS))
    page.keyboard.press("Space")
    press(page, "button", "Save")
    expect(page.get_by_text("the link is on its way to ada@clinic.example")).to_be_visible()
    press(page, "link", "Ada Park")
    press(page, "button", "Withdraw the invitation")
    expect(page.get_by_text("the invitation is withdrawn")).to_be_visible()
    page.goto(f"{LOG}?what__exact=invitation.withdrawn")
    expect(page.get_by_role("row").filter(has_text="Invitation withdrawn").first).to_be_visible()
