"""Backup and restore when it gets hard: people write meanwhile, the process is killed, the disk is full, a move."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from clinic.backup import archive, postgresql, restoring
from clinic.models import User
from config.check import CHECKOUT, clean_environment
from education.models import Source, Synonym, Term
from tests import builders
from tests.clinic.backups import backed_up, content, quickly_and_cleanly, restored
from tests.education.whole_record import whole_record

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)
ROUNDS = 3
# Each at a moment of its own part of the work.
KILLS = 3
only_on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="moves between both databases")


@pytest.fixture(autouse=True)
def _quickly_and_cleanly(monkeypatch):
    yield from quickly_and_cleanly(monkeypatch)


# While people work


def writing_all_the_time(ends: threading.Event, begun: threading.Event) -> None:
    """Write two rows that belong together, again and again: one without the other must never be in a backup."""
    number = 0
    while not ends.is_set():
        with transaction.atomic():
            Term.objects.create(key=f"term-{number}", term=f"Term {number}", plain_meaning="x")
            Synonym.objects.create(everyday=f"w{number}", medical="x", everyday_folded=f"w{number}", medical_folded="x")
        number += 1
        begun.set()
    connection.close()


@contextlib.contextmanager
def somebody_writing() -> Iterator[None]:
    ends, begun = threading.Event(), threading.Event()
    thread = threading.Thread(target=writing_all_the_time, args=(ends, begun), daemon=True)
    thread.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        ends.set()
        thread.join(60)


def test_a_backup_is_of_one_moment_and_stops_nobody(transactional_db, tmp_path):
    counts = []
    with somebody_writing():
        for number in range(ROUNDS):
            path = tmp_path / f"{number}.zip"
            before = Term.objects.count()
            call_command("backup", str(path), verbosity=0)
            with archive.opened(path) as reading:
                tables = reading.manifest.tables
                lines = list(reading.lines("tables/education.term.jsonl"))
            counts.append((tables["education.term"].rows, tables["education.synonym"].rows, len(lines)))
            assert counts[-1][0] >= before
    assert all(terms == synonyms == lines for terms, synonyms, lines in counts), counts
    assert counts[-1][0] > counts[0][0]
    restored(path, "--replace")
    assert Term.objects.count() == Synonym.objects.count() == counts[-1][0]


# Killed


def killed(do: Callable[[], object]) -> bool:
    """Do it in a process of its own. Returns whether that was killed."""
    connection.close()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            do()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def at_call(module: object, name: str, number: int) -> None:
    """Have this process killed in place of a call of a function, or right after it where the number is negative."""
    real, calls = getattr(module, name), iter(range(1, 10**9))

    def counted(*args: object, **more: object) -> object:
        called = next(calls)
        if called == number:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **more)
        if called == -number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(module, name, counted)


@pytest.fixture
def two_states(transactional_db, tmp_path) -> tuple[Path, dict[str, str], dict[str, str]]:
    """A backup with pictures, what it holds, and what is there now, which is something else."""
    whole_record(builders.cast())
    path, new = backed_up(tmp_path), content()
    for image in Path(settings.MEDIA_ROOT).glob("images/*"):
        image.unlink()
    builders.source("newer", title="A newer trial")
    return path, new, {name: one for name, one in content().items() if not name.endswith(".webp")}


def _rows(found: dict[str, str]) -> dict[str, str]:
    return {name: one for name, one in found.items() if not name.endswith(".webp")}


@pytest.mark.parametrize("number", [1, -1, 2, -2, 3, -3])
def test_a_restore_killed_at_a_renaming_leaves_the_old_or_the_new_one_whole(two_states, number):
    path, new, old = two_states

    def do() -> None:
        at_call(os, "replace", number)
        restored(path, "--replace")

    killed(do)
    found = _rows(content())
    assert found in (old, _rows(new))
    if found == _rows(new):
        assert content() == new
    restored(path, "--replace")
    assert content() == new


@only_on_postgresql
@pytest.mark.parametrize("number", [2, -40, -130])
def test_a_restore_killed_between_two_statements_of_the_move_leaves_the_old_one(two_states, number):
    path, new, old = two_states

    def do() -> None:
        at_call(postgresql, "_run", number)
        restored(path, "--replace")

    assert killed(do)
    assert _rows(content()) == old
    restored(path, "--replace")
    assert content() == new


def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new_one_whole(two_states):
    path, new, old = two_states

    def whole_but_for_the_end() -> None:
        # The first renaming is that of the picture when it is written.
        at_call(os, "replace", 2)
        restored(path, "--replace")

    begun = time.monotonic()
    killed(whole_but_for_the_end)
    takes, dice = time.monotonic() - begun, secrets.SystemRandom()
    for number in range(KILLS):
        delay = takes * (number + dice.random()) / KILLS

        def do(delay: float = delay) -> None:
            # Nobody handles it, so it ends the process as SIGKILL does.
            signal.setitimer(signal.ITIMER_REAL, delay)
            restored(path, "--replace")

        killed(do)
        assert _rows(content()) in (old, _rows(new)), delay
    restored(path, "--replace")
    assert content() == new
    assert not list(Path(settings.MEDIA_ROOT).glob(restoring.STAGED))


def test_a_backup_killed_at_any_moment_leaves_none_or_a_whole_one(two_states, tmp_path):
    target = tmp_path / "next.zip"
    for number in (1, -1):

        def do(number: int = number) -> None:
            at_call(os, "rename", number)
            call_command("backup", str(target), verbosity=0)

        assert killed(do)
        if target.exists():
            with archive.opened(target):
                pass
    assert target.exists()


def test_a_disk_that_fills_up_in_the_middle_leaves_no_backup_and_no_half_one(two_states, tmp_path):
    target = tmp_path / "next.zip"

    def do() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        with pytest.raises(CommandError, match="No backup was made"):
            call_command("backup", str(target), verbosity=0)
        os.kill(os.getpid(), signal.SIGKILL)

    assert killed(do)
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


# From one database to the other


def manage(place: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=place, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def server(transactional_db) -> Iterator[str]:
    """The address of an empty database on the test's own server."""
    facts = connection.settings_dict
    name = f"plainleaf_move_{secrets.token_hex(4)}"
    server = f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT'] or 5432}".replace(
        ":@", "@"
    )
    with psycopg.connect(f"{server}/postgres", autocommit=True) as own:
        own.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        own.execute(f"DROP DATABASE {name} WITH (FORCE)")


