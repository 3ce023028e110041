"""The triggers stay through what happens to whole tables: a broken installation, a migration, a flush."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection

from education.models import Guide
from education.triggers import MESSAGE, drop_triggers, install_triggers, missing_triggers
from tests import builders


@pytest.mark.django_db(transaction=True)
def test_an_installation_that_breaks_off_leaves_every_table_with_its_triggers(monkeypatch):
    monkeypatch.setattr("education.triggers._sqlite", lambda model: ["CREATE broken"])
    monkeypatch.setattr("education.triggers._postgresql", lambda table: ["CREATE broken"])
    with pytest.raises(DatabaseError, match="syntax error"):
        install_triggers()
    assert missing_triggers() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite rebuilds a table")
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_rebuilds_has_its_triggers_back_after_migrate():
    cast = builders.cast()
    edition = builders.published(builders.guide(cast["author"]), cast)
    with connection.schema_editor() as editor:
        editor._remake_table(type(edition))
    assert missing_triggers() == [f"education_edition_no_{kind}" for kind in ("update", "delete", "insert")]
    call_command("migrate", verbosity=0)
    assert missing_triggers() == []
    with pytest.raises(IntegrityError, match=MESSAGE), connection.cursor() as cursor:
        cursor.execute("UPDATE education_edition SET title = title")


@pytest.mark.django_db(transaction=True)
def test_a_flush_empties_the_record_once_the_triggers_are_away_and_brings_them_back():
    cast = builders.cast()
    builders.published(builders.guide(cast["author"]), cast)
    drop_triggers()
    call_command("flush", interactive=False, verbosity=0)
    assert not Guide.objects.exists()
    assert missing_triggers() == []
