"""The real server with SAMPLE=no: an empty clinic with its link, and starting anew where the sample is."""

from __future__ import annotations

import http.client
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from config.check import CHECKOUT, clean_environment
from tests.config.test_serve import free_port, started

LINK = re.compile(r"http://localhost:\d+(/accounts/first-owner/([\w-]+)/)")


def empty_clinic(folder: Path) -> dict[str, str]:
    # With DEBUG no static file is collected, which would take longer than all the rest.
    return clean_environment(os.environ, folder) | {"SAMPLE": "no", "WORKERS": "1", "DEBUG": "on"}


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """The environment of an empty clinic on this computer."""
    return empty_clinic(tmp_path)


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    """A folder with a database that has every table and no row of anybody, to be copied."""
    folder = tmp_path_factory.mktemp("tables")
    manage(empty_clinic(folder), "migrate", "--verbosity=0")
    return folder


def ask(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("localhost", port, timeout=20)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def manage(site: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=site, capture_output=True, text=True, check=True).stdout


def with_sample_account(site: dict[str, str], tables: Path) -> Path:
    """Make the database of somebody who tried the sample. Returns its folder."""
    shutil.copytree(tables, site["DATA_DIR"], dirs_exist_ok=True)
    make = "from clinic.models import User; User.objects.create_user('editor', sample_account=True)"
    manage(site, "shell", "--no-imports", "-c", make)
    return Path(site["DATA_DIR"])


def without_terminal(site: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.serve"]
    environment = site | {"PORT": str(free_port())}
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )


def on_terminal(site: dict[str, str], answer: str) -> tuple[str, int]:
    """Start on a terminal, answer, and stop it once it serves. Returns what stood there, and the exit code."""
    main, terminal = pty.openpty()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.serve"],
        cwd=CHECKOUT,
        env=site | {"PORT": str(free_port())},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    shown = ""
    try:
        # The terminal ends when the last process that could write to it has ended.
        with suppress(OSError):
            while chunk := os.read(main, 4096).decode():
                shown += chunk
                if "[y/N] " in shown and answer:
                    os.write(main, f"{answer}\n".encode())
                    answer = ""
                if "Stop with Ctrl+C." in chunk:
                    os.kill(server.pid, signal.SIGTERM)
        return shown, server.wait(timeout=30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        os.close(main)


def test_an_empty_clinic_prints_one_link_which_a_new_start_ends(site):
    links = []
    for _ in range(2):
        with started(site) as (server, shown, port):
            found = LINK.findall(shown)
            assert len(found) == 1
            path, secret = found[0]
            assert f"http://localhost:{port}{path}" in shown
            assert "Sign in as" not in shown
            assert ask(port, path) == 200
            for old in [*links, "/accounts/first-owner/wrong-secret/"]:
                assert ask(port, old) == 404
            server.send_signal(signal.SIGINT)
            at_end, _ = server.communicate(timeout=30)
        links.append(path)
        assert "Not Found: /accounts/first-owner/…/" in at_end
        assert secret not in at_end
        assert "wrong-secret" not in at_end
    assert links[0] != links[1]
    assert not any(old.split("/")[-2] in at_end for old in links)


def test_once_somebody_owns_the_site_no_link_is_printed_and_no_sample_is_loaded(site, tables):
    shutil.copytree(tables, site["DATA_DIR"], dirs_exist_ok=True)
    manage(site, "shell", "--no-imports", "-c", "from clinic.models import User; User.objects.create_superuser('ada')")
    del site["SAMPLE"]
    with started(site) as (_, shown, _port):
        assert "first-owner" not in shown
        assert "sample" not in shown
    assert (
        manage(site, "shell", "--no-imports", "-c", "from clinic.models import User; print(User.objects.count())")
        == "1\n"
    )


def test_the_sample_stays_until_somebody_at_a_terminal_says_yes(site, tables):
    folder = with_sample_account(site, tables)
    refused = without_terminal(site)
    assert refused.returncode == 1
    assert "Nothing was changed." in refused.stderr
    shown, code = on_terminal(site, "n")
    assert code == 1
    assert "Nothing was changed." in shown
    assert not list(folder.glob("before-*"))

    plain = {name: value for name, value in site.items() if name != "SAMPLE"}
    with started(plain):
        shown, code = on_terminal(site, "y")
    assert code == 1
    assert "another server, or a command, uses this database now" in shown
    assert not list(folder.glob("before-*"))

    shown, code = on_terminal(site, "y")
    assert code == 0
    (aside,) = folder.glob("before-*")
    assert f"The sample clinic's data are in {aside}." in shown
    assert len(LINK.findall(shown)) == 1
    assert (aside / "plainleaf.sqlite3").exists()
    kept = {**site, "DATA_DIR": str(aside)}
    count = "from clinic.models import User; print(User.objects.count())"
    assert manage(kept, "shell", "--no-imports", "-c", count) == "1\n"
    assert manage(site, "shell", "--no-imports", "-c", count) == "0\n"
