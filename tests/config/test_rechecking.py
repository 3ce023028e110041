"""The real server checks the whole record in the background after each start, and leaves nothing running behind it."""

from __future__ import annotations

import json
import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from config import serve, workers
from config.check import clean_environment
from tests.config.test_serve import started

SECONDS = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[str, str]:
    """The environment of an empty clinic on this computer."""
    return clean_environment(os.environ, tmp_path_factory.mktemp("rechecked")) | {
        "SAMPLE": "no",
        "WORKERS": "2",
        "DEBUG": "on",
    }


def checking(server: int) -> list[int]:
    """Return the processes of a server that check the record now."""
    found = []
    # A thread starts it, so it is that thread's child.
    for task in Path(f"/proc/{server}/task").iterdir():
        # Each of them may end in the moment of reading.
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                if "verify_editions" in Path(f"/proc/{child}/cmdline").read_text():
                    found.append(int(child))
    return found


def soon(look: Callable[[], list[int]]) -> list[int]:
    """Ask again and again until there is an answer."""
    waiting = threading.Event()
    for _ in range(SECONDS * 20):
        if found := look():
            return found
        waiting.wait(0.05)
    raise AssertionError("it never came")


def test_a_start_checks_the_record_once_and_keeps_what_it_found(site):
    kept = Path(site["DATA_DIR"]) / "last-recheck.json"
    assert not kept.exists()
    with started(site) as (server, _, _port):
        found = soon(lambda: checking(server.pid))
        assert len(found) == 1, "one for all workers"
        ended = os.pidfd_open(found[0])
        assert select.select([ended], [], [], SECONDS)[0], "it does not end"
        os.close(ended)
        facts = json.loads(kept.read_text())
        assert (facts["editions"], facts["breaks"]) == (0, 0)
        assert server.poll() is None
        # It looked after all workers had begun, and no other one follows.
        assert checking(server.pid) in ([], found)
        assert soon(lambda: [] if Path(f"/proc/{found[0]}").exists() else found), "it is not cleared away"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_the_server_ends_the_check_too(site, number):
    with started(site) as (server, _, _port):
        (check,) = soon(lambda: checking(server.pid))
        os.kill(server.pid, number)
        at_end, _ = server.communicate(timeout=workers.SECONDS_TO_FINISH - 2)
        assert (at_end, server.returncode) == ("Stopped.\n", 0)
        assert not Path(f"/proc/{check}").exists()


def test_a_check_that_would_begin_after_the_end_does_not_begin(monkeypatch):
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *given, **more: pytest.fail("begun after the end"))
    with serve.recheck() as begin:
        pass
    begin()
