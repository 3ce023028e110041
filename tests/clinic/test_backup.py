"""Backup and restore: what is refused changes nothing, and what is put back is the same to the last byte."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from clinic import actions as clinic_actions
from clinic import erasing
from clinic.backup import archive, restoring, schema, tables, writing
from clinic.backups import last_backup, note_backup
from clinic.models import ConsultationRequest, ErasedRequest, OwnerLink, User
from education import actions
from education.models import Edition, Guide, Image, Publication, SearchRow, VisitorCount
from education.triggers import drop_triggers, missing_triggers
from tests import builders
from tests.clinic import asking
from tests.clinic.backups import QuickExecutor, content, elsewhere, here
from tests.education.whole_record import whole_record

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)
SECRET = "Zuzana-whom-nobody-may-find"


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setattr(QuickExecutor, "model", str(connection.settings_dict["NAME"]))
        monkeypatch.setattr(restoring, "MigrationExecutor", QuickExecutor)
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def clinic(cast) -> dict[str, User]:
    """A clinic that has a row in every table of the record, a request and a price."""
    whole_record(cast)
    asking.request(name="Kim Kept", message="Ünïcode, \u202eturned, “quoted”, \\ and\nlines")
    return cast


def backed_up(tmp_path: Path, **more: bool) -> Path:
    path = tmp_path / "backup.zip"
    call_command("backup", str(path), verbosity=0, **more)
    return path


def restored(path: Path, *options: str) -> None:
    call_command("restore", str(path), *options, verbosity=0)


def folders() -> dict[str, bytes]:
    """Return every file beside the data, but for the mark of who serves."""
    found = [path for root in (settings.DATA_DIR, settings.MEDIA_ROOT) for path in Path(root).rglob("*")]
    return {str(path): path.read_bytes() for path in found if path.is_file() and path.name != "serving.lock"}


# Which tables


def test_every_table_of_the_project_is_kept_derived_or_left_out_for_a_reason():
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    exceptions = {*tables.LEFT_OUT, *tables.DERIVED}
    assert exceptions <= every
    assert exceptions == {
        "sessions.session", "education.visitorcount", "clinic.ownerlink", "education.searchrow", "education.searchword",
    }  # fmt: skip
    assert set(tables.kept(apps)) == every - exceptions


def test_every_column_that_is_kept_can_be_written_and_refers_to_kept_rows_only():
    for label, model in tables.kept(apps).items():
        for field in tables.fields_of(model):
            assert tables.kind_of(field) in {*tables.AS_THEY_ARE, *tables.WRITTEN, "DecimalField"}, f"{label}.{field}"
            if field.is_relation:
                assert field.related_model._meta.label_lower in tables.kept(apps), f"{label}.{field}"


def test_no_table_of_the_database_is_forgotten():
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    there = set(connection.introspection.table_names())
    assert {name for name in there - ours if not name.startswith("education_searchindex")} == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.DateTimeField(), datetime(2026, 11, 28, 9, 30, 0, 1, tzinfo=UTC)),
        (models.DateTimeField(), datetime(2026, 11, 28, 9, 30, tzinfo=UTC)),
        (models.DateField(), date(2026, 2, 28)),
        (models.TimeField(), time(23, 59, 59, 999999)),
        (models.DurationField(), timedelta(days=-1, microseconds=1)),
        (models.DecimalField(max_digits=10, decimal_places=3), Decimal("300.500")),
        (models.UUIDField(), UUID("12345678123456781234567812345678")),
        (models.GenericIPAddressField(), "2001:db8::1"),
        (models.GenericIPAddressField(), "192.0.2.7"),
        (models.BinaryField(), b"\x00\xff\n"),
        (models.JSONField(null=True), None),
        (models.JSONField(), {"b": [1, 2.5, None, "é\u2028"], "a": {}}),
        (models.BooleanField(), True),
        (models.FloatField(), 0.1),
        (models.BigIntegerField(), 2**62),
        (models.TextField(), "e\u0301 \r\n two  spaces \u202e"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_any_kind_is_the_same_after_it_was_a_line(transactional_db, field, value):
    """No table has every kind today; one of tomorrow may."""

    class Odd(models.Model):
        class Meta:
            app_label = "odd"

    field.contribute_to_class(Odd, "value")
    with connection.schema_editor() as editor:
        editor.create_model(Odd)
    try:
        Odd.objects.create(value=value)
        given = list(tables.lines(connection, Odd))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM odd_odd")
        tables.load(connection, Odd, given, lambda done: None)
        assert Odd.objects.get().value == value
        assert list(tables.lines(connection, Odd)) == given
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Odd)
        del apps.all_models["odd"]


@pytest.mark.parametrize("line", [b"[1]", b"{}", b"7", b"[1,2,3,4,5,6,7,8]", b"nonsense", b'[[1],"x"]', b"[" * 100_000])
def test_a_line_that_is_no_row_is_refused(transactional_db, line):
    model = apps.get_model("education.synonym")
    with pytest.raises(archive.Refusal, match=r"row of education\.synonym"):
        tables.load(connection, model, [line], lambda done: None)


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
    assert b"session" not in b"".join(name.encode() for name in _names(path))
    restored(path, "--replace")
    assert not VisitorCount.objects.exists()
    assert not OwnerLink.objects.exists()
    assert client.get("/admin/").status_code == 302


def _names(path: Path) -> list[str]:
    with archive.opened(path) as reading:
        return list(reading.manifest.members)


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
        (aside,) = Path(settings.DATA_DIR).glob("before-*/*.sqlite3")
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


# Requests that were erased


def in_files(text: str) -> bool:
    if connection.vendor != "sqlite":
        return ConsultationRequest.objects.filter(name=text).exists()
    path = Path(connection.settings_dict["NAME"])
    found = [*path.parent.glob(f"{path.name}*"), *Path(settings.DATA_DIR).rglob("*")]
    return any(text.encode() in file.read_bytes() for file in found if file.is_file())


def test_what_was_erased_since_is_in_no_byte_after_a_restore(cast, tmp_path):
    row = asking.request(name=SECRET, message=f"{SECRET} " * 40)
    asking.request(name="Kim Kept")
    path = backed_up(tmp_path)
    clinic_actions.erase(row, by=cast["front_desk"])
    restored(path, "--replace")
    assert [one.name for one in ConsultationRequest.objects.all()] == ["Kim Kept"]
    assert ErasedRequest.objects.get().reason == "again"
    assert not in_files(SECRET)
    assert not erasing.is_unclean()


def test_what_another_machine_erased_is_erased_again_too(cast, tmp_path):
    row = asking.request(name=SECRET)
    path = backed_up(tmp_path)
    clinic_actions.erase(row, by=cast["front_desk"])
    erasing.ledger().unlink()
    restored(path, "--replace")
    assert not ConsultationRequest.objects.exists()
    assert erasing.keys_in_ledger() == {row.key}


def test_a_new_machine_learns_from_the_newest_backup_what_was_erased(cast, tmp_path):
    row = asking.request(name=SECRET)
    older = backed_up(tmp_path)
    clinic_actions.erase(row, by=cast["front_desk"])
    (tmp_path / "later").mkdir()
    newest = backed_up(tmp_path / "later")
    erasing.ledger().unlink()
    ErasedRequest.objects.all().delete()
    restored(newest, "--replace")
    assert erasing.keys_in_ledger() == {row.key}
    restored(older, "--replace")
    assert not ConsultationRequest.objects.exists()


# What the command says


def test_the_moment_of_the_last_good_backup_can_be_asked(cast, tmp_path):
    assert last_backup() is None
    with time_machine.travel(datetime(2026, 11, 28, 3, 15, tzinfo=UTC), tick=False):
        backed_up(tmp_path)
    assert last_backup() == datetime(2026, 11, 28, 3, 15, tzinfo=UTC)
    with pytest.raises(CommandError):
        backed_up(tmp_path)
    assert last_backup() == datetime(2026, 11, 28, 3, 15, tzinfo=UTC)
    (Path(settings.DATA_DIR) / "last-backup.txt").write_text("nonsense")
    assert last_backup() is None
    note_backup(timezone.now())
    assert last_backup() is not None


def test_a_folder_gets_a_file_named_after_the_moment(cast, tmp_path, capsys):
    with time_machine.travel(datetime(2026, 11, 28, 8, 15, 1, tzinfo=UTC), tick=False):
        call_command("backup", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["plainleaf-2026-11-28-031501.zip"]
    assert re.search(r"Backup made: \S+plainleaf-2026-11-28-031501\.zip\. Rows: \d+\.", capsys.readouterr().out)


def test_a_picture_that_is_damaged_is_named_and_backed_up_as_it_is(clinic, tmp_path, capsys):
    (image,) = (one for one in Path(settings.MEDIA_ROOT).glob("images/*.webp") if "-" not in one.name)
    image.write_bytes(b"x")
    backed_up(tmp_path)
    assert f"images/{image.name} is not the file that its name promises" in capsys.readouterr().err


def test_smaller_files_that_are_made_again_and_unfinished_ones_are_not_kept(clinic, tmp_path):
    folder = Path(settings.MEDIA_ROOT) / "images"
    (folder / f"{'a' * 64}-480.webp").write_bytes(b"x")
    (folder / ".unfinished").write_bytes(b"x")
    names = [name for name in _names(backed_up(tmp_path)) if name.startswith("media/")]
    assert names == [f"media/images/{image.sha256}.webp" for image in Image.objects.all()]


def test_a_manifest_says_what_is_in_it(clinic, tmp_path):
    with archive.opened(backed_up(tmp_path)) as reading:
        manifest = reading.manifest
        assert json.loads(manifest.as_bytes())["format"] == 1
    assert manifest.database == connection.vendor
    assert manifest.tables["education.edition"].rows == Edition.objects.count()
    assert manifest.tables["education.publication"].last_id == Publication.objects.latest("pk").pk
    assert manifest.migrations == schema.applied_steps(connection)
    assert here().is_empty() is False
