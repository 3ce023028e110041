"""What somebody typed while their sign-in ran out, or before they signed in anew, is shown; never what is secret."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from education.models import Page
from tests import builders
from tests.builders import PASSWORD
from tests.education.desk import page_of, page_url, signed_in, url, written

WORDS = "What I wrote at night."
EXAMPLES = {"app_label": "education", "content_type_id": "1", "step": "note", "url": "x"}
# Sign-in, passwords and accounts; addresses that take no words; what scripts alone ask for.
SECRET = ("login", "logout", "password_change", "auth_user_password_change")
NO_FORM = ("index", "password_change_done", "jsi18n", "autocomplete", "view_on_site", "app_list", "education_token")
FOR_SCRIPTS = ("clinic_informationpage_preview", "clinic_provider_preview")


def addresses() -> Iterator[tuple[str, str]]:
    """Yield the name and an example of every address of the newsroom."""

    def walk(patterns: Any) -> Iterator[tuple[str, dict[str, str]]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            elif isinstance(one, URLPattern) and one.name:
                yield one.name, {name: EXAMPLES.get(name, "1") for name in one.pattern.converters}

    for name, kwargs in dict(walk(admin.site.urls[0])).items():
        if name not in (*NO_FORM, *FOR_SCRIPTS):
            yield name, reverse(f"admin:{name}", kwargs=kwargs)


def is_secret(name: str) -> bool:
    return name in SECRET or name.startswith("clinic_user_")


SCREENS = [(name, at) for name, at in addresses() if not is_secret(name)]
SECRETS = [(name, at) for name, at in addresses() if is_secret(name)]


def shown(response: Any) -> dict[str, str]:
    """Return the texts that a screen shows to be copied, by label."""
    field = r'<label for="typed-\d+">(.*?)</label>\s*<textarea[^>]* readonly>(.*?)</textarea>'
    found = re.findall(field, response.content.decode(), re.DOTALL)
    return {html.unescape(label): html.unescape(text) for label, text in found}


def belongs_to(response: Any) -> str:
    link = r'href="([^"]*)"(?: target="_blank")?>(?:Sign in again|Open the screen again)'
    found = re.search(link, response.content.decode())
    assert found, "no way back"
    return html.unescape(found[1])


@pytest.fixture
def page(cast) -> Page:
    guide = builders.guide(cast["author"])
    return page_of(guide, Page.Kind.SIDE_EFFECTS)


@pytest.mark.parametrize(("name", "at"), SCREENS, ids=[name for name, _ in SCREENS])
def test_no_screen_loses_what_was_typed_before_the_sign_in_ran_out(name, at, db):
    response = Client().post(at, {"words": WORDS})
    assert response.status_code == 403
    assert list(shown(response).values()) == [WORDS]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("name", "at"), SCREENS, ids=[name for name, _ in SCREENS])
def test_the_way_back_is_a_local_screen_that_can_be_opened(name, at, cast):
    back = belongs_to(Client().post(at, {"words": WORDS}))
    assert back.startswith("/admin/")
    assert signed_in(cast["owner"]).get(back).status_code != 405
    asked_to_sign_in = Client().get(back)
    assert asked_to_sign_in.status_code == 302
    assert asked_to_sign_in["Location"].startswith("/admin/login/?next=/admin/")


@pytest.mark.parametrize(("name", "at"), SECRETS, ids=[name for name, _ in SECRETS])
@pytest.mark.parametrize("who", ["owner", None])
def test_what_goes_to_the_sign_in_and_to_accounts_is_never_shown(name, at, who, cast):
    client = Client(enforce_csrf_checks=True)
    if who:
        client.force_login(cast[who])
    for sender in (client, Client()):
        response = sender.post(at, {"username": "secret-name", "password": "secret-word", "words": "secret-text"})
        assert "secret-" not in response.content.decode()


def test_each_text_stands_under_the_name_of_its_field_and_entries_can_be_read(page):
    typed = {
        **written(page, markdown="Long.\n" * 40, title="<b>Side</b>"),
        "with_entries": "side-effect",
        "entry": "0",
        "entry-0-name": "Bruises",
        "entry-0-frequency": "rare",
        "entry-0-sources": "trial-2020",
        "stay": "",
    }
    response = Client().post(page_url(page), typed)
    assert shown(response) == {
        "Title": "<b>Side</b>",
        "Address": "side-effects",
        "Text": "Long.\n" * 40,
        "Side effect 1": "Side effect: Bruises\nHow often: Rare: fewer than 1 in 1,000 people\nSources: trial-2020",
    }
    assert belongs_to(response) == page_url(page)
    assert 'rows="24"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "args", "sent", "expected"),
    [
        ("education_edition_step", (1, "take-back"), {"note": "x"}, {"Note (optional)": "x"}),
        ("education_guide_submit", (1,), {"what_changed": "x", "urgent": "on"},
         {"What changed": "x", "This is an urgent correction": "Ticked"}),
        ("education_mistakereport_step", (1, "answer"), {"answer": "x"}, {"Your answer": "x"}),
        ("education_source_add", (), {"key": "x", "_save": "Save"}, {"Key": "x"}),
        ("clinic_consultationrequest_step", (1, "contact"), {"how": "phone", "note": "x"},
         {"How": "By phone", "Note (optional)": "x"}),
        ("clinic_price_add", (), {"guide": "3", "note": "x"},
         {"Guide to the procedure": "You had chosen something here. Choose it again.", "Note": "x"}),
        ("clinic_informationpage_add", (), {"markdown": "x"}, {"Text": "x"}),
    ],
)  # fmt: skip
def test_the_labels_are_those_of_the_form(name, args, sent, expected, db):
    assert shown(Client().post(url(name, *args), sent)) == expected


def test_a_preview_leads_back_to_the_page_that_it_is_of(page):
    assert belongs_to(Client().post(page_url(page, "preview"), written(page))) == page_url(page)


def test_a_screen_that_began_with_a_text_leads_back_to_it(db):
    at = f"{url('clinic_informationpage_add')}?slug=privacy"
    assert belongs_to(Client().post(at, {"title": "x"})) == at


def test_a_button_without_words_says_what_happened_and_leads_back(page):
    response = Client().post(page_url(page, "up"))
    assert shown(response) == {}
    assert belongs_to(response) == url("education_guide_change", page.guide_id)


def test_files_are_named_as_to_be_chosen_again_and_never_shown(db):
    sent = {"key": "door", "upload": SimpleUploadedFile("secret.png", b"secret-bytes", "image/png")}
    response = Client().post(url("education_image_add"), sent)
    assert shown(response)["Files"].startswith("You had chosen a file.")
    assert "secret" not in response.content.decode()


# Signed in anew, or no cookies: Django's own refusal


def test_a_form_from_before_somebody_signed_in_anew_shows_what_was_typed(page, cast, caplog):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["author"])
    client.get(page_url(page))
    response = client.post(page_url(page), {**written(page, markdown=WORDS), "csrfmiddlewaretoken": "a" * 64})
    assert response.status_code == 403
    assert shown(response)["Text"] == WORDS
    assert "You signed in after this screen was opened" in response.content.decode()
    assert belongs_to(response) == page_url(page)
    assert "no-store" in response["Cache-Control"]
    page.refresh_from_db()
    assert page.markdown != WORDS
    assert WORDS not in caplog.text


@pytest.mark.parametrize(("name", "at"), SCREENS, ids=[name for name, _ in SCREENS])
def test_no_screen_loses_what_was_typed_before_somebody_signed_in_anew(name, at, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["owner"])
    response = client.post(at, {"words": WORDS, "csrfmiddlewaretoken": "a" * 64})
    assert response.status_code == 403
    assert list(shown(response).values()) == [WORDS]
    assert "no-store" in response["Cache-Control"]


def test_a_real_sign_in_in_another_tab_makes_the_old_form_one_of_these(page, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["author"])
    opened = client.get(page_url(page)).content.decode()
    old = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opened)[1]
    client.logout()
    entrance = client.get("/accounts/login/").content.decode()
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', entrance)[1]
    client.post("/accounts/login/", {"login": "author", "password": PASSWORD, "csrfmiddlewaretoken": fresh})
    response = client.post(page_url(page), {**written(page, markdown=WORDS), "csrfmiddlewaretoken": old})
    assert shown(response)["Text"] == WORDS
    again = client.get(belongs_to(response)).content.decode()
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', again)[1]
    client.post(page_url(page), {**written(page, markdown=WORDS), "csrfmiddlewaretoken": fresh})
    page.refresh_from_db()
    assert page.markdown == WORDS


def test_with_no_cookie_at_all_the_way_back_is_the_sign_in(page):
    response = Client(enforce_csrf_checks=True).post(page_url(page), written(page, markdown=WORDS))
    assert response.status_code == 403
    assert shown(response)["Text"] == WORDS
    assert "Your sign-in had run out" in response.content.decode()


def test_a_change_form_of_the_clinic_keeps_it_too(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["author"])
    response = client.post(url("clinic_informationpage_add"), {"title": "About us", "markdown": WORDS})
    assert shown(response) == {"Title": "About us", "Text": WORDS}


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_what_another_site_sends_is_shown_to_nobody(page, cast, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["author"])
    response = client.post(page_url(page), written(page, markdown=WORDS), headers={"origin": origin})
    assert response.status_code == 403
    assert WORDS not in response.content.decode()


def test_somebody_whose_account_may_no_longer_write_keeps_the_text(page, cast):
    response = signed_in(cast["front_desk"]).post(page_url(page), written(page, markdown=WORDS))
    assert response.status_code == 403
    assert shown(response)["Text"] == WORDS
    assert "Nothing was saved." in response.content.decode()
    without_words = signed_in(cast["front_desk"]).post(page_url(page, "up"))
    assert "Nothing was saved." not in without_words.content.decode()
