"""What must not be half done when the server's workers are forked, and what comes after one of them ended unasked."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config import workers
from config.check import clean_environment
from tests.config.test_serve import started


def test_whoever_waits_for_the_first_answer_looks_up_no_name_while_workers_are_forked(monkeypatch):
    def forbidden(*args, **more):
        raise AssertionError("a lookup imports, and a worker that is forked in that moment waits for ever")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        called = threading.Event()
        try:
            server = socket.socket(family)
            server.bind((address, 0))
        except OSError:
            assert family is socket.AF_INET6
            continue
        with server:
            port = server.getsockname()[1]
            workers.call_when_answering(address, port, called.set)
            assert not called.wait(0.2)
            server.listen()
            assert called.wait(30)


# A worker that ends unasked


def failing(seconds: list[float]) -> list[bool]:
    """Return for a worker that fails at each of these moments whether Granian, asking as it does, would give up."""
    anew, given_up = workers.StartedAnew(), []
    for now in seconds:
        given_up.append(now - anew.get(0, 0) <= 5.5)
        anew.clear()
        anew[0] = now
    return given_up


def test_workers_that_end_at_each_start_end_the_server():
    at = [1000 + number / 2 for number in range(workers.MOST_STARTS + 1)]
    assert failing(at) == [False] * workers.MOST_STARTS + [True]


@pytest.mark.parametrize("between", [0.5, 5, workers.SECONDS_OF_STARTS / (workers.MOST_STARTS - 1)])
def test_a_few_failures_however_close_and_many_that_are_spread_end_nothing(between):
    few = 1000 if between > 5 else workers.MOST_STARTS
    assert not any(failing([1000 + number * between for number in range(few)]))


def workers_of(server: int) -> list[int]:
    """Return the workers, the one that was started last at the end."""
    found = []
    for task in Path(f"/proc/{server}/task").iterdir():
        for child in (task / "children").read_text().split():
            # The others are a check of the record, and what keeps count of shared locks.
            if Path(f"/proc/{child}/cmdline").read_text() == Path(f"/proc/{server}/cmdline").read_text():
                found.append(int(child))
    return sorted(found)


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(not Path(f"/proc/{os.getpid()}/task").exists(), reason="finds workers in /proc")
def test_a_server_whose_workers_are_killed_again_and_again_goes_on_answering(tmp_path):
    """Each as soon as the one before is replaced: far closer than the five seconds after which Granian gave up."""
    site = clean_environment(os.environ, tmp_path) | {
        **{"PLAINLEAF_MODE": "production", "ALLOWED_HOSTS": "localhost", "SITE_URL": "https://localhost"},
        "WORKERS": "2",
    }
    with started(site) as (server, _, port):
        for _ in range(4):
            wait_until(lambda: len(workers_of(server.pid)) == 2)
            one = workers_of(server.pid)[-1]
            os.kill(one, signal.SIGKILL)
            wait_until(lambda one=one: one not in workers_of(server.pid) and server.poll() is None)
        wait_until(lambda: len(workers_of(server.pid)) == 2)
        with closing(HTTPConnection("localhost", port, timeout=30)) as asking:
            asking.request("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
            assert asking.getresponse().status == 200
        server.terminate()
        written, _ = server.communicate(timeout=workers.SECONDS_TO_FINISH + 20)
        assert server.returncode == 0
    lines = [json.loads(line) for line in written.splitlines() if line != "Stopped."]
    assert len([line for line in lines if line["says"].startswith("Unexpected exit from worker-")]) >= 4
