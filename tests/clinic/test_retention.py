"""What waits too long is said once, what was kept for long enough is erased, and what was looked at is not."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic import actions, erasing
from clinic.actions.retention import FLAGGED_AFTER, UNTOUCHED_KEPT
from clinic.models import ConsultationRequest, ErasedRequest, RequestStep
from education.actions.visitors import count_sending
from education.models import PendingMail, VisitorCount
from education.rules import NotPermitted
from tests import public
from tests.clinic import asking

# 9 in New York; the clinic is open from Monday to Friday, 9 to 17, as long as nobody says otherwise.
FRIDAY = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def row(cast) -> ConsultationRequest:
    made = asking.request()
    PendingMail.objects.all().delete()
    return made


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


def told() -> list[str]:
    return list(PendingMail.objects.values_list("subject", flat=True))


def run(**options) -> str:
    out = io.StringIO()
    call_command("purge_requests", stdout=out, **options)
    return out.getvalue()


# Waiting too long


def test_a_new_request_is_flagged_after_the_opening_hours_that_the_clinic_promises_and_told_once(row, cast):
    public.clinic(cast["owner"], answer_within_hours=10)
    # Eight hours of Friday, and the week-end does not count.
    assert actions.purge(now=FRIDAY + 3 * DAY - HOUR).waiting == 0
    # On Sunday clocks went forward: Monday's nine o'clock is an hour earlier.
    monday = FRIDAY + 3 * DAY - HOUR
    assert actions.purge(now=monday + 2 * HOUR).waiting == 0
    assert actions.purge(now=monday + 2 * HOUR + timedelta(minutes=1)).waiting == 1
    assert actions.purge(now=monday + 3 * HOUR).waiting == 0
    assert told() == ["Requests for a consultation wait too long"]
    (mail,) = PendingMail.objects.all()
    assert "1 request waits longer" in mail.body
    for private in ("Zuzana", "call", "patient.example"):
        assert private not in mail.body
    assert list(ConsultationRequest.objects.waiting_too_long()) == [row]


def test_several_are_told_in_one_mail_and_those_that_were_answered_in_none(row, cast):
    others = [asking.request() for _ in range(2)]
    PendingMail.objects.all().delete()
    actions.contact(others[0], by=cast["front_desk"], how="phone")
    assert actions.purge(now=FRIDAY + 7 * DAY).waiting == 2
    assert "2 requests wait longer" in PendingMail.objects.get().body
    actions.contact(row, by=cast["front_desk"], how="phone")
    assert list(ConsultationRequest.objects.waiting_too_long()) == [others[1]]


# Closed


def test_a_closed_request_is_erased_after_the_clinics_number_of_days_with_its_steps(row, cast, caplog):
    public.clinic(cast["owner"], keep_closed_days=10)
    actions.contact(row, by=cast["front_desk"], how="phone", note="Zuzana was out")
    actions.close(row, by=cast["front_desk"], outcome="came", note="Zuzana came")
    assert actions.purge(now=FRIDAY + 10 * DAY - HOUR).erased.total() == 0
    with caplog.at_level("INFO"):
        assert actions.purge(now=FRIDAY + 10 * DAY).erased == {"closed": 1}
    assert not ConsultationRequest.objects.exists()
    assert not RequestStep.objects.exists()
    erased = ErasedRequest.objects.get()
    assert (erased.key, erased.reason, erased.erased_at) == (row.key, "closed", FRIDAY)
    assert "requests erased: closed 1" in caplog.text
    assert "Zuzana" not in caplog.text


def test_one_that_was_opened_again_is_kept_and_its_days_begin_anew_when_it_is_closed(row, cast):
    desk = cast["front_desk"]
    actions.close(row, by=desk, outcome="came")
    with at(FRIDAY + 80 * DAY):
        actions.reopen(row, by=desk)
    assert actions.purge(now=FRIDAY + 100 * DAY).erased.total() == 0
    with at(FRIDAY + 100 * DAY):
        actions.close(row, by=desk, outcome="came")
    assert actions.purge(now=FRIDAY + 189 * DAY).erased.total() == 0
    assert actions.purge(now=FRIDAY + 190 * DAY).erased == {"closed": 1}


# Untouched


def test_one_that_is_opened_again_while_others_are_erased_is_kept(row, cast, monkeypatch):
    monkeypatch.setattr("clinic.actions.retention.AT_ONCE", 1)
    desk = cast["front_desk"]
    other = asking.request(name="Another")
    for one in (row, other):
        actions.close(one, by=desk, outcome="came")
    with at(FRIDAY + 91 * DAY):
        # Both were found; the second is opened again before its turn comes.
        done = actions.purge(said=lambda number, of: number == 1 and actions.reopen(other, by=desk))
    assert done.erased.total() == 1
    assert [one.name for one in ConsultationRequest.objects.all()] == ["Another"]


def test_what_was_kept_of_addresses_goes_with_a_purge_though_nobody_sends_anything(row, cast):
    count_sending("consultation", "203.0.113.7")
    with at(FRIDAY + 3 * HOUR):
        actions.purge(dry_run=True)
        assert VisitorCount.objects.exists()
        actions.purge()
    assert not VisitorCount.objects.exists()


def test_one_that_nobody_touches_is_flagged_and_then_erased(row, cast):
    actions.purge(now=FRIDAY + 8 * DAY)
    PendingMail.objects.all().delete()
    assert actions.purge(now=FRIDAY + FLAGGED_AFTER - HOUR).erased_soon == 0
    assert actions.purge(now=FRIDAY + FLAGGED_AFTER).erased_soon == 1
    assert actions.purge(now=FRIDAY + FLAGGED_AFTER + DAY).erased_soon == 0
    (mail,) = PendingMail.objects.all()
    assert mail.subject == "Requests for a consultation will soon be erased"
    assert "1 open request will be erased within 30 days" in mail.body
    assert "Zuzana" not in mail.body
    assert list(ConsultationRequest.objects.erased_soon()) == [row]
    assert actions.purge(now=FRIDAY + UNTOUCHED_KEPT - HOUR).erased.total() == 0
    assert actions.purge(now=FRIDAY + UNTOUCHED_KEPT).erased == {"untouched": 1}
    assert not ConsultationRequest.objects.exists()


def test_a_note_keeps_it_for_as_long_again(row, cast):
    actions.purge(now=FRIDAY + FLAGGED_AFTER)
    with at(FRIDAY + FLAGGED_AFTER + DAY):
        actions.add_note(row, by=cast["front_desk"], note="Waits for the summer.")
    assert not ConsultationRequest.objects.erased_soon().exists()
    assert actions.purge(now=FRIDAY + UNTOUCHED_KEPT).erased.total() == 0
    assert actions.purge(now=FRIDAY + FLAGGED_AFTER * 2 + DAY).erased_soon == 1
    assert actions.purge(now=FRIDAY + FLAGGED_AFTER + DAY + UNTOUCHED_KEPT).erased == {"untouched": 1}


def test_one_that_is_booked_and_forgotten_goes_too(row, cast):
    actions.book(row, by=cast["front_desk"])
    assert actions.purge(now=FRIDAY + UNTOUCHED_KEPT).erased == {"untouched": 1}


# However many there are


def closed(count: int, by) -> list[ConsultationRequest]:
    rows = [asking.request() for _ in range(count)]
    for one in rows:
        actions.close(one, by=by, outcome="came")
    return rows


def test_erasing_many_at_once_asks_the_database_no_oftener_than_erasing_two(cast, monkeypatch):
    kept = []
    monkeypatch.setattr("clinic.actions.retention.write_in_ledger", kept.append)
    counts = []
    for count in (2, 2, 20):
        closed(count, cast["front_desk"])
        with CaptureQueriesContext(connection) as captured:
            assert actions.purge(now=FRIDAY + 91 * DAY).erased == {"closed": count}
        counts.append(len(captured))
    assert counts[2] <= counts[1]
    assert [len(keys) for keys in kept] == [2, 2, 20], (
        "one line on the disk after another would take as long as all else"
    )


def test_many_are_erased_in_portions_so_that_others_can_write_between_them(cast, monkeypatch):
    monkeypatch.setattr("clinic.actions.retention.AT_ONCE", 2)
    closed(5, cast["front_desk"])
    heard = []
    done = actions.purge(now=FRIDAY + 91 * DAY, said=lambda number, of: heard.append((number, of)))
    assert (heard, done.erased.total()) == ([(2, 5), (4, 5), (5, 5)], 5)


def test_what_an_old_copy_brought_back_is_looked_for_once_however_much_it_is(cast, monkeypatch):
    monkeypatch.setattr("clinic.actions.retention.AT_ONCE", 2)
    read, heard, counts = [], [], []
    real = erasing.keys_in_ledger
    monkeypatch.setattr("clinic.actions.retention.keys_in_ledger", lambda: read.append(1) or real())
    kept = asking.request(name="Never erased")
    for count in (2, 4, 8):
        erasing.write_in_ledger([asking.request().key for _ in range(count)])
        with CaptureQueriesContext(connection) as captured:
            assert actions.erase_again(lambda number, of: heard.append((number, of))) == count
        counts.append(len(captured))
    assert read == [1, 1, 1]
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])
    assert heard[-1] == (8, 8)
    assert list(ConsultationRequest.objects.all()) == [kept]


# When somebody asks


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
def test_only_who_works_on_requests_erases_one(row, cast, who):
    with pytest.raises(NotPermitted):
        actions.erase(row, by=cast[who])
    assert ConsultationRequest.objects.exists()


def test_the_front_desk_erases_one_at_once_and_the_log_says_who(row, cast, caplog):
    number = row.pk
    with caplog.at_level("INFO"):
        actions.erase(row, by=cast["front_desk"])
    assert f"request {number} erased by account {cast['front_desk'].pk}" in caplog.text
    assert ErasedRequest.objects.get().reason == "asked"
    row.pk = number
    with pytest.raises(actions.Gone):
        actions.erase(row, by=cast["front_desk"])


# The command


def test_the_command_counts_and_says_why(row, cast):
    actions.close(row, by=cast["front_desk"], outcome="came")
    asking.request()
    with at(FRIDAY + 100 * DAY):
        said = run()
    assert said == ("Erased: 1.\n  1: closed long ago\nFlagged: 1 that wait too long, 0 that are soon erased.\n")


def test_a_trial_counts_the_same_and_changes_nothing(row, cast):
    actions.close(row, by=cast["front_desk"], outcome="came")
    asking.request()
    PendingMail.objects.all().delete()
    with at(FRIDAY + 100 * DAY):
        said = run(dry_run=True)
    assert said.startswith("Would be erased: 1.\n  1: closed long ago\nWould be flagged: 1 that wait")
    assert ConsultationRequest.objects.count() == 2
    assert told() == []
    assert not ErasedRequest.objects.exists()


def test_progress_is_shown_on_a_terminal_and_nowhere_else(row, cast, monkeypatch):
    monkeypatch.setattr("education.management.over_editions.REDRAW_SECONDS", 0)
    actions.close(row, by=cast["front_desk"], outcome="came")
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    with at(FRIDAY + 100 * DAY):
        call_command("purge_requests", stdout=terminal, no_color=True)
    assert "\r\x1b[KErasing request 1 of 1, about 0 s left" in terminal.getvalue()


def test_a_start_says_nothing_when_there_is_nothing(row):
    assert run(verbosity=0) == ""


def test_the_help_has_an_example(capsys):
    with pytest.raises(SystemExit):
        call_command("purge_requests", "--help")
    assert "purge_requests --dry-run" in " ".join(capsys.readouterr().out.split())


# By the way


def test_requests_are_looked_after_by_the_way_but_not_at_every_page(row, monkeypatch):
    purged = []
    monkeypatch.setattr("clinic.actions.retention.purge", lambda most: purged.append(1))
    actions.look_after()
    actions.look_after()
    assert purged == [1]
    cache.clear()
    actions.look_after()
    assert purged == [1, 1]


def test_nobody_waits_by_the_way_until_a_whole_backlog_is_erased(row, cast, monkeypatch):
    monkeypatch.setattr("clinic.actions.retention.MOST_BY_THE_WAY", 2)
    for one in [row, asking.request(), asking.request()]:
        actions.close(one, by=cast["front_desk"], outcome="came")
    with at(timezone.now() + 100 * DAY):
        actions.look_after()
        assert ConsultationRequest.objects.count() == 1
        cache.clear()
        actions.look_after()
    assert not ConsultationRequest.objects.exists()


@pytest.mark.parametrize("error", [DatabaseError("locked"), OSError("full")])
def test_a_failure_by_the_way_stops_nobody_and_is_logged(row, monkeypatch, caplog, error):
    def failing(most: int) -> None:
        raise error

    monkeypatch.setattr("clinic.actions.retention.purge", failing)
    actions.look_after()
    assert "could not be looked after" in caplog.text


def test_a_request_that_comes_in_has_the_others_looked_after(client, row, cast):
    actions.close(row, by=cast["front_desk"], outcome="came")
    cache.clear()
    with at(timezone.now() + 100 * DAY):
        asking.send(client, name="Another")
    assert [one.name for one in ConsultationRequest.objects.all()] == ["Another"]
