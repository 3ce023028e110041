"""The clinic's facts, information pages and staff accounts in the admin."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from clinic import actions
from clinic.models import Clinic, InformationPage, User
from education.actions import Refused
from education.rules import EDITORS, REVIEWERS, NotPermitted
from tests import builders
from tests.education.desk import facts, signed_in, url

CLINIC = {"phone": "", "email": "", "emergency_text": "", "ownership": "", "notice": "", "currency": "EUR"}
CLINIC |= {"estimate_notice": "No estimate.", "answer_within_hours": "8", "keep_closed_days": "90"}


@pytest.fixture
def clinic(cast) -> Clinic:
    return actions.save_clinic(Clinic(name="Harbor Lane", phone="(202) 555-0142"), by=cast["owner"])


@pytest.fixture
def page(cast) -> InformationPage:
    row = InformationPage(slug="our-team", title="Our team", markdown="We are three.")
    return actions.save_information_page(row, by=cast["owner"])


@pytest.mark.parametrize("who", ["author", "reviewer", "front_desk", "outsider"])
def test_only_the_owner_manages_accounts(who, cast):
    client = signed_in(cast[who])
    account = cast["colleague"]
    for address in (
        url("clinic_user_changelist"),
        url("clinic_user_add"),
        url("clinic_user_change", account.pk),
        url("auth_user_password_change", account.pk),
    ):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"username": "me", "is_superuser": "on"}).status_code == 403, address
    with pytest.raises(NotPermitted):
        actions.save_account(account, by=cast[who])


def test_nobody_deletes_an_account_not_even_the_owner(cast, rf):
    request = rf.get("/")
    request.user = cast["owner"]
    accounts = admin.site.get_model_admin(User)
    assert not accounts.has_delete_permission(request)
    assert "delete_selected" not in accounts.get_actions(request)
    address = url("clinic_user_delete", cast["colleague"].pk)
    assert signed_in(cast["owner"]).post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=cast["colleague"].pk).exists()


@pytest.mark.parametrize("field", ["is_active", "is_superuser"])
def test_the_owner_cannot_lock_themselves_out(field, cast):
    owner = cast["owner"]
    client, address = signed_in(owner), url("clinic_user_change", owner.pk)
    sent = {**account_form(client, address), "first_name": "Olympia"}
    del sent[field]
    response = client.post(address, sent)
    assert field in response.context["adminform"].form.errors
    assert b'value="Olympia"' in response.content
    owner.refresh_from_db()
    assert getattr(owner, field)
    setattr(owner, field, False)
    with pytest.raises(Refused):
        actions.save_account(owner, by=User.objects.get(pk=owner.pk))


def test_a_number_that_no_database_has_room_for_names_no_role(cast):
    client, address = signed_in(cast["owner"]), url("clinic_user_change", cast["colleague"].pk)
    response = client.post(address, {**account_form(client, address), "groups": ["9" * 20]})
    assert response.status_code == 200
    assert "groups" in response.context["adminform"].form.errors


def test_the_screen_of_an_account_says_whether_there_is_a_password_and_nothing_of_its_hash(cast):
    account = cast["colleague"]
    client, address = signed_in(cast["owner"]), url("clinic_user_change", account.pk)
    shown = client.get(address).content.decode()
    assert "There is one." in shown
    assert "Set another password" in shown
    assert not any(part in shown for part in (*account.password.split("$"), "algorithm", "salt"))
    account.set_unusable_password()
    account.save()
    assert "There is none." in client.get(address).content.decode()


def account_form(client: Client, address: str) -> dict:
    form = client.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if name not in ("password", "groups")}
    return {name: "on" if value is True else value for name, value in sent.items() if value is not False}


def test_closing_an_account_ends_its_sign_in_at_once(cast):
    colleague = signed_in(cast["colleague"])
    assert colleague.get(url("index")).status_code == 200
    owner, address = signed_in(cast["owner"]), url("clinic_user_change", cast["colleague"].pk)
    assert b"Accounts are never deleted" in owner.get(address).content
    sent = account_form(owner, address)
    del sent["is_active"]
    assert owner.post(address, sent).status_code == 302
    assert colleague.get(url("index")).status_code == 302


def test_the_owner_makes_an_account_with_a_role_and_it_is_staff(cast):
    owner = signed_in(cast["owner"])
    sent = {
        "username": "newcomer",
        "password1": builders.PASSWORD,
        "password2": builders.PASSWORD,
        "first_name": "Nell",
        "job_title": "nurse",
        "groups": [Group.objects.get(name=REVIEWERS).pk],
    }
    assert "tell it to them, and they choose their own" in owner.get(url("clinic_user_add")).content.decode()
    weak = owner.post(url("clinic_user_add"), {**sent, "password1": "short", "password2": "short"})
    assert "password2" in weak.context["adminform"].form.errors
    assert b'value="Nell"' in weak.content
    assert owner.post(url("clinic_user_add"), sent).status_code == 302
    made = User.objects.get(username="newcomer")
    assert made.is_staff
    assert not made.is_superuser
    assert made.has_perm("education.review_edition")


def test_an_account_that_may_do_nothing_is_not_saved_without_a_word(cast):
    owner = signed_in(cast["owner"])
    sent = {"username": "newcomer", "password1": builders.PASSWORD, "password2": builders.PASSWORD}
    answer = owner.post(url("clinic_user_add"), sent, follow=True)
    assert "this account has no role yet" in answer.content.decode()
    assert "has no role yet" not in owner.get(url("clinic_user_changelist")).content.decode()


def test_the_list_of_accounts_asks_the_database_as_often_for_many_as_for_few(cast, django_assert_max_num_queries):
    owner = signed_in(cast["owner"])
    for number in range(8):
        builders.person(f"more-{number}", EDITORS, REVIEWERS)
    with django_assert_max_num_queries(9):
        assert owner.get(url("clinic_user_changelist")).status_code == 200


def test_technical_tables_are_not_in_the_admin(cast):
    labels = {model._meta.label for model in admin.site._registry}
    assert {"clinic.User", "clinic.Clinic", "clinic.InformationPage"} <= labels
    assert all(label.startswith(("clinic.", "education.")) for label in labels)


def test_the_front_desk_reads_the_clinics_facts_and_changes_nothing(clinic, cast):
    front_desk = signed_in(cast["front_desk"])
    address = url("clinic_clinic_change", 1)
    assert front_desk.get(url("clinic_clinic_changelist"))["Location"] == address
    assert b"Harbor Lane" in front_desk.get(address).content
    assert front_desk.post(address, {**CLINIC, "name": "Mine"}).status_code == 403
    assert front_desk.get(url("clinic_informationpage_changelist")).status_code == 403


def test_there_is_one_clinic_and_it_is_not_deleted(clinic, cast):
    owner = signed_in(cast["owner"])
    assert owner.get(url("clinic_clinic_add")).status_code == 403
    assert owner.post(url("clinic_clinic_delete", 1), {"post": "yes"}).status_code == 403
    assert Clinic.objects.count() == 1


def test_before_the_clinic_is_named_an_editor_can_name_it(cast):
    author = signed_in(cast["author"])
    assert author.get(url("clinic_clinic_changelist")).status_code == 200
    assert author.post(url("clinic_clinic_add"), {**CLINIC, "name": "Harbor Lane"}).status_code == 302
    assert Clinic.current().name == "Harbor Lane"


def test_a_fact_of_the_clinic_that_somebody_else_changed_is_not_overwritten_unseen(clinic, cast):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    typed = facts(author, address, phone="(202) 555-0199")
    actions.save_clinic(Clinic(name="Harbor Lane", phone="(202) 555-0100"), by=cast["owner"])
    response = author.post(address, typed)
    assert b"Somebody else saved this" in response.content
    assert b"(202) 555-0100" in response.content
    assert Clinic.current().phone == "(202) 555-0100"
    again = {**typed, "opened": response.context["adminform"].form.opened}
    assert author.post(address, again).status_code == 302
    assert Clinic.current().phone == "(202) 555-0199"


def test_an_information_page_keeps_its_address_and_what_was_typed(page, cast):
    author, address = signed_in(cast["author"]), url("clinic_informationpage_change", page.pk)
    typed = facts(author, address, title="", markdown="We are four now.", slug="elsewhere")
    response = author.post(address, typed)
    assert b"Give the page a title" in response.content
    assert b"We are four now.</textarea>" in response.content
    author.post(address, {**typed, "title": "Our team"})
    page.refresh_from_db()
    assert (page.slug, page.markdown) == ("our-team", "We are four now.")


def test_an_information_page_is_previewed_unsaved_by_those_who_may_write_it(page, cast):
    address = url("clinic_informationpage_preview")
    typed = {"title": "<script>alert(1)</script>", "slug": "not a slug", "markdown": "*Four* [@nobody]\x00"}
    for who in ("reviewer", "front_desk"):
        assert signed_in(cast[who]).post(address, typed).status_code == 403
    assert signed_in(cast["author"]).get(address).status_code == 405
    response = signed_in(cast["author"]).post(address, typed)
    found = response.json()
    assert "<em>Four</em>" in found["html"]
    assert "<script>alert" not in found["html"]
    assert "nobody" in found["findings"][0]["message"]
    assert found["findings"][0]["heading"] == "To put right"
    assert "no-store" in response["Cache-Control"]
    page.refresh_from_db()
    assert page.markdown == "We are three."
