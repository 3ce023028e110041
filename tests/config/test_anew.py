"""`SAMPLE=no` where the sample clinic is: when nothing is touched, and that what is moved is whole."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clinic.models import User
from config import anew, serve
from config.anew import IN_USE
from config.refusal import Refusal
from tests import builders

NOW = datetime(2026, 11, 28, 14, 12)
ASIDE = "before-2026-11-28-1412"


def yes(question: str) -> str:
    return "y"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database that has a journal, a picture, a counter and a mail."""
    for name in ("media/ab.webp", "cache/one", "mail/1.eml", "static/site.css"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    with contextlib.closing(sqlite3.connect(tmp_path / "plainleaf.sqlite3", isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE kept (words TEXT)")
        made.execute("INSERT INTO kept VALUES ('whole')")
    return tmp_path


@pytest.fixture
def database(data: Path) -> Path:
    return data / "plainleaf.sqlite3"


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file but the lock, by its path, with what is in it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != anew.LOCK)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@contextlib.contextmanager
def open_elsewhere(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("SELECT * FROM kept").fetchall()
        yield other


# Nothing is touched


@pytest.mark.parametrize("answer", ["n", "", "no", "yeah", "N", "Y!"])
def test_any_answer_but_yes_changes_nothing(data, database, answer):
    before = everything(data)
    with pytest.raises(Refusal, match="Nothing was changed"):
        anew.offer(data, database, NOW, lambda question: answer)
    assert everything(data) == before


def test_an_answer_that_never_comes_changes_nothing(data, database):
    def gone(question: str) -> str:
        raise EOFError

    before = everything(data)
    with pytest.raises(Refusal, match="Nothing was changed"):
        anew.offer(data, database, NOW, gone)
    assert everything(data) == before


def test_without_a_terminal_nobody_is_asked_and_the_way_to_do_it_is_said(data, database, monkeypatch):
    monkeypatch.chdir(data.parent)
    before = everything(data)
    with pytest.raises(Refusal) as refusal:
        anew.offer(data, database, NOW, None)
    assert everything(data) == before
    assert f"move plainleaf.sqlite3, media, cache, mail out of {data.name}" in str(refusal.value)
    assert "SAMPLE=no DATA_DIR=" in str(refusal.value)


def test_a_database_server_is_never_touched(data):
    with pytest.raises(Refusal, match="DATABASE_URL"):
        anew.offer(data, None, NOW, yes)


def test_while_a_server_serves_the_data_they_stay(data, database):
    before = everything(data)
    serving = anew.hold(data)
    another = anew.hold(data)
    assert serving
    assert another
    os.close(another)
    with pytest.raises(Refusal, match=IN_USE):
        anew.offer(data, database, NOW, yes)
    assert everything(data) == before
    os.close(serving)
    anew.offer(data, database, NOW, yes)


def test_while_a_command_has_the_database_open_the_data_stay(data, database):
    with open_elsewhere(database) as other:
        with pytest.raises(Refusal, match=IN_USE):
            anew.offer(data, database, NOW, yes)
        other.execute("INSERT INTO kept VALUES ('still here')")
    assert database.exists()
    assert not (data / ASIDE).exists()


def test_what_cannot_be_moved_puts_back_what_was(data, database, monkeypatch):
    moved = anew.shutil.move

    def fails_late(source: Path, target: Path) -> None:
        if Path(source).name == "cache":
            raise PermissionError(13, "Permission denied")
        moved(source, target)

    monkeypatch.setattr(anew.shutil, "move", fails_late)
    before = set(everything(data))
    with pytest.raises(Refusal, match="Permission denied"):
        anew.offer(data, database, NOW, yes)
    assert set(everything(data)) == before


# What is moved


@pytest.mark.parametrize("answer", ["y", " YES \n"])
def test_all_that_belongs_to_the_sample_moves_and_is_whole(data, database, answer):
    asked = []

    def ask(question: str) -> str:
        asked.append(question)
        return answer

    aside = anew.offer(data, database, NOW, ask)
    assert aside == data / ASIDE
    assert ASIDE in asked[0]
    assert "[y/N]" in asked[0]
    assert {path.name for path in data.iterdir()} == {ASIDE, "static", anew.LOCK}
    assert {path.name for path in aside.iterdir()} == {"plainleaf.sqlite3", "media", "cache", "mail"}
    assert (aside / "media" / "ab.webp").read_text() == "media/ab.webp"
    assert aside.stat().st_mode & 0o777 == 0o700
    with contextlib.closing(sqlite3.connect(aside / "plainleaf.sqlite3")) as kept:
        assert kept.execute("SELECT words FROM kept").fetchall() == [("whole",)]


def test_a_journal_that_a_crash_left_behind_moves_inside_the_database(data, database):
    copied = {}
    with open_elsewhere(database) as other:
        other.execute("INSERT INTO kept VALUES ('in the journal')")
        copied = {path: path.read_bytes() for path in data.glob("plainleaf.sqlite3*")}
    for path, content in copied.items():
        path.write_bytes(content)
    assert (data / "plainleaf.sqlite3-wal").stat().st_size
    aside = anew.offer(data, database, NOW, yes)
    with contextlib.closing(sqlite3.connect(aside / "plainleaf.sqlite3")) as kept:
        assert ("in the journal",) in kept.execute("SELECT words FROM kept").fetchall()
    assert not list(data.glob("plainleaf.sqlite3*"))


def test_two_times_in_a_minute_make_two_folders(data, database):
    (data / ASIDE).mkdir()
    assert anew.offer(data, database, NOW, yes).name == f"{ASIDE}-2"


def test_the_question_names_the_accounts_that_are_not_the_sample_s(data, database):
    asked = []

    def no(question: str) -> str:
        asked.append(question)
        return "n"

    for others in ([], ["anna", "bert"]):
        with pytest.raises(Refusal):
            anew.offer(data, database, NOW, no, others)
    assert "Somebody works with it" not in asked[0]
    assert "not the sample's, and move too: anna, bert.\nStart anew?" in asked[1]


# When a start asks


@pytest.mark.django_db
def test_a_start_asks_with_the_accounts_that_somebody_made(settings, monkeypatch, tmp_path):
    User.objects.create_user("editor", sample_account=True)
    User.objects.create_user("left", is_active=False)
    builders.person("anna", is_superuser=True)
    offered = []
    monkeypatch.setattr(serve, "close_connections", lambda: None)
    monkeypatch.setattr(anew, "offer", lambda *facts: offered.append(facts[-1]) or tmp_path)
    settings.DATA_DIR = tmp_path
    serve.start_anew()
    assert offered == [["anna"]]


@pytest.mark.django_db
@pytest.mark.parametrize("sample", [True, False])
def test_only_sample_no_on_the_sample_s_database_asks(settings, monkeypatch, tmp_path, sample):
    asked = []
    monkeypatch.setattr(serve, "start_anew", lambda: asked.append("asked"))
    monkeypatch.setattr(serve, "call_command", lambda name, **options: None)
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.SAMPLE, settings.PLAINLEAF_MODE = sample, "local"
    serve.prepare()
    builders.person("owner", is_superuser=True)
    User.objects.create_user("editor", sample_account=True, is_active=False)
    serve.prepare()
    assert asked == []
    User.objects.filter(username="editor").update(is_active=True)
    serve.prepare()
    assert asked == ([] if sample else ["asked"])


@pytest.mark.django_db
def test_sample_no_loads_nothing_into_an_empty_database(settings, monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr(serve, "call_command", lambda name, **options: called.append(name))
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.SAMPLE, settings.PLAINLEAF_MODE = False, "local"
    serve.prepare()
    assert "load_sample" not in called


@pytest.mark.django_db
def test_a_database_without_tables_is_no_sample(monkeypatch):
    monkeypatch.setattr(serve.connection.introspection, "table_names", list)
    monkeypatch.setattr(serve, "sample_accounts", lambda: pytest.fail("asked a table that is not there"))
    assert not serve.holds_sample()
