"""What the front desk does with a request: who may, in which state, what is kept, and nobody is overrun unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic import actions
from clinic.models import ConsultationRequest
from education.actions import ChangedMeanwhile, Refused
from education.actions.visitors import TooMany
from education.rules import FRONT_DESK, NotPermitted, WrongState
from tests import builders
from tests.clinic import asking


@pytest.fixture
def desk(cast):
    return cast["front_desk"]


@pytest.fixture
def colleague(cast):
    return builders.person("fay", FRONT_DESK, first_name="Fay", last_name="Desk")


@pytest.fixture
def row(cast) -> ConsultationRequest:
    return asking.request()


EVERY_STEP = {
    "assign": {},
    "contact": {"how": "phone"},
    "book": {},
    "close": {"outcome": "came"},
    "reopen": {},
    "add_note": {"note": "Hello."},
}


def steps(row: ConsultationRequest) -> list[str]:
    return list(row.steps.values_list("kind", flat=True))


# Refused


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
@pytest.mark.parametrize("name", EVERY_STEP)
def test_nobody_else_does_anything_with_a_request(row, cast, who, name):
    with pytest.raises(NotPermitted):
        getattr(actions, name)(row, by=cast[who], **EVERY_STEP[name])
    assert steps(row) == []


def test_an_account_that_was_closed_does_nothing(row, desk):
    desk.is_active = False
    with pytest.raises(NotPermitted):
        actions.assign(row, by=desk)


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("new", {"assign", "contact", "book", "close", "add_note"}),
        ("contacted", {"assign", "contact", "book", "close", "add_note"}),
        ("booked", {"assign", "contact", "close", "add_note"}),
        ("closed", {"reopen", "add_note"}),
    ],
)
def test_each_state_permits_what_its_table_says(row, desk, state, possible):
    if state == "contacted":
        actions.contact(row, by=desk, how="phone")
    elif state == "booked":
        actions.book(row, by=desk)
    elif state == "closed":
        actions.close(row, by=desk, outcome="came")
    for name in set(EVERY_STEP) - possible:
        with pytest.raises(WrongState):
            getattr(actions, name)(row, by=desk, **EVERY_STEP[name])
    for name in possible:
        again = asking.request()
        ConsultationRequest.objects.filter(pk=again.pk).update(
            state=state,
            outcome="came" if state == "closed" else "",
            closed_at=row.made_at if state == "closed" else None,
        )
        getattr(actions, name)(again, by=desk, **EVERY_STEP[name])


def test_a_request_that_nobody_could_answer_is_refused(db):
    with pytest.raises(Refused, match="e-mail address or a phone number"):
        asking.request(email="", phone="")


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"how": ""}, "how"), ({"how": "phone", "when": timedelta(days=1)}, "when")],
)
def test_a_contact_without_a_way_or_still_to_come_is_refused(row, desk, facts, field):
    if "when" in facts:
        facts = {**facts, "when": timezone.now() + facts["when"]}
    with pytest.raises(Refused) as refused:
        actions.contact(row, by=desk, **facts)
    assert refused.value.field == field


def test_a_contact_before_the_request_came_in_is_refused(row, desk):
    with pytest.raises(Refused, match="before the request came in"):
        actions.contact(row, by=desk, how="phone", when=row.made_at - timedelta(hours=1))


def test_a_request_is_closed_with_an_outcome_alone_and_a_note_says_something(row, desk):
    with pytest.raises(Refused):
        actions.close(row, by=desk, outcome="")
    with pytest.raises(Refused):
        actions.add_note(row, by=desk, note=" ")


def test_a_request_is_given_to_those_alone_who_work_on_requests(row, desk, cast):
    for who in ("author", "reviewer", "outsider"):
        with pytest.raises(Refused, match="does not work on requests"):
            actions.assign(row, by=desk, to=cast[who])
    actions.assign(row, by=desk)
    with pytest.raises(Refused, match="has this request already"):
        actions.assign(row, by=desk)


# Kept


def test_a_request_is_worked_to_its_end_and_every_step_is_kept_with_who_and_when(row, desk, colleague):
    start = timezone.now()
    with time_machine.travel(start + timedelta(hours=3), tick=False):
        actions.assign(row, by=desk)
        actions.assign(row, by=desk, to=colleague)
        called = start + timedelta(hours=1)
        actions.contact(row, by=colleague, how="message", when=called, note="Nobody answered.")
        actions.contact(row, by=colleague, how="phone")
        actions.book(row, by=colleague, note="Tuesday at ten.")
        actions.close(row, by=desk, outcome="came")
    row.refresh_from_db()
    assert (row.state, row.outcome, row.assigned_to) == ("closed", "came", colleague)
    assert row.closed_at == start + timedelta(hours=3)
    kept = [(one.kind, one.made_by_name, one.how, one.note) for one in row.steps.all()]
    assert kept == [
        ("assigned", "frontdesk", "", "To frontdesk"),
        ("assigned", "frontdesk", "", "To Fay Desk"),
        ("contacted", "Fay Desk", "message", "Nobody answered."),
        ("contacted", "Fay Desk", "phone", ""),
        ("booked", "Fay Desk", "", "Tuesday at ten."),
        ("closed", "frontdesk", "", ""),
    ]
    first, second = row.steps.filter(kind="contacted")
    assert (first.happened_at, second.happened_at) == (called, start + timedelta(hours=3))
    assert {one.made_at for one in row.steps.all()} == {start + timedelta(hours=3)}


def test_opened_again_it_is_new_or_contacted_as_it_was(row, desk):
    other = asking.request()
    actions.contact(other, by=desk, how="phone")
    for one, state in ((row, "new"), (other, "contacted")):
        actions.close(one, by=desk, outcome="not-reached")
        actions.reopen(one, by=desk, note="Called back.")
        one.refresh_from_db()
        assert (one.state, one.outcome, one.closed_at) == (state, "", None)
        # What became of it the first time stays with the step.
        assert one.steps.get(kind="closed").outcome == "not-reached"


def test_a_booked_request_that_is_called_again_stays_booked(row, desk):
    actions.book(row, by=desk)
    actions.contact(row, by=desk, how="phone")
    row.refresh_from_db()
    assert row.state == "booked"


def test_the_owner_works_on_requests_too(row, cast):
    actions.assign(row, by=cast["owner"])
    row.refresh_from_db()
    assert row.assigned_to == cast["owner"]


def test_no_log_says_what_a_step_says(row, desk, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("INFO"), django_capture_on_commit_callbacks(execute=True):
        actions.contact(row, by=desk, how="phone", note="Zuzana has a secret")
    assert f"request {row.pk}: contacted by account {desk.pk}" in caplog.text
    assert "secret" not in caplog.text


# Two people


@pytest.mark.parametrize("name", [name for name in EVERY_STEP if name not in ("add_note", "reopen")])
def test_who_did_not_see_the_last_step_is_told_and_nothing_is_done(row, desk, colleague, name):
    note = actions.add_note(row, by=colleague, note="I am on it.")
    with pytest.raises(ChangedMeanwhile, match="Fay Desk did something"):
        getattr(actions, name)(row, by=desk, seen=0, **EVERY_STEP[name])
    assert steps(row) == ["note"]
    getattr(actions, name)(row, by=desk, seen=note.pk, **EVERY_STEP[name])
    assert len(steps(row)) == 2


def test_two_notes_do_not_stand_in_each_others_way(row, desk, colleague):
    actions.add_note(row, by=desk, note="One.")
    actions.add_note(row, by=colleague, note="Two.")
    assert steps(row) == ["note", "note"]


def test_a_step_with_a_request_that_was_erased_says_so(row, desk):
    stale = ConsultationRequest.objects.get(pk=row.pk)
    actions.erase(row, by=desk)
    with pytest.raises(actions.Gone):
        actions.contact(stale, by=desk, how="phone")


# Counted


def test_the_limits_of_all_visitors_hold_and_what_was_refused_is_not_kept(db, monkeypatch):
    monkeypatch.setattr("education.actions.visitors.MOST_FROM_ONE", 2)
    for _ in range(2):
        asking.request(address="203.0.113.7")
    with pytest.raises(TooMany):
        asking.request(address="203.0.113.7")
    asking.request(address="198.51.100.9")
    assert ConsultationRequest.objects.count() == 3


def test_of_many_clicks_at_once_none_is_told_that_nothing_was_kept(db, monkeypatch):
    key = "a" * 32

    def the_others_came_first(form: str, address: str) -> None:
        asking.request(key=key, address="")
        raise TooMany("Too many.")

    counted = actions.requests.count_sending
    monkeypatch.setattr(
        "clinic.actions.requests.count_sending",
        lambda form, address: the_others_came_first(form, address) if address else counted(form, address),
    )
    facts = {"name": "Zuzana", "email": "a@b.example", "phone": "", "best_time": "any", "guide": None}
    more = {"provider": None, "language": "", "message": "", "consent": "Yes."}
    assert actions.ask(key=key, address="203.0.113.7", **facts, **more) is None
    assert ConsultationRequest.objects.count() == 1
