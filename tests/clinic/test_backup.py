"""Backup and restore: what is refused changes nothing, and what is put back is the same to the last byte."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from clinic.backup import restoring, schema, writing
from clinic.models import ConsultationRequest, OwnerLink, User
from education import actions
from education.models import Edition, Guide, SearchRow, VisitorCount
from education.triggers import drop_triggers, missing_triggers
from tests import builders
from tests.clinic import asking
from tests.clinic.backups import (
    backed_up,
    content,
    elsewhere,
    folders,
    names_in,
    quickly_and_cleanly,
    restored,
    small_clinic,
)
from tests.education.whole_record import whole_record

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    yield from quickly_and_cleanly(monkeypatch)


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def clinic(cast) -> dict[str, User]:
    return small_clinic(cast)


# Refused, and nothing is changed


def test_a_clinic_that_is_there_is_not_touched(clinic, tmp_path):
    path, before = backed_up(tmp_path), content()
    files = folders()
    with pytest.raises(CommandError, match="--replace"):
        restored(path)
    assert (content(), folders()) == (before, files)


@pytest.mark.parametrize("damage", ["damaged", "cut off", "absent"])
def test_a_damaged_backup_changes_nothing(clinic, tmp_path, damage):
    path, before = backed_up(tmp_path), content()
    files, whole = folders(), path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:half] + (b"" if damage == "cut off" else bytes([whole[half] ^ 1]) + whole[half + 1 :]))
    if damage == "absent":
        path.unlink()
    with pytest.raises(CommandError, match="Nothing was restored"):
        restored(path, "--replace")
    assert (content(), folders()) == (before, files)


def test_a_backup_of_a_newer_version_changes_nothing(clinic, tmp_path, monkeypatch):
    real, before = writing.Manifest, content()

    def newer(version, made_at, database, steps, *rest):
        return real("9.0", made_at, database, {**steps, "education": (*steps["education"], "0099_later")}, *rest)

    monkeypatch.setattr(writing, "Manifest", newer)
    path = backed_up(tmp_path)
    with pytest.raises(CommandError, match=r"newer Plainleaf \(9\.0\).*education\.0099_later.*Update Plainleaf"):
        restored(path, "--replace")
    assert content() == before


def test_a_database_of_a_newer_version_is_not_backed_up_by_halves(cast, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('education', '0099_later', '2026-01-01')"
        )
    try:
        with pytest.raises(CommandError, match=r"newer Plainleaf \(education\.0099_later"):
            backed_up(tmp_path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0099_later'")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_too_full_is_told_before_anything_is_made(clinic, tmp_path, monkeypatch):
    path, before = backed_up(tmp_path), content()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(CommandError, match="too little room"):
        restored(path, "--replace")
    with pytest.raises(CommandError, match="too little room"):
        backed_up(tmp_path, force=True)
    assert content() == before


def test_while_a_server_runs_nothing_is_restored(clinic, tmp_path, monkeypatch):
    path, before = backed_up(tmp_path), content()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM clinic_user")
            cursor.fetchall()
        with pytest.raises(CommandError, match=r"uses this database now\. Stop"):
            restored(path, "--replace")
    finally:
        other.close()
    assert content() == before


def test_a_file_that_is_there_is_not_written_over(cast, tmp_path):
    path = backed_up(tmp_path)
    with pytest.raises(CommandError, match="--force"):
        backed_up(tmp_path)
    assert backed_up(tmp_path, force=True) == path


def test_a_backup_does_not_go_where_it_would_back_itself_up(cast):
    with pytest.raises(CommandError, match="Name another folder"):
        call_command("backup", str(Path(settings.MEDIA_ROOT) / "backup.zip"))


def test_a_record_that_does_not_hold_is_put_back_only_on_request(clinic, tmp_path, capsys):
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE education_edition SET title = 'Changed' WHERE number = 1")
    changed = content()
    path = backed_up(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE education_edition SET title = 'Cool care' WHERE number = 1")
    before = content()
    with pytest.raises(CommandError, match="--despite-breaks"):
        restored(path, "--replace")
    assert "Edition 1 (cooling, edition 1)" in capsys.readouterr().err
    assert content() == before
    restored(path, "--replace", "--despite-breaks")
    assert content() == changed


def test_a_file_of_the_record_that_is_missing_in_the_backup_is_a_break(clinic, tmp_path):
    for found in Path(settings.MEDIA_ROOT).glob("images/*.webp"):
        found.unlink()
    before = content()
    path = backed_up(tmp_path)
    with pytest.raises(CommandError, match="does not hold"):
        restored(path, "--replace")
    assert content() == before


# Put back


def test_what_is_put_back_is_the_same(clinic, tmp_path):
    pages = {address: Client().get(address).content for address in ("/guides/cooling/", "/guides/cooling/all/")}
    before, path = content(), backed_up(tmp_path)
    clinic["outsider"].delete()
    actions.create_guide(by=clinic["author"], title="Other", slug="other", kind="advice", summary="Of another day.")
    assert content() != before
    restored(path, "--replace")
    assert content() == before
    call_command("verify_editions", verbosity=0)
    assert missing_triggers() == []
    assert {address: Client().get(address).content for address in pages} == pages
    assert Client().login(username="outsider", password=builders.PASSWORD)
    assert SearchRow.objects.exists()
    assert b"/guides/cooling/" in Client().get("/search/?q=numb").content


def test_a_backup_of_elsewhere_goes_into_an_empty_place(transactional_db, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring, "MigrationExecutor", MigrationExecutor)
    with elsewhere(tmp_path / "media"):
        whole_record(builders.cast())
        before, path = content(), backed_up(tmp_path)
    assert not User.objects.exists()
    restored(path)
    assert content() == before
    assert any(name.endswith(".webp") for name in before)
    call_command("verify_editions", verbosity=0)


def test_the_record_goes_on_with_the_next_ids_and_refuses_as_before(clinic, tmp_path):
    path = backed_up(tmp_path)
    restored(path, "--replace")
    last = Edition.objects.latest("pk")
    guide = Guide.objects.get()
    for user in clinic.values():
        user.refresh_from_db()
    edition = builders.next_edition(guide, clinic, "You can get numb skin for two days [@trial-2020].")
    assert edition.pk == last.pk + 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE education_edition SET title = 'x'")
    call_command("verify_editions", verbosity=0)


def test_an_id_that_was_used_up_is_not_given_again(cast, tmp_path):
    number = asking.request().pk
    ConsultationRequest.objects.all().delete()
    path = backed_up(tmp_path)
    restored(path, "--replace")
    assert asking.request().pk == number + 1


def test_what_lasts_an_hour_or_a_sign_in_is_left_out(cast, tmp_path):
    client = Client()
    client.force_login(cast["owner"])
    VisitorCount.objects.create(form="request", hour=timezone.now(), count=3)
    OwnerLink.objects.create(pk=1, digest="0" * 64, made_at=timezone.now())
    path = backed_up(tmp_path)
    assert b"session" not in b"".join(name.encode() for name in names_in(path))
    restored(path, "--replace")
    assert not VisitorCount.objects.exists()
    assert not OwnerLink.objects.exists()
    assert client.get("/admin/").status_code == 302


def test_what_was_there_is_kept_aside_with_its_files_and_can_come_back(clinic, tmp_path):
    path, old = backed_up(tmp_path), content()
    builders.source("newer", title="A newer trial")
    newer = content()
    (image,) = (one for one in Path(settings.MEDIA_ROOT).glob("images/*.webp") if "-" not in one.name)
    image.write_bytes(b"damaged on the disk")
    restored(path, "--replace")
    assert content() == old
    (kept,) = Path(settings.DATA_DIR).glob("before-*/media/images/*.webp")
    assert kept.read_bytes() == b"damaged on the disk"
    if connection.vendor == "sqlite":
        (aside,) = Path(settings.DATA_DIR).glob("before-*/*.sqlite3*")
        connection.close()
        shutil.copy(aside, connection.settings_dict["NAME"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%'")
            (name,) = (row[0] for row in cursor.fetchall())
            cursor.execute(f"ALTER SCHEMA public RENAME TO before_back; ALTER SCHEMA {name} RENAME TO public")
    assert content() == newer


def test_an_older_backup_is_brought_to_what_this_version_needs(transactional_db, tmp_path):
    with elsewhere(tmp_path / "media", migrated=False):
        targets = [
            ("education", "0004_desk"),
            ("clinic", "0005_people_places_prices_requests"),
            ("sessions", "0001_initial"),
        ]
        executor = MigrationExecutor(connection)
        executor.migrate([*targets, ("auth", "0012_alter_user_first_name_max_length"), ("admin", "0001_initial")])
        older = schema.models_after(schema.applied_steps(connection))
        older.get_model("clinic.User").objects.create(username="olu", password=User(password="x").password)
        older.get_model("education.Term").objects.create(term="Numbness", key="numbness", plain_meaning="Less feeling.")
        path = backed_up(tmp_path)
    restored(path)
    assert User.objects.get().username == "olu"
    assert apps.get_model("education.term").objects.get().plain_meaning == "Less feeling."
    assert schema.unknown_steps(schema.applied_steps(connection)) == []
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("verify_editions", verbosity=0)
