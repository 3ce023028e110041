"""The front desk in the admin: who sees it, the list, erasing, the table, the first screen."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.models import ConsultationRequest, RequestStep
from education.rules import FRONT_DESK
from tests import builders
from tests.clinic import asking
from tests.clinic.asking import LIST, addresses, change, erase
from tests.education.desk import signed_in, url

NAME, MESSAGE = "Zuzana Patientova", "Please call after my shift."


@pytest.fixture
def desk(cast):
    return cast["front_desk"]


@pytest.fixture
def client(desk) -> Client:
    return signed_in(desk)


@pytest.fixture
def colleague(cast):
    return builders.person("fay", FRONT_DESK, first_name="Fay", last_name="Desk")


@pytest.fixture
def row(cast) -> ConsultationRequest:
    return asking.request(name=NAME, message=MESSAGE, phone="(202) 555-0142")


# Who sees it


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
def test_nobody_but_the_front_desk_and_the_owner_sees_a_request(row, cast, who):
    client = signed_in(cast[who])
    for address in addresses(row):
        for response in (client.get(address), client.post(address, {"note": "mine"})):
            assert response.status_code == 403, address
            assert NAME not in response.content.decode()
    assert "Requests for a consultation" not in client.get(url("index")).content.decode()
    assert not RequestStep.objects.exists()


def test_a_visitor_is_sent_to_the_sign_in(row):
    for address in (url(LIST), change(row), erase(row), url("clinic_consultationrequest_export")):
        assert Client().get(address).status_code == 302


def test_the_front_desk_sees_requests_and_nothing_of_guides(row, client, live):
    assert client.get(url(LIST)).status_code == 200
    for name in ("guide", "source", "term", "image", "edition"):
        assert client.get(url(f"education_{name}_changelist")).status_code == 403
    assert "Cold therapy" not in client.get(url("index")).content.decode()


def test_the_owner_may_work_on_requests(row, cast):
    assert signed_in(cast["owner"]).get(change(row)).status_code == 200


def test_nothing_of_a_request_is_kept_in_a_cache(row, client):
    for address in (url(LIST), change(row), erase(row), url("clinic_consultationrequest_export"), url("index")):
        assert "no-store" in client.get(address)["Cache-Control"], address


def test_the_admins_own_form_history_and_deletion_have_no_place(row, client):
    assert client.get(url("clinic_consultationrequest_add")).status_code == 403
    assert client.post(url("clinic_consultationrequest_delete", row.pk), {"post": "yes"}).status_code == 403
    history = client.get(url("clinic_consultationrequest_history", row.pk)).content.decode()
    assert NAME not in history
    assert ConsultationRequest.objects.exists()


@pytest.mark.parametrize("address", ["0/change/", "x/change/", "99999999999999999999/change/"])
def test_an_address_that_names_nothing_is_not_found(client, address):
    assert client.get(f"{url(LIST)}{address}").status_code == 404


# The list


def test_the_list_has_new_ones_first_with_age_and_state_in_words(cast, desk, client, colleague):
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=20), tick=False):
        closed, oldest = asking.request(name="Clara"), asking.request(name="Olga")
        actions.close(closed, by=desk, outcome="came")
    with time_machine.travel(now - timedelta(days=2), tick=False):
        booked, newer = asking.request(name="Bea"), asking.request(name="Nina")
        actions.assign(booked, by=desk, to=colleague)
        actions.book(booked, by=desk)
    text = client.get(url(LIST)).content.decode()
    places = [text.index(name) for name in ("Olga", "Nina", "Bea", "Clara")]
    assert places == sorted(places)
    assert "2\xa0weeks ago" in text
    assert "Fay Desk" in text
    # The list itself had them looked after.
    oldest.refresh_from_db()
    assert oldest.flagged_at
    assert "New: <strong>waits too long</strong>" in text
    newer.refresh_from_db()


def test_one_that_is_erased_soon_is_marked_in_words(row, desk, client):
    actions.contact(row, by=desk, how="phone")
    actions.purge(now=timezone.now() + timedelta(days=151))
    assert "Contacted: <strong>will soon be erased</strong>" in client.get(url(LIST)).content.decode()
    assert "<strong>Will soon be erased</strong>" in client.get(change(row)).content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zuzana", True),
        ("patient.example", True),
        ("2025550142", True),
        ("202-555", True),
        ("+1 202", False),
        ("Nobody", False),
        ("'; DROP", False),
        ("%", False),
    ],
)
def test_the_search_finds_names_addresses_and_numbers_however_they_are_written(row, client, words, found):
    assert (NAME in client.get(url(LIST), {"q": words}).content.decode()) is found


def test_the_list_says_what_can_be_searched_for(row, client):
    assert "A name, an e-mail address or a phone number, or a part of one." in client.get(url(LIST)).content.decode()


def test_the_list_is_narrowed_to_a_state(row, client):
    assert NAME in client.get(url(LIST), {"state__exact": "new"}).content.decode()
    assert NAME not in client.get(url(LIST), {"state__exact": "closed"}).content.decode()


def test_the_list_is_narrowed_to_whoever_looks_after_a_request(row, desk, client, cast):
    actions.assign(row, by=desk)
    other = asking.request(name="Somebody Else")
    actions.assign(other, by=cast["owner"])
    text = client.get(url(LIST), {"assigned_to__id__exact": desk.pk}).content.decode()
    assert NAME in text
    assert other.name not in text


def test_list_and_screen_ask_the_database_as_often_for_many_as_for_few(cast, desk, client, django_assert_num_queries):
    edition, pia = asking.procedure(cast), asking.provider()
    rows = [asking.request(guide=edition.guide, provider=pia, name=f"N{number}") for number in range(12)]
    for one in rows:
        actions.assign(one, by=desk)
        actions.contact(one, by=desk, how="phone")
    for _ in range(8):
        actions.add_note(rows[0], by=desk, note="x")
    client.get(url(LIST))
    with django_assert_num_queries(8):
        client.get(url(LIST))
    for one in (rows[0], rows[1]):
        # Of them for the line in the audit log: who reads it in which role, the row in a savepoint, and how long that
        # may wait, which SQLite is asked for first.
        with django_assert_num_queries(14 if connection.vendor == "sqlite" else 13):
            client.get(change(one))


def test_a_name_that_is_markup_is_shown_as_text(cast, client):
    row = asking.request(name="<script>alert(1)</script>", message="<img src=x onerror=alert(1)>")
    for address in (url(LIST), change(row), erase(row)):
        text = client.get(address).content.decode()
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


# Erase


def test_erasing_asks_once_more_and_then_it_is_gone(row, client):
    text = client.get(erase(row)).content.decode()
    assert "This is for good." in text
    assert NAME in text
    assert ConsultationRequest.objects.exists()
    response = client.post(erase(row), follow=True)
    assert "The request is erased." in response.content.decode()
    assert NAME not in response.content.decode()
    assert not ConsultationRequest.objects.exists()
    assert not LogEntry.objects.exists()


def test_what_cannot_be_erased_is_said(row, client, monkeypatch):
    def full(*args, **facts) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(actions, "erase", full)
    response = client.post(erase(row))
    assert response.status_code == 503
    assert "could not erase this" in response.content.decode()


# Export


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d"])
def test_no_cell_of_the_table_is_a_formula(cast, desk, client, start, caplog, django_capture_on_commit_callbacks):
    row = asking.request(name=f"{start}HYPERLINK(1)", phone="+1 202 555 0142", message=f'{start}1\n"two"')
    actions.assign(row, by=desk)
    with caplog.at_level("INFO"), django_capture_on_commit_callbacks(execute=True):
        response = client.get(url("clinic_consultationrequest_export"))
    assert response["Content-Type"].startswith("text/csv")
    (line,) = csv.DictReader(io.StringIO(response.getvalue().decode()))
    assert line["name"] == f"'{start}HYPERLINK(1)"
    assert line["phone"] == "'+1 202 555 0142"
    assert line["message"] == f'\'{start}1\n"two"'
    assert line["assigned_to"] == "frontdesk"
    assert (line["state"], line["language"]) == ("New", "English")
    assert f"requests exported by account {desk.pk}" in caplog.text
    assert "HYPERLINK" not in caplog.text


def test_no_cell_is_a_formula_where_a_semicolon_ends_it(desk, client):
    asking.request(name="Zuzana;=HYPERLINK(1)", message="One\n=two();=three();- four; fine")
    text = client.get(url("clinic_consultationrequest_export")).getvalue().decode()
    cells = text.replace("\r", "\n").replace("\n", ";").split(";")
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "; fine" in text


# The first screen


def test_the_first_screen_says_how_many_are_new_wait_too_long_and_are_erased_soon(row, desk, client):
    other = asking.request()
    actions.contact(other, by=desk, how="phone")
    actions.purge(now=timezone.now() + timedelta(days=151))
    text = client.get(url("index")).content.decode()
    assert "Requests for a consultation (2)" in text
    assert "New requests: 1" in text
    assert "Waiting too long: 1" in text
    assert "Erased soon: 2" in text
    assert "Nothing waits for you" not in text
    assert NAME not in text


def test_the_first_screen_of_a_quiet_desk_says_that_nothing_waits(client):
    assert "Nothing waits for you" in client.get(url("index")).content.decode()


def test_the_list_has_requests_looked_after(row, desk, client):
    actions.close(row, by=desk, outcome="came")
    cache.clear()
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        signed_in(desk).get(url(LIST))
    assert not ConsultationRequest.objects.exists()
