"""The copy of an unsaved page: brought back by the server, dropped once saved, and on this one screen alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client

from clinic.models import ConsultationRequest
from education.admin.page_screen import BRING_BACK
from education.models import Page, PageVersion
from tests import builders
from tests.clinic import asking
from tests.education.desk import hidden, page_of, page_url, signed_in, url, written
from tests.education.example_entries import SIDE_EFFECT

# What keeps a copy, or says that one is kept.
MARKS = ("unsaved.js", "data-copy", "kept in this browser")
WORDS = "What I wrote in the evening."


@pytest.fixture
def page(cast) -> Page:
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Saved.", entries=[SIDE_EFFECT])
    return page_of(guide, Page.Kind.SIDE_EFFECTS)


def copy_of(page: Page, **changes: str) -> dict[str, str]:
    """Return what the script sends when somebody brings a copy back."""
    entry = {"entry-4-name": "Bruises", "entry-4-frequency": "rare", "entry-4-sources": "nothing-known"}
    sent = written(page, markdown=WORDS, title="", with_entries="side-effect", entry="4", change=BRING_BACK)
    return {**sent, **entry, **changes}


def test_a_copy_comes_back_with_its_entries_unsaved_and_not_yet_judged(page, cast):
    response = signed_in(cast["author"]).post(page_url(page), copy_of(page))
    text = response.content.decode()
    assert response.status_code == 200
    assert "What you wrote is back in the form below." in text
    assert "Somebody saved this page" not in text
    assert WORDS in text
    assert 'value="Bruises"' in text
    assert "data-unsaved" in text
    assert 'class="error-summary"' not in text
    assert hidden(response, "base") == str(page.versions.first().pk)
    assert page.versions.count() == 2
    page.refresh_from_db()
    assert page.markdown == "Saved."


def test_a_page_that_has_no_entries_takes_its_copy_too(page, cast):
    overview = page_of(page.guide, Page.Kind.PREPARATION)
    response = signed_in(cast["author"]).post(page_url(overview), written(overview, markdown=WORDS, change=BRING_BACK))
    assert "What you wrote is back in the form below." in response.content.decode()
    assert WORDS in response.content.decode()


def test_what_somebody_saved_meanwhile_is_said_at_once_and_shown_before_it_is_overwritten(page, cast):
    old = copy_of(page, title="Side effects", **{"entry-4-sources": "trial-2020"})
    builders.write(page.guide, cast["colleague"], page.kind, "A colleague's words.")
    client = signed_in(cast["author"])
    response = client.post(page_url(page), old)
    assert "Somebody saved this page since you began" in response.content.decode()
    assert hidden(response, "base") == str(old["base"])
    del old["change"]
    conflict = client.post(page_url(page), old)
    assert conflict.status_code == 409
    assert "Cleo Colleague saved this page while you were writing" in conflict.content.decode()


@pytest.mark.parametrize("base", ["", "x", "9" * 30, "\x00"])
def test_a_copy_from_an_odd_browser_ends_in_no_error(page, cast, base):
    assert signed_in(cast["author"]).post(page_url(page), copy_of(page, base=base)).status_code == 200
    assert signed_in(cast["author"]).post(page_url(page), {"change": BRING_BACK}).status_code == 200


def test_nobody_brings_a_copy_back_who_may_not_write(page, cast):
    assert signed_in(cast["reviewer"]).post(page_url(page), copy_of(page)).status_code == 403


@pytest.mark.parametrize("button", ["stay", "back"])
def test_the_message_of_saving_names_account_page_and_version_for_the_script(page, cast, button):
    client = signed_in(cast["author"])
    response = client.post(page_url(page), written(page, markdown=WORDS, **{button: ""}), follow=True)
    version = PageVersion.objects.first()
    tag = f"saved-{cast['author'].pk}-{page.pk}-{version.pk}"
    assert re.search(rf'<li class="{tag} success">', response.content.decode())
    assert "js/forget" in response.content.decode()


def test_a_text_that_was_not_saved_leaves_the_copy(page, cast):
    response = signed_in(cast["author"]).post(page_url(page), written(page, title=""))
    assert list(get_messages(response.wsgi_request)) == []


def test_the_copy_carries_the_account_and_the_page_in_its_name(page, cast):
    text = signed_in(cast["author"]).get(page_url(page)).content.decode()
    assert f'data-copy="{cast["author"].pk}:{page.pk}"' in text


def test_only_the_screen_of_a_page_keeps_copies(page, cast, client):
    edition = builders.published(page.guide, cast)
    report = builders.reported(edition)
    asked = asking.request()
    assert ConsultationRequest.objects.filter(pk=asked.pk).exists()
    owner = signed_in(cast["owner"])
    screens = [
        url("index"),
        url("education_guide_change", page.guide_id),
        url("education_guide_submit", page.guide_id),
        url("education_page_add_to_guide", page.guide_id),
        page_url(page, "versions"),
        page_url(page, "version", page.versions.last().pk),
        url("education_edition_change", edition.pk),
        url("education_edition_withdraw", edition.pk),
        url("education_source_add"),
        url("education_mistakereport_change", report.pk),
        url("clinic_consultationrequest_changelist"),
        url("clinic_consultationrequest_change", asked.pk),
        url("clinic_informationpage_add"),
        url("clinic_user_add"),
    ]
    public = ["/", "/consultation/", "/guides/cold-therapy/", "/guides/cold-therapy/mistake/", "/accounts/login/"]
    answers = [*(owner.get(address) for address in screens), *(client.get(address) for address in public)]
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        assert [mark for mark in MARKS if mark in answer.content.decode()] == [], answer.request["PATH_INFO"]
    assert all(mark in owner.get(page_url(page)).content.decode() for mark in MARKS)


def test_one_template_alone_names_the_script_that_keeps_copies():
    folder = Path(settings.BASE_DIR) / "templates"
    named = [file.name for file in folder.rglob("*.html") if any(mark in file.read_text() for mark in MARKS[:2])]
    assert named == ["page_write.html"]


def test_signing_out_tells_the_script_to_forget(cast):
    client = signed_in(cast["author"])
    assert "data-signed-out" not in client.get(url("index")).content.decode()
    signed_out = client.post(url("logout")).content.decode()
    assert "data-signed-out" in signed_out
    assert "js/forget" in signed_out


def test_an_expired_sign_in_forgets_nothing(page):
    answer = Client().post(page_url(page), copy_of(page))
    assert WORDS in answer.content.decode()
    assert "data-signed-out" not in answer.content.decode()
