"""What a start refuses, brings up to date or leaves alone, and how the server ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection

import pytest
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

from clinic.models import User
from config import serve, workers
from config.check import CHECKOUT, clean_environment
from config.serve import Refusal

EMPTY_PORT = ("127.0.0.1", 0)


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(EMPTY_PORT) as other:
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.create_server(EMPTY_PORT) as trial:
        return trial.getsockname()[1]


def sample_user(**facts) -> User:
    return User.objects.create_user("editor", password="kp3m-9wqe-t7ha", sample_account=True, **facts)


@pytest.fixture
def commands(monkeypatch, settings, tmp_path) -> list[str]:
    """Take note of the management commands that a start calls, instead of running them."""
    called: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **options: called.append(name))
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    return called


# Refusals


def test_a_taken_port_is_refused_before_anything_is_touched(settings, monkeypatch, capsys):
    monkeypatch.setattr(serve, "prepare", lambda: pytest.fail("prepared for a port that is taken"))
    settings.HOST, settings.PLAINLEAF_MODE = "127.0.0.1", "local"
    with taken_port() as settings.PORT:
        assert serve.main([]) == 1
        shown = capsys.readouterr().err
    assert f"Port {settings.PORT} is taken by another program." in shown
    assert "make run PORT=" in shown


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refusal, match=r"HOST 192\.0\.2\.1 is no address of this computer"):
        serve.refuse_taken_port("192.0.2.1", 8000)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_local_mode_never_listens_to_other_computers(host):
    with pytest.raises(Refusal, match=r"HOST=127\.0\.0\.1"):
        serve.loopback_only(host, "local")


def test_a_host_that_is_no_address_is_refused():
    with pytest.raises(Refusal, match="Write an IP address"):
        serve.loopback_only("guides.example.org", "production")


@pytest.mark.django_db
def test_production_refuses_to_start_while_a_sample_account_can_sign_in(commands, settings):
    settings.PLAINLEAF_MODE = "production"
    user = sample_user()
    with pytest.raises(Refusal, match=r"editor.*manage\.py close_sample_accounts"):
        serve.prepare()
    user.is_active = False
    user.save()
    serve.prepare()


def test_django_s_error_pages_are_refused_in_production(settings, monkeypatch, capsys):
    monkeypatch.setenv("DEBUG", "off")
    settings.PLAINLEAF_MODE = "production"
    assert serve.main(["--dev"]) == 1
    assert "PLAINLEAF_MODE=local" in capsys.readouterr().err


@pytest.mark.parametrize("error", [Refusal("the reason"), CommandError("the reason"), PermissionError("the reason")])
def test_a_refusal_is_one_sentence_without_a_traceback(settings, monkeypatch, capsys, error):
    def refuse() -> None:
        raise error

    monkeypatch.setattr(serve, "prepare", refuse)
    settings.PORT = free_port()
    assert serve.main([]) == 1
    assert capsys.readouterr().err == "Plainleaf cannot start: the reason\n"


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(commands, monkeypatch):
    def unreachable() -> int:
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(serve, "pending_migrations", unreachable)
    with pytest.raises(Refusal, match=r"cannot be used \(connection refused\)\. See DATABASE_URL"):
        serve.prepare()


# What is brought up to date


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_not_migrated(commands):
    sample_user()
    serve.prepare()
    assert "migrate" not in commands


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_migrated(commands):
    sample_user()
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert serve.pending_migrations() == 1
    serve.prepare()
    assert commands[0] == "migrate"


@pytest.mark.django_db
def test_a_start_erases_again_what_an_older_database_brought_back_before_it_serves(commands):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    sample_user()
    serve.prepare()
    assert commands.index("migrate") < commands.index("purge_requests")


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "loaded"), [("local", True), ("production", False)])
def test_the_sample_is_loaded_into_an_empty_database_in_local_mode_alone(commands, settings, mode, loaded):
    settings.PLAINLEAF_MODE = mode
    serve.prepare()
    assert ("load_sample" in commands) is loaded


@pytest.mark.django_db
def test_the_sample_is_not_loaded_where_somebody_has_an_account(commands, settings):
    settings.PLAINLEAF_MODE = "local"
    User.objects.create_user("someone")
    serve.prepare()
    assert "load_sample" not in commands


def test_static_files_are_collected_when_they_changed_and_only_then(tmp_path):
    collected = []

    def collect(name: str, **options) -> None:
        collected.append(name)
        root.mkdir(exist_ok=True)

    root = tmp_path / "static"
    for fingerprint in ("one", "one", "two", "two"):
        serve.collect_if_changed(root, fingerprint, collect)
    assert len(collected) == 2
    root.rmdir()
    serve.collect_if_changed(root, "two", collect)
    assert len(collected) == 3


def test_an_interrupted_collection_is_repeated(tmp_path):
    def interrupted(name: str, **options) -> None:
        raise KeyboardInterrupt

    (tmp_path / "static").mkdir()
    (tmp_path / "static.stamp").write_text("one")
    with pytest.raises(KeyboardInterrupt):
        serve.collect_if_changed(tmp_path / "static", "two", interrupted)
    collected = []
    serve.collect_if_changed(tmp_path / "static", "one", lambda name, **options: collected.append(name))
    assert collected == ["collectstatic"]


def test_a_changed_a_new_and_a_removed_static_file_each_change_the_fingerprint(settings, monkeypatch, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    monkeypatch.setattr(serve, "get_finders", lambda: [FileSystemFinder()])
    style, script = tmp_path / "site.css", tmp_path / "site.js"
    style.write_text("a")
    seen = [serve.static_fingerprint()]
    style.write_text("ab")
    seen.append(serve.static_fingerprint())
    script.touch()
    seen.append(serve.static_fingerprint())
    style.unlink()
    seen.append(serve.static_fingerprint())
    assert len(set(seen)) == 4
    assert serve.static_fingerprint() == seen[-1]


# What is shown


@pytest.mark.django_db
def test_the_sample_s_password_is_shown_in_local_mode_while_its_accounts_can_sign_in(settings):
    settings.PLAINLEAF_MODE, settings.PORT, settings.SAMPLE_STAFF_PASSWORD = "local", 8001, "kp3m-9wqe-t7ha"
    assert "kp3m" not in serve.banner()
    sample_user()
    User.objects.create_user("owner", sample_account=True)
    shown = serve.banner()
    assert "Sign in as editor or owner; the password is  kp3m-9wqe-t7ha" in shown
    assert "http://localhost:8001/admin/" in shown


@pytest.mark.django_db
def test_in_production_no_password_is_shown(settings):
    settings.PLAINLEAF_MODE, settings.SITE_URL = "production", "https://guides.example.org"
    settings.SAMPLE_STAFF_PASSWORD = "kp3m-9wqe-t7ha"
    sample_user(is_active=False)
    assert "kp3m" not in serve.banner()
    assert "https://guides.example.org/" in serve.banner()


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["local", "production"])
def test_a_link_for_the_owner_is_shown_while_nobody_owns_the_site(settings, mode):
    settings.PLAINLEAF_MODE, settings.SITE_URL = mode, "https://guides.example.org"
    User.objects.create_superuser("gone", is_active=False)
    User.objects.create_user("editor")
    first, second = serve.banner(), serve.banner()
    link = re.compile(r"https://guides\.example\.org/accounts/first-owner/[\w-]{43}/")
    links = [link.findall(shown) for shown in (first, second)]
    assert [len(found) for found in links] == [1, 1]
    assert links[0] != links[1]
    User.objects.create_superuser("owner")
    assert "first-owner" not in serve.banner()


def test_a_worker_s_environment_holds_no_secret():
    environment = {"SECRET_KEY": "a", "DATABASE_URL": "b", "SAMPLE_STAFF_PASSWORD": "c", "PATH": "/bin"}
    workers.forget_secrets(environment)
    assert environment == {"PATH": "/bin"}


# The real server, in a process of its own


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[str, str]:
    """The environment of a small site in production mode: one worker, an empty database."""
    return clean_environment(os.environ, tmp_path_factory.mktemp("served")) | {
        "PLAINLEAF_MODE": "production",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "WORKERS": "2",
    }


@contextmanager
def started(site: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Start the server and yield it with what it printed until it answered, and its port."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.serve"],
        cwd=CHECKOUT,
        env=site | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        shown = ""
        while "Stop with Ctrl+C." not in shown and (line := server.stdout.readline()):
            shown += line
        yield server, shown, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=30)


def test_ctrl_c_ends_the_server_without_an_error_and_a_second_start_has_nothing_to_prepare(site):
    shown = []
    for _ in range(2):
        with started(site) as (server, at_start, _port):
            # As a terminal and an impatient person do it: main process and workers all get it, more than once.
            for _ in range(3):
                os.killpg(server.pid, signal.SIGINT)
            at_end, _ = server.communicate(timeout=workers.SECONDS_TO_FINISH - 2)
        assert at_end == "Stopped.\n"
        assert server.returncode == 0
        shown.append(at_start)
    assert "Preparing the database" in shown[0]
    assert "Preparing" not in shown[1]


def test_killing_the_main_process_leaves_no_worker_on_the_port(site):
    with started(site) as (server, _, port), socket.create_connection(("127.0.0.1", port), timeout=10):
        os.kill(server.pid, signal.SIGKILL)
        # Ends when the last process that could print to it has ended.
        server.communicate(timeout=30)
        serve.refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_shutting_the_machine_down_or_closing_the_terminal_ends_the_server(site, number):
    with started(site) as (server, _, _port):
        os.killpg(server.pid, number)
        at_end, _ = server.communicate(timeout=workers.SECONDS_TO_FINISH - 2)
    assert "Stopped." in at_end
    assert "Traceback" not in at_end


def test_what_somebody_searches_for_is_not_in_the_servers_output(site):
    with started(site) as (server, at_start, port), closing(HTTPConnection("localhost", port, timeout=30)) as asking:
        asking.request("GET", "/search/?q=secretillness", headers={"X-Forwarded-Proto": "https"})
        assert asking.getresponse().status == 200
        server.terminate()
        assert "secretillness" not in at_start + server.communicate(timeout=30)[0]
