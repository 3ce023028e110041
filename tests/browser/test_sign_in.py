"""How somebody comes to work here: the invitation, the password, the app, the passkey; with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect
from time_machine import travel

from clinic import actions
from clinic.models import Invitation
from education.rules import EDITORS
from tests import builders
from tests.browser.conftest import accessible, enter, press, reach, sign_in
from tests.clinic.signing import code

LINK = re.compile(r"http://[^/\s]+(/accounts/\S+)")


@pytest.fixture
def required(settings, transactional_db) -> dict[str, Any]:
    settings.STAFF_MFA_REQUIRED = True
    return builders.cast()


@pytest.fixture
def invited(required, mailoutbox) -> str:
    """Return where the invitation in the mail leads."""
    actions.invite(
        Invitation(first_name="Ada", last_name="Park", email="ada@clinic.example"),
        groups=Group.objects.filter(name=EDITORS),
        by=required["owner"],
    )
    found = LINK.search(mailoutbox[-1].body)
    assert found
    return found[1]


def with_passkeys(page: Page) -> None:
    """Give the browser a device that knows passkeys and whose owner always shows a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**device, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def write(page: Page, label: str, words: str) -> None:
    """Reach a field with the Tab key and write into it."""
    field = page.get_by_label(label, exact=True)
    if not field.evaluate("element => element === document.activeElement"):
        reach(page, field)
    page.keyboard.type(words)


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    press(page, "button", "Sign out")


def first_step(page: Page) -> None:
    page.goto("/accounts/login/")
    write(page, "Username", "ada.park")
    write(page, "Password", builders.PASSWORD)
    enter(page)


def test_a_new_member_of_staff_follows_the_invitation_and_comes_back_in_each_way(visit, invited):
    page = visit(width=360)
    with_passkeys(page)
    with travel("2026-03-03T12:00:10Z", tick=False) as now:
        # The invitation
        page.goto(invited)
        accessible(page)
        write(page, "Username", "ada.park")
        write(page, "Password", builders.PASSWORD)
        write(page, "The same password again", builders.PASSWORD)
        enter(page)
        # The app
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in and security")
        expect(page.get_by_text("Before you go on: add a second step")).to_be_visible()
        accessible(page)
        press(page, "link", "Set up an app")
        expect(page.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
        assert page.get_by_role("img", name="QR code").evaluate("image => image.naturalWidth") > 0
        secret = page.locator(".secret").inner_text()
        accessible(page)
        write(page, "Code from the app", "000000")
        enter(page)
        expect(page).to_have_title(re.compile("^Error: "))
        accessible(page)
        write(page, "Code from the app", code(secret))
        enter(page)
        # The recovery codes
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        recovery = page.locator(".codes code").all_inner_texts()
        assert len(set(recovery)) == 10
        accessible(page)
        press(page, "link", "Go on to your work")
        expect(page).to_have_url(re.compile("/admin/$"))
        # By the app's code
        sign_out(page)
        now.shift(60)
        first_step(page)
        expect(page.get_by_label("Code", exact=True)).to_be_focused()
        accessible(page)
        page.keyboard.type(code(secret))
        enter(page)
        expect(page).to_have_url(re.compile("/admin/$"))
        # A passkey
        press(page, "link", "Sign-in and security")
        press(page, "link", "Add a passkey")
        accessible(page)
        press(page, "button", "Add a passkey")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in and security")
        expect(page.get_by_role("listitem").filter(has_text="Passkey")).to_be_visible()
        press(page, "link", "Change your passkeys")
        accessible(page)
        sign_out(page)
        page.goto("/accounts/login/?next=/admin/education/guide/")
        accessible(page)
        press(page, "button", "Sign in with a passkey")
        expect(page).to_have_url(re.compile("/admin/education/guide/$"))
        # A recovery code
        sign_out(page)
        first_step(page)
        page.keyboard.type(recovery[3])
        enter(page)
        expect(page).to_have_url(re.compile("/admin/$"))
        # A passkey as the second step
        sign_out(page)
        first_step(page)
        press(page, "button", "Use a passkey")
        expect(page).to_have_url(re.compile("/admin/$"))


def test_the_set_up_that_is_required_leads_nowhere_else(visit, required):
    page = visit()
    page.goto("/admin/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("author")
    page.keyboard.press("Tab")
    page.keyboard.type(builders.PASSWORD)
    enter(page)
    for path in ("/admin/", "/admin/education/guide/", "/admin/password_change/", "/admin/login/?next=/admin/"):
        page.goto(path)
        expect(page).to_have_url(re.compile("/accounts/(second-step|password/change)/"))
    page.goto("/accounts/second-step/")
    expect(page.get_by_text("Before you go on: add a second step")).to_be_visible()
    expect(page.get_by_role("link", name="Go on to your work")).to_have_count(0)


def test_a_passkey_of_an_account_that_was_closed_opens_nothing(visit, transactional_db):
    cast = builders.cast()
    page = visit()
    with_passkeys(page)
    sign_in(page, "author")
    page.goto("/accounts/second-step/passkeys/new/")
    press(page, "button", "Add a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    sign_out(page)
    cast["author"].refresh_from_db()
    cast["author"].is_active = False
    actions.save_account(cast["author"], by=cast["owner"])
    page.goto("/accounts/login/")
    press(page, "button", "Sign in with a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("This account is closed")
    accessible(page)
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_without_a_device_the_passkey_says_what_to_do_and_the_password_still_works(visit, transactional_db):
    builders.cast()
    page = visit()
    page.goto("/accounts/login/")
    reach(page, page.get_by_role("button", name="Sign in with a passkey"))
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The passkey did not work")
    accessible(page)
    sign_in(page, "author")


def test_without_a_script_the_sign_in_says_so(visit, transactional_db):
    page = visit(javascript=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    expect(page.get_by_text("This browser cannot use passkeys here.")).to_be_visible()
