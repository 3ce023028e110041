"""The product with the sample clinic, as `make run` starts it, on a free port with a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.check import CHECKOUT, clean_environment

STARTED = "Stop with Ctrl+C."
SECONDS_TO_END = 15


class NotStarted(Exception):
    """The server ended before it answered; the text is what it printed."""


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, such as http://localhost:41817, and the process that began it."""

    origin: str
    pid: int


@contextmanager
def sample_site() -> Iterator[str]:
    """Yield the running site's address. Raises NotStarted."""
    with sample_server() as server:
        yield server.origin


@contextmanager
def sample_server(settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start the product with a sample of its own, and with these settings besides. Raises NotStarted."""
    with (
        tempfile.TemporaryDirectory(prefix="plainleaf-") as data,
        running(
            [sys.executable, "-m", "config.serve"], clean_environment(os.environ, Path(data)) | (settings or {})
        ) as server,
    ):
        yield server


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Running]:
    """Run a server that listens on PORT, and says STARTED once it answers. Raises NotStarted."""
    # A benchmark that is told to end must take its server along.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    port = free_port()
    server = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_started(server)
        yield Running(f"http://localhost:{port}", server.pid)
    finally:
        end(server)


def wait_until_started(server: subprocess.Popen[str]) -> None:
    lines = []
    for line in server.stdout or ():
        lines.append(line)
        if STARTED in line:
            return
    raise NotStarted(f"{''.join(lines).strip()} (it ended with code {server.wait()})")


def end(server: subprocess.Popen[str]) -> None:
    """Let the server finish, or stop it and its workers for good."""
    server.terminate()
    try:
        server.communicate(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])
