"""The front desk in the admin: who sees it, what it shows, and that no step and no typed word is lost."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.admin.request_steps import STEPS
from clinic.models import ConsultationRequest, RequestStep
from education.rules import FRONT_DESK
from tests import builders
from tests.clinic import asking
from tests.education.desk import hidden, signed_in, url

LIST = "clinic_consultationrequest_changelist"
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


def change(row: ConsultationRequest) -> str:
    return url("clinic_consultationrequest_change", row.pk)


def do(row: ConsultationRequest, step: str) -> str:
    return url("clinic_consultationrequest_step", row.pk, step)


def erase(row: ConsultationRequest) -> str:
    return url("clinic_consultationrequest_erase", row.pk)


def addresses(row: ConsultationRequest) -> list[str]:
    export = url("clinic_consultationrequest_export")
    return [url(LIST), change(row), do(row, "note"), erase(row), export]


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


def test_the_list_is_narrowed_to_a_state(row, client):
    assert NAME in client.get(url(LIST), {"state__exact": "new"}).content.decode()
    assert NAME not in client.get(url(LIST), {"state__exact": "closed"}).content.decode()


def test_list_and_screen_ask_the_database_as_often_for_many_as_for_few(cast, desk, client, django_assert_num_queries):
    edition, pia = asking.procedure(cast), asking.provider()
    rows = [asking.request(guide=edition.guide, provider=pia, name=f"N{number}") for number in range(12)]
    for one in rows:
        actions.assign(one, by=desk)
        actions.contact(one, by=desk, how="phone")
    for _ in range(8):
        actions.add_note(rows[0], by=desk, note="x")
    client.get(url(LIST))
    with django_assert_num_queries(7):
        client.get(url(LIST))
    for one in (rows[0], rows[1]):
        with django_assert_num_queries(7):
            client.get(change(one))


def test_a_name_that_is_markup_is_shown_as_text(cast, client):
    row = asking.request(name="<script>alert(1)</script>", message="<img src=x onerror=alert(1)>")
    for address in (url(LIST), change(row), erase(row)):
        text = client.get(address).content.decode()
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


# A request's screen


def test_the_screen_has_all_that_was_asked_and_every_step(row, desk, client):
    actions.contact(row, by=desk, how="message", note="Nobody answered.")
    text = client.get(change(row)).content.decode()
    for part in (NAME, MESSAGE, 'href="tel:2025550142"', "zuzana@patient.example", "English", "You may."):
        assert part in text
    assert "<strong>Contacted</strong> left a message" in text
    assert "Noted by frontdesk" in text
    assert "Nobody answered." in text
    assert NAME not in text.partition("</title>")[0]


def test_a_request_is_worked_to_its_end_on_its_screen(row, desk, client, colleague):
    for step, typed, said in (
        ("take", {}, "is yours"),
        ("assign", {"to": colleague.pk}, "is assigned"),
        ("contact", {"how": "phone", "note": "Will call back."}, "is marked as contacted"),
        ("book", {"note": "Tuesday at ten."}, "is marked as booked"),
        ("close", {"outcome": "came"}, "is closed"),
        ("reopen", {}, "is open again"),
        ("note", {"note": "One more thing."}, "has your note"),
    ):
        seen = hidden(client.get(change(row)), "seen") if step != "note" else ""
        response = client.post(do(row, step), {**typed, "seen": seen}, follow=True)
        assert response.status_code == 200, step
        assert f"Request {row.pk} {said}." in response.content.decode()
    assert list(row.steps.values_list("kind", flat=True)) == [
        *("assigned", "assigned", "contacted", "booked", "closed", "reopened", "note")
    ]
    row.refresh_from_db()
    assert (row.state, row.assigned_to) == ("contacted", colleague)
    assert not LogEntry.objects.exists()


def test_a_contact_can_have_been_earlier_today(row, desk):
    now = timezone.localtime()
    with time_machine.travel(now + timedelta(days=1), tick=False):
        moment = timezone.localtime() - timedelta(hours=2)
        typed = {"how": "phone", "day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "seen": "0"}
        assert signed_in(desk).post(do(row, "contact"), typed).status_code == 302
    assert row.steps.get().happened_at == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("assign", {}, "Choose somebody."),
        ("assign", {"to": "999"}, "Choose somebody of the list."),
        ("contact", {"note": "kept words"}, "Say how."),
        ("contact", {"how": "phone", "day": "2020-01-01", "note": "kept words"}, "Write the time too"),
        ("contact", {"how": "phone", "day": "2020-01-01", "time": "10:00", "note": "kept words"}, "before the request"),
        ("contact", {"how": "phone", "day": "2099-01-01", "time": "10:00", "note": "kept words"}, "still to come"),
        ("contact", {"how": "phone", "day": "soon", "note": "kept words"}, "year-month-day"),
        ("close", {"note": "kept words"}, "Say what became of it."),
        ("note", {"note": " "}, "Write the note."),
        ("note", {"note": "kept words" * 101}, "Shorten it to 1000"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_and_what_was_typed_stays(row, client, step, typed, said):
    response = client.post(do(row, step), {"seen": "0", **typed})
    text = response.content.decode()
    assert "<title>Error: " in text
    assert said in text
    if "kept words" in typed.get("note", ""):
        assert "kept words" in text
    assert not row.steps.exists()


def test_the_second_of_two_people_sees_what_the_first_did_keeps_their_words_and_sends_again(row, client, colleague):
    opened = hidden(client.get(change(row)), "seen")
    actions.contact(row, by=colleague, how="phone", note="Fay called first.")
    response = client.post(do(row, "contact"), {"how": "email", "note": "I wrote.", "seen": opened})
    text = response.content.decode()
    assert response.status_code == 409
    for part in ("Fay Desk did something with this request", "Fay called first.", "I wrote.</textarea>"):
        assert part in text
    assert row.steps.count() == 1
    again = {"how": "email", "note": "I wrote.", "seen": row.steps.get().pk}
    assert f'name="seen" value="{again["seen"]}"' in text
    assert client.post(do(row, "contact"), again).status_code == 302
    assert row.steps.count() == 2


def test_what_somebody_typed_into_a_step_that_is_not_possible_any_more_is_shown(row, client, colleague):
    actions.close(row, by=colleague, outcome="came")
    response = client.post(do(row, "book"), {"note": "Tuesday at ten.", "seen": "0"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "This request is closed. Open it again first." in text
    assert "What you had typed" in text
    assert "Tuesday at ten." in text


def test_what_somebody_typed_about_a_request_that_was_erased_is_shown(row, client, cast):
    address = do(row, "note")
    actions.erase(row, by=cast["owner"])
    response = client.post(address, {"note": "My words."})
    assert response.status_code == 410
    assert "My words.</textarea>" in response.content.decode()


def test_a_locked_database_and_a_sign_in_that_ran_out_lose_no_word(row, client, monkeypatch):
    def locked(*args, **facts) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setitem(STEPS, "note", type(STEPS["note"])(**{**vars(STEPS["note"]), "act": locked}))
    response = client.post(do(row, "note"), {"note": "My words."})
    assert response.status_code == 503
    assert "My words.</textarea>" in response.content.decode()
    signed_out = Client().post(do(row, "note"), {"note": "My words."})
    assert signed_out.status_code == 403
    assert "My words.</textarea>" in signed_out.content.decode()


def test_every_step_answers_to_post_alone(row, client):
    for step in STEPS:
        assert client.get(do(row, step)).status_code == 405
    assert client.post(do(row, "nothing")).status_code == 404
    assert client.post(change(row)).status_code == 405


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


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_table_is_a_formula(cast, desk, client, start, caplog):
    row = asking.request(name=f"{start}HYPERLINK(1)", phone="+1 202 555 0142", message=f'{start}1\n"two"')
    actions.assign(row, by=desk)
    with caplog.at_level("INFO"):
        response = client.get(url("clinic_consultationrequest_export"))
    assert response["Content-Type"].startswith("text/csv")
    (line,) = csv.DictReader(io.StringIO(response.content.decode()))
    assert line["name"] == f"'{start}HYPERLINK(1)"
    assert line["phone"] == "'+1 202 555 0142"
    assert line["message"] == f'\'{start}1\n"two"'
    assert line["assigned_to"] == "frontdesk"
    assert (line["state"], line["language"]) == ("New", "English")
    assert f"requests exported by account {desk.pk}" in caplog.text
    assert "HYPERLINK" not in caplog.text


# The first screen


def test_the_first_screen_says_how_many_are_new_wait_too_long_and_are_erased_soon(row, desk, client):
    other = asking.request()
    actions.contact(other, by=desk, how="phone")
    actions.purge(now=timezone.now() + timedelta(days=151))
    text = client.get(url("index")).content.decode()
    assert "New requests: 1" in text
    assert "Waiting too long: <strong>1</strong>" in text
    assert "Erased soon: <strong>2</strong>" in text
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
