"""What was erased stays erased after a restore, and what the command says of its work."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from clinic import actions as clinic_actions
from clinic import erasing
from clinic.backup import archive, schema
from clinic.backups import last_backup, note_backup
from clinic.models import ConsultationRequest, ErasedRequest, User
from education.models import Edition, Image, Publication
from tests import builders
from tests.clinic import asking
from tests.clinic.backups import (
    backed_up,
    here,
    names_in,
    quickly_and_cleanly,
    restored,
    small_clinic,
)

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)
SECRET = "Zuzana-whom-nobody-may-find"


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    yield from quickly_and_cleanly(monkeypatch)


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def clinic(cast) -> dict[str, User]:
    return small_clinic(cast)


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
    names = [name for name in names_in(backed_up(tmp_path)) if name.startswith("media/")]
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
