"""What a restore checks once a file is whole: the rows that it wrote, the record, and who asks meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from clinic.backup import archive, restoring
from clinic.models import InformationPage, User
from education import actions
from education.models import Archiving, Publication
from tests import builders
from tests.clinic.backups import backed_up, content, folders, quickly_and_cleanly, restored
from tests.education.whole_record import tamper

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    yield from quickly_and_cleanly(monkeypatch)


@pytest.fixture
def cast(transactional_db) -> dict[str, User]:
    return builders.cast()


def test_a_backup_has_its_name_only_after_the_disk_has_all_of_it(cast, tmp_path, monkeypatch):
    done: list[str] = []

    def noting(name: str) -> Callable[..., None]:
        real = getattr(os, name)

        def noted(*given: Any) -> None:
            done.append(name)
            real(*given)

        return noted

    for name in ("fsync", "rename"):
        monkeypatch.setattr(archive.os, name, noting(name))
    backed_up(tmp_path)
    # The file, its name, and then the folder that has the name.
    assert done[done.index("rename") - 1 :][:3] == ["fsync", "rename", "fsync"]


def test_rows_that_are_not_the_same_after_they_were_written_are_not_kept(cast, tmp_path, monkeypatch):
    InformationPage.objects.create(slug="about", title="About", markdown="We are a clinic.")
    path, before, files = backed_up(tmp_path), content(), folders()
    real = restoring.tables.load

    def changed(wrapper: Any, model: Any, *given: Any) -> None:
        real(wrapper, model, *given)
        if model._meta.label_lower == "clinic.informationpage":
            with wrapper.cursor() as cursor:
                cursor.execute("UPDATE clinic_informationpage SET title = 'About '")

    monkeypatch.setattr(restoring.tables, "load", changed)
    with pytest.raises(CommandError, match=r"clinic\.informationpage was not the same after it was loaded"):
        restored(path, "--replace")
    assert (content(), folders()) == (before, files)


def archived_twice(cast: dict[str, User]) -> None:
    """Have a row with a good seal that no action would have written."""
    actions.archive_guide(Publication.objects.get().edition.guide, by=cast["author"], reason="Not offered.")
    row = Archiving.objects.get()
    row.pk, row._state.adding = None, True
    row.save()


def other_seal(cast: dict[str, User]) -> None:
    """Change what only a row's seal covers."""
    tamper(Publication.objects.get(), made_by_name="Somebody else")


@pytest.mark.parametrize(("broken", "told"), [(archived_twice, "archive already"), (other_seal, "seal")])
def test_every_part_of_the_record_is_checked_before_it_is_put_back(cast, tmp_path, capsys, broken, told):
    builders.published(builders.guide(cast["author"]), cast)
    broken(cast)
    path, before = backed_up(tmp_path), content()
    with pytest.raises(CommandError, match="does not hold"):
        restored(path, "--replace")
    assert told in capsys.readouterr().err
    assert content() == before


def test_whoever_comes_while_it_is_built_is_seen_before_a_picture_is_moved(cast, tmp_path, monkeypatch):
    path, before, files = backed_up(tmp_path), content(), folders()
    real, other, moved = restoring._breaks, connection.copy(), []

    def and_meanwhile(said: Any) -> Any:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM clinic_user")
            cursor.fetchall()
        return real(said)

    monkeypatch.setattr(restoring, "_breaks", and_meanwhile)
    monkeypatch.setattr(restoring.media, "adopt", lambda *given: moved.append(given))
    try:
        with pytest.raises(CommandError, match=r"uses this database now\. Stop"):
            restored(path, "--replace")
    finally:
        other.close()
    assert (content(), folders(), moved) == (before, files, [])
    assert not list(Path(tmp_path).glob("*.part"))