@only_on_postgresql
def test_a_clinic_moves_to_the_other_database_and_back_with_every_hash(server, tmp_path):
    whole_record(builders.cast())
    Source.objects.filter(key="older").update(note="e\u0301 \u202e " + "ü" * 3000)
    first, expected = backed_up(tmp_path), _hashes(tmp_path / "backup.zip")
    lite = clean_environment(os.environ, tmp_path / "lite")
    great = clean_environment(os.environ, tmp_path / "great") | {"DATABASE_URL": server}
    path = first
    for number, place in enumerate((lite, great)):
        # A restore that ends well has verified the whole record.
        done = manage(place, "restore", str(path))
        assert done.returncode == 0, done.stderr
        path = tmp_path / f"{number}.zip"
        assert manage(place, "backup", str(path)).returncode == 0
        assert _hashes(path) == expected
    restored(path, "--replace")
    assert Client().login(username="owner", password=builders.PASSWORD)
    assert User.objects.count() == 8


def _hashes(path: Path) -> dict[str, str]:
    with archive.opened(path) as reading:
        return {name: member.sha256 for name, member in reading.manifest.members.items()}


@only_on_postgresql
def test_a_wrong_password_or_no_server_changes_nothing_and_says_so(two_states, tmp_path):
    path, _, old = two_states
    place = clean_environment(os.environ, tmp_path / "x") | {"DATABASE_URL": "postgres://nobody:wrong@127.0.0.1:1/none"}
    for arguments in (["restore", str(path), "--replace"], ["backup", str(tmp_path / "y.zip")]):
        done = manage(place, *arguments)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "Mend that, then try again" in done.stderr
    assert _rows(content()) == old
    assert not (tmp_path / "y.zip").exists()
