"""What `deploy/` promises: files that exist, settings that are read, scripts that do a night's work."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.check import CHECKOUT, SETTINGS
from config.workers import SECONDS_TO_FINISH, THREADS

DEPLOY = CHECKOUT / "deploy"
COMPOSE = (DEPLOY / "compose.yaml").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNITS = sorted((DEPLOY / "systemd").iterdir(), key=lambda unit: unit.name)
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
# One of the project's commands that this folder's files may name, whatever stands before it.
COMMAND = re.compile(r"(?:python manage\.py |plainleaf@)([a-z_]+)(?=[ \n.])")


def unit(path: Path) -> ConfigParser:
    read = ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser documents it
    read.read_string(path.read_text())
    return read


def stand_ins(folder: Path, *, hour: str, weekday: str = "6", failing: str = "nothing") -> dict[str, str]:
    """Return an environment whose `python` writes down what it is asked for, and whose clock stands."""
    programs = folder / "programs"
    programs.mkdir()
    answers = {
        "python": f'echo "$*" >> "{folder}/asked"; case "$*" in *{failing}*) exit 1;; esac',
        "date": f'case "$1" in +%H) echo {hour};; +%u) echo {weekday};; *) echo 2026-03-07;; esac',
    }
    for name, answer in answers.items():
        (programs / name).write_text(f"#!/bin/sh\n{answer}\n")
        (programs / name).chmod(0o755)
    return os.environ | {"PATH": f"{programs}:/usr/bin:/bin"}


def asked(folder: Path) -> list[str]:
    file = folder / "asked"
    return (
        [line.removeprefix("manage.py ").split()[0] for line in file.read_text().splitlines()] if file.exists() else []
    )


# The night's work


def test_the_night_is_refused_without_a_folder_for_backups(tmp_path):
    done = subprocess.run(
        ["sh", DEPLOY / "nightly.sh"], env=stand_ins(tmp_path, hour="03"), capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Name the folder for backups" in done.stderr
    assert asked(tmp_path) == []


@pytest.mark.parametrize(
    ("failing", "kept"), [("nothing", False), ("backup", True), ("purge", False), ("verify", False)]
)
def test_old_backups_go_after_a_new_one_alone_and_no_step_stops_another(tmp_path, failing, kept):
    old, young, other = (tmp_path / name for name in ("plainleaf-1.zip", "plainleaf-2.zip", "notes.txt"))
    for file, days in ((old, 40), (young, 20), (other, 40)):
        file.touch()
        os.utime(file, (time.time() - days * 86400,) * 2)
    done = subprocess.run(
        ["sh", DEPLOY / "nightly.sh", tmp_path], env=stand_ins(tmp_path, hour="03", failing=failing), check=False
    )
    assert done.returncode == (failing != "nothing")
    assert asked(tmp_path) == ["backup", "purge_requests", "verify_editions"]
    assert old.exists() is kept
    assert young.exists()
    assert other.exists()


@pytest.mark.parametrize(
    ("hour", "weekday", "expected"),
    [
        ("12", "1", ["send_pending"]),
        ("03", "1", ["send_pending", "backup", "purge_requests", "verify_editions"]),
        ("07", "5", ["send_pending", "send_digest"]),
        ("07", "6", ["send_pending"]),
    ],
)
def test_the_timers_do_what_is_due_once_and_end_when_told(tmp_path, hour, weekday, expected):
    environment = stand_ins(tmp_path, hour=hour, weekday=weekday)
    # It waits in pauses of no length here, so that it comes round several times.
    (tmp_path / "programs" / "sleep").write_text("#!/bin/sh\nexec /bin/sleep 0.05\n")
    (tmp_path / "programs" / "sleep").chmod(0o755)
    timers = subprocess.Popen(["sh", DEPLOY / "timers.sh", tmp_path], env=environment)
    try:
        while asked(tmp_path).count("send_pending") < 3:
            assert timers.poll() is None
            os.sched_yield()
    finally:
        timers.send_signal(signal.SIGTERM)
        assert timers.wait(timeout=10) == 0
    rounds = asked(tmp_path)
    assert [one for one in rounds if one != "send_pending"] == expected[1:]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_each_script_is_one_that_a_plain_shell_reads(script):
    assert script.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)


# Whether it answers


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    """Yield a port where `/healthz?full` gets this status, `/healthz` alone 200, and what was asked with which host."""
    heard: list[tuple[str, str | None]] = []

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's own name
            heard.append((self.path, self.headers["Host"]))
            self.send_response(status if self.path.endswith("?full") else 200)
            self.end_headers()
            self.wfile.write(b'{"backup": "none"}')

        def log_message(self, format: str, *args: object) -> None:
            """Keep what was asked out of the output of the tests."""

    with HTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heard
        server.shutdown()


@pytest.mark.parametrize(("wanted", "status", "code"), [([], 503, 0), (["full"], 200, 0), (["full"], 503, 1)])
def test_a_container_is_asked_whether_it_answers_and_on_demand_how_everything_is(wanted, status, code):
    with answering(status) as (port, heard):
        environment = os.environ | {"PORT": str(port), "ALLOWED_HOSTS": "guides.example.org, other.example"}
        command = [sys.executable, DEPLOY / "answers.py", *wanted]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert heard == [("/healthz?full" if wanted else "/healthz", "guides.example.org")]
    assert ('{"backup": "none"}' in done.stdout + done.stderr) is bool(wanted)


def test_a_container_that_answers_nobody_is_not_well():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        environment = os.environ | {"PORT": str(unused.getsockname()[1]), "ALLOWED_HOSTS": "guides.example.org"}
        assert subprocess.run([sys.executable, DEPLOY / "answers.py"], env=environment, check=False).returncode == 1


def test_the_database_has_a_connection_for_each_thread_of_both_servers_also_with_more_workers():
    allowed = re.search(r"max_connections=(\d+)", COMPOSE)
    assert allowed
    assert int(allowed[1]) >= 2 * 16 * (THREADS + 1)


# What the files name


@pytest.mark.parametrize("path", [*SCRIPTS, *UNITS], ids=lambda path: path.name)
def test_each_command_that_a_file_names_exists(path):
    named = {*COMMAND.findall(f"{path.name} \n{path.read_text()} ")}
    assert named <= {*get_commands()}


def test_the_image_copies_what_runs_and_nothing_that_is_missing():
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert all(list(CHECKOUT.glob(source)) for source in copied)
    assert {"config", "education", "clinic", "templates", "static", "manage.py"} <= copied
    assert not {"tests", "sample", "var", ".env", "."} & copied
    started = {*re.findall(r"deploy/\w+\.(?:sh|py)", COMPOSE)}
    assert started <= {str(path.relative_to(CHECKOUT)) for source in copied for path in CHECKOUT.glob(source)}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {f"!{source.partition('/')[0]}" for source in copied} <= {*ignored}


def test_nothing_in_the_image_runs_as_root_and_packages_are_the_locked_ones():
    last_user = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert last_user == "plainleaf"
    assert DOCKERFILE.index("USER plainleaf") < DOCKERFILE.index("CMD")
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD)", DOCKERFILE, re.MULTILINE)


def test_each_variable_of_the_containers_stands_in_the_example():
    wanted = {*re.findall(r"\$\{([A-Z_]+)", COMPOSE)}
    example = {*re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE)}
    assert wanted == example


def test_the_containers_set_only_settings_that_are_read():
    block = COMPOSE.partition("environment: &settings\n")[2].partition("  networks:")[0]
    named = {*re.findall(r"^ {4}([A-Z_]+):", block, re.MULTILINE)}
    assert named - {"TZ"} <= {*SETTINGS}
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "CACHE_URL"} <= named
    in_image = {*re.findall(r"^ {4}([A-Z_]+)=", DOCKERFILE, re.MULTILINE)}
    assert in_image - {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= {*SETTINGS}


def test_what_serves_is_given_longer_to_end_than_a_request_in_progress():
    service = unit(DEPLOY / "systemd" / "plainleaf.service")["Service"]
    given = [
        int(service["TimeoutStopSec"]),
        int(COMPOSE.partition("x-web:")[2].partition("stop_grace_period: ")[2][:2]),
    ]
    assert min(given) > SECONDS_TO_FINISH


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_each_unit_runs_as_plainleaf_in_its_own_folder_or_starts_one_that_does(path):
    read = unit(path)
    if path.suffix == ".timer":
        name, _, instance = path.stem.partition("@")
        assert (DEPLOY / "systemd" / (f"{name}@.service" if instance else f"{name}.service")) in UNITS
        assert read["Timer"]["OnCalendar"]
        return
    service = read["Service"]
    assert service["User"] == "plainleaf"
    assert service["WorkingDirectory"] == "/srv/plainleaf"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "plainleaf"


def test_the_proxy_compresses_no_page_that_plainleaf_left_as_it_is():
    lines = [line.split() for line in (DEPLOY / "Caddyfile").read_text().splitlines()]
    assert not any(line[:1] == ["encode"] for line in lines)
    assert ["compression", "off"] in lines
