"""A request's screen in the admin: all that was asked and done, and no step and no typed word is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from clinic import actions
from clinic.admin.request_steps import STEPS
from clinic.models import ConsultationRequest
from education.rules import FRONT_DESK
from tests import builders
from tests.clinic import asking
from tests.clinic.asking import change, do
from tests.education.desk import hidden, signed_in

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
    assert "<strong>Closed</strong>: had the consultation." in response.content.decode()
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
