"""What makes a public page old: every write that a public page could show, told once it is kept, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.models import InformationPage
from config.ready import changes
from config.ready.changes import UNSEEN, Announcement, is_seen, next_change
from config.ready.token import LENGTH, Token, token
from education import actions
from education.models import Guide
from tests import builders


def row(slug: str) -> InformationPage:
    return InformationPage(slug=slug, title="One", markdown="Text.")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        '(SELECT "a" FROM "b") UNION (SELECT 2)',
        '  SELECT "x" FROM "education_guide" FOR UPDATE',
        'WITH "some" AS (SELECT 1) SELECT * FROM "some"',
        "SAVEPOINT s1",
        "RELEASE SAVEPOINT s1",
        "PRAGMA foreign_keys",
        'INSERT INTO "django_session" ("session_key") VALUES (%s)',
        'UPDATE "education_auditline" SET "what" = %s',
        'DELETE FROM "education_visitorcount"',
        "INSERT OR IGNORE INTO education_pendingmail VALUES (1)",
        "CREATE TEMP TABLE one AS SELECT * FROM clinic_clinic",
        "DROP TABLE temp.one",
    ],
)
def test_a_statement_that_no_public_page_could_show_makes_nothing_old(statement):
    assert not is_seen(statement)


@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "education_publication" ("id") VALUES (%s)',
        'UPDATE "clinic_clinic" SET "name" = %s',
        'DELETE FROM "clinic_price" WHERE "id" IN (SELECT "id" FROM "django_session")',
        "insert or replace into clinic_clinic values (1)",
        "REPLACE INTO clinic_clinic VALUES (1)",
        'UPDATE ONLY "clinic_clinic" SET "name" = 1',
        "TRUNCATE clinic_clinic",
        'WITH "x" AS (SELECT 1) INSERT INTO "clinic_clinic" SELECT * FROM "x"',
        "ALTER TABLE clinic_clinic ADD x integer",
        "DROP TABLE clinic_clinic",
        "CREATE TABLE one AS SELECT * FROM clinic_clinic",
        "COPY clinic_clinic FROM STDIN",
        'INSERT INTO "a_table_of_tomorrow" VALUES (1)',
        "something that nobody understands",
        "",
    ],
)
def test_every_other_statement_counts_and_so_does_what_is_not_understood(statement):
    assert is_seen(statement)


def test_every_table_that_is_left_out_exists(db):
    assert set(connection.introspection.table_names()) >= UNSEEN


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_when_it_is_kept_whichever_way_it_is_written():
    row("one").save()
    page = InformationPage.objects.get()
    ways = (
        lambda: InformationPage.objects.update(title="Two"),
        page.save,
        lambda: InformationPage.objects.bulk_update([page], ["title"]),
        lambda: connection.cursor().execute("UPDATE clinic_informationpage SET title = 'Three'"),
        lambda: connection.cursor().executemany("UPDATE clinic_informationpage SET title = %s", [("Four",)]),
        lambda: InformationPage.objects.all().delete(),
        lambda: InformationPage.objects.bulk_create([row("five")]),
    )
    for number, way in enumerate(ways):
        before = token().read()
        way()
        assert token().read() != before, number


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_before_it_is_kept_and_never_what_is_undone():
    with transaction.atomic():
        before = token().read()
        row("one").save()
        assert token().read() == before
    assert token().read() != before
    before = token().read()
    with transaction.atomic():
        InformationPage.objects.update(title="Two")
        transaction.set_rollback(True)
    assert token().read() == before


@pytest.mark.django_db(transaction=True)
def test_a_part_that_is_undone_takes_nothing_of_the_rest_with_it():
    row("one").save()
    before = token().read()
    with transaction.atomic():
        with transaction.atomic():
            InformationPage.objects.update(title="Undone")
            transaction.set_rollback(True)
        InformationPage.objects.update(title="Kept")
    assert token().read() != before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_tells_of_its_changes_once():
    with transaction.atomic():
        for number in range(3):
            row(f"page-{number}").save()
            with transaction.atomic():
                InformationPage.objects.update(title="Two")
        told = [one for _, one, *_ in connection.run_on_commit if isinstance(one, Announcement)]
        assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_before_what_else_waits_for_it_to_be_kept_and_though_that_fails():
    def mail() -> None:
        seen.append(token().read() != before)
        raise ZeroDivisionError

    @transaction.atomic
    def publish() -> None:
        transaction.on_commit(mail)
        row("one").save()

    before, seen = token().read(), []
    with pytest.raises(ZeroDivisionError):
        publish()
    assert seen == [True]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_opens_inside_a_wrapper_is_watched_all_the_same():
    other = connection.copy()
    try:
        with other.execute_wrapper(lambda execute, *rest: execute(*rest)):
            other.ensure_connection()
        before = token().read()
        with other.cursor() as cursor:
            cursor.execute("UPDATE clinic_informationpage SET title = 'Other'")
        assert token().read() != before
        assert len(other.execute_wrappers) == 1
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_makes_no_page_old():
    before = token().read()
    Session.objects.create(session_key="x", expire_date=timezone.now())
    Session.objects.all().delete()
    assert token().read() == before


@pytest.mark.django_db(transaction=True)
def test_saving_a_draft_s_entries_makes_no_page_old_and_publishing_does():
    people = builders.cast()
    live = builders.published(builders.guide(people["author"]), people)
    before = token().read()
    actions.withdraw(live, by=people["author"], reason="Wrong.")
    assert token().read() != before


def test_a_token_that_cannot_be_written_loses_no_change(db, monkeypatch, caplog, settings):
    def full(self: Token, to: bytes = b"") -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Token, "change", full)
    monkeypatch.setattr(changes, "token", lambda: object.__new__(Token))
    Announcement(b"x" * LENGTH)()
    assert "within a minute" in caplog.text


def test_where_nothing_is_served_there_is_nobody_to_tell(settings, tmp_path, caplog):
    settings.DATA_DIR = tmp_path / "missing"
    Announcement(b"x" * LENGTH)()
    assert not caplog.records


def test_two_openings_of_one_file_see_the_same_token(tmp_path):
    one, other = Token(tmp_path / "token"), Token(tmp_path / "token")
    assert one.read() == other.read()
    one.change()
    assert one.read() == other.read()
    other.change(b"12345678")
    assert one.read() == b"12345678"
    assert len({one.read() for _ in range(9) if one.change() is None}) == 9


# The clock


def test_the_clock_changes_pages_at_the_whole_minute(db):
    now = datetime(2026, 3, 8, 6, 59, 30, tzinfo=UTC)
    assert next_change(now.timestamp()) == (now + timedelta(seconds=30)).timestamp()
    assert next_change((now + timedelta(seconds=30)).timestamp()) == (now + timedelta(seconds=90)).timestamp()


def test_and_when_a_scheduled_edition_goes_live(db, cast):
    now = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        edition = builders.approved(builders.guide(cast["author"]), cast)
        actions.publish(edition, by=cast["author"], live_from=now + timedelta(seconds=20))
        assert next_change(now.timestamp()) == now.timestamp() + 20
    with time_machine.travel(now + timedelta(seconds=20), tick=False):
        assert next_change(now.timestamp() + 20) == now.timestamp() + 60
        # A page that was begun just before does not show it, whenever it is ready.
        assert next_change(now.timestamp() + 19.9) == now.timestamp() + 20
    assert Guide.objects.exists()


@pytest.mark.django_db
def test_the_question_for_the_next_publication_is_one_query():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        next_change(0)
    assert len(asked) == 1
