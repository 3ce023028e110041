"""Who may enter which screen of the newsroom, and who may press which button."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client

from education import actions
from education.models import AuditLine, Edition, Guide, Image, Page, PageVersion, Review, Source, Term
from education.models.write_once import WriteOnceModel
from tests import builders
from tests.education.desk import page_of, page_url, signed_in, url, written
from tests.education.reviewed import decide

KEPT = (Guide, Edition, Source, Term, Image)


@pytest.fixture
def screens(live, guide) -> list[str]:
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    version = page.versions.first()
    return [
        url("education_guide_changelist"),
        url("education_guide_add"),
        url("education_guide_change", guide.pk),
        url("education_guide_submit", guide.pk),
        url("education_page_add_to_guide", guide.pk),
        page_url(page),
        page_url(page, "versions"),
        page_url(page, "version", version.pk),
        url("education_edition_changelist"),
        url("education_edition_change", live.pk),
        url("education_edition_preview", live.pk),
        url("education_edition_withdraw", live.pk),
        url("education_source_changelist"),
        url("education_source_change", Source.objects.get().pk),
        url("education_term_changelist"),
        url("education_image_changelist"),
        url("education_image_add"),
    ]


@pytest.fixture
def verbs(live, guide) -> list[str]:
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    steps = ("take-back", "publish", "schedule", "cancel")
    return [
        *(page_url(page, name) for name in ("preview", "up", "down", "remove", "put_back")),
        *(url("education_edition_step", live.pk, step) for step in steps),
        url("education_edition_review", live.pk),
    ]


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_staff_without_a_role_in_guides_get_403_from_every_screen(who, cast, screens, verbs):
    client = signed_in(cast[who])
    assert {client.get(address).status_code for address in screens} == {403}
    assert {client.post(address).status_code for address in verbs} == {403}


def test_a_visitor_is_sent_to_the_sign_in_page_from_every_screen(screens):
    client = Client()
    for address in screens:
        response = client.get(address)
        assert response.status_code == 302, address
        assert "login" in response["Location"]


def test_an_editor_opens_every_screen_of_writing_and_nothing_is_kept_by_a_cache(cast, screens):
    client = signed_in(cast["author"])
    for address in screens:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "no-store" in response["Cache-Control"]


def test_a_reviewer_reads_the_newsroom_and_writes_nothing(cast, screens, guide):
    client = signed_in(cast["reviewer"])
    refused = ("/add/", "/submit/", f"/pages/{page_of(guide, Page.Kind.SIDE_EFFECTS).pk}/")
    for address in screens:
        expected = 403 if address.endswith(refused) else 200
        assert client.get(address).status_code == expected, address


def test_a_reviewer_cannot_save_a_page_a_fact_or_a_source(cast, live, guide):
    client = signed_in(cast["reviewer"])
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    assert client.post(page_url(page), written(page, markdown="Mine")).status_code == 403
    assert client.post(url("education_guide_change", guide.pk), {"title": "Mine"}).status_code == 403
    assert client.post(url("education_source_change", Source.objects.get().pk), {"title": "Mine"}).status_code == 403
    page.refresh_from_db()
    assert "Mine" not in page.markdown


def test_a_get_on_a_verb_changes_nothing_and_answers_405(cast, verbs):
    client = signed_in(cast["owner"])
    assert {client.get(address).status_code for address in verbs} == {405}
    assert Review.objects.count() == 1


def test_a_page_under_another_guides_address_is_not_found(cast, guide):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    client = signed_in(cast["author"])
    for name in ("write", "versions"):
        assert client.get(url(f"education_page_{name}", other.pk, page.pk)).status_code == 404
    for name in ("preview", "remove", "up"):
        assert client.post(url(f"education_page_{name}", other.pk, page.pk)).status_code == 404
    version = page.versions.first().pk
    theirs = page_of(other, Page.Kind.SIDE_EFFECTS)
    assert client.get(page_url(theirs, "version", version)).status_code == 404
    assert not Page.objects.removed().exists()


def test_whatever_is_not_there_answers_404(cast, live):
    client = signed_in(cast["owner"])
    for address in ("guide/{}/submit/", "guide/{}/pages/1/", "edition/{}/change/", "edition/{}/preview/"):
        for number in ("999999", "9" * 18):
            assert client.get("/admin/education/" + address.format(number)).status_code == 404, address
        for number in ("0", "01", "-1", "9" * 30):
            assert client.get("/admin/education/" + address.format(number)).status_code in (302, 404), address
    assert client.post(url("education_edition_step", live.pk, "delete")).status_code == 404


@pytest.mark.parametrize("model", KEPT)
def test_nothing_is_deleted_in_the_newsroom_not_even_by_the_owner(model, cast, live, rf):
    request = rf.get("/")
    request.user = cast["owner"]
    kept = admin.site.get_model_admin(model)
    assert not kept.has_delete_permission(request)
    assert "delete_selected" not in kept.get_actions(request)
    row = model.objects.first()
    if row:
        address = url(f"education_{model._meta.model_name}_delete", row.pk)
        assert signed_in(cast["owner"]).post(address, {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()


def test_of_the_record_only_editions_have_a_screen_and_it_adds_and_changes_nothing(cast, rf):
    request = rf.get("/")
    request.user = cast["owner"]
    of_education = {model for model in admin.site._registry if model._meta.app_label == "education"}
    on_screen = {model for model in of_education if issubclass(model, WriteOnceModel)}
    # The audit log is a list; a line has no screen of its own.
    assert on_screen == {Edition, AuditLine}
    assert PageVersion not in on_screen
    editions = admin.site.get_model_admin(Edition)
    assert not editions.has_add_permission(request)
    assert not editions.has_change_permission(request)


def test_what_somebody_typed_after_their_sign_in_ran_out_is_shown_and_not_saved(cast, guide):
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    response = Client().post(page_url(page), written(page, markdown="A whole hour of <b>work</b>"))
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert b"A whole hour of &lt;b&gt;work&lt;/b&gt;</textarea>" in response.content
    page.refresh_from_db()
    assert "hour" not in page.markdown


def test_an_editor_is_told_whom_to_ask_when_they_approve_their_own_edition(cast, guide):
    builders.person("both", "Editors", "Reviewers")
    both = builders.User.objects.get(username="both")
    edition = builders.submitted(guide, both)
    response = decide(both, edition)
    assert response.status_code == 403
    assert "Ask a second person" in response.content.decode()
    assert decide(cast["author"], edition).status_code == 403
    assert not Review.objects.exists()
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)


def test_the_token_of_a_form_that_stood_open_is_for_staff_alone(cast):
    assert "login" in Client().get(url("education_token"))["Location"]
    assert len(signed_in(cast["author"]).get(url("education_token")).json()["token"]) > 20
