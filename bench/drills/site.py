"""The site that is drilled: started as `make run` starts it, killed without a word, and started again."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.drills.browsing import Browser
from bench.drills.place import Place
from bench.sample_site import STARTED, NotStarted, end, free_port
from config.check import CHECKOUT, clean_environment

SERVE = ("-m", "config.serve")
LONGEST_START_SECONDS = 180
# From linux/prctl.h and linux/capability.h: what lets the administrator write where the files say that nobody may.
PR_CAPBSET_DROP = 24
CAPABILITIES = (1, 2)


class Site:
    """A site with its data in a place. `command` are Python's arguments to serve it."""

    def __init__(self, place: Place, command: Sequence[str] = SERVE) -> None:
        self.place = place
        self.password = place.password
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        own = {"PORT": str(self.port), "SAMPLE_STAFF_PASSWORD": self.password, **place.settings}
        self.environment = clean_environment(os.environ, place.data) | own
        self.command = command
        self._server: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Start it and return the seconds until a page was there. Raises NotStarted."""
        begun = time.monotonic()
        self._begin()
        # It says so itself first: workers of a server that was killed may still answer.
        while STARTED not in self._log.read_text() or Browser(self.origin).get("/guides/").status != 200:
            if self._server and self._server.poll() is not None:
                # Such workers hold the port for a moment, until they miss their parent.
                if "is taken" not in self._log.read_text() or time.monotonic() - begun > LONGEST_START_SECONDS:
                    raise NotStarted(self._log.read_text().strip())
                self._begin()
            if time.monotonic() - begun > LONGEST_START_SECONDS:
                raise NotStarted(f"no answer after {LONGEST_START_SECONDS} s")
            time.sleep(0.05)
        return time.monotonic() - begun

    @property
    def _log(self) -> Path:
        return self.place.data.with_name(f"{self.place.data.name}.log")

    def _begin(self) -> None:
        with self._log.open("w") as log:
            self._server = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                preexec_fn=obey_modes,
            )

    @property
    def server(self) -> subprocess.Popen[str]:
        if self._server is None:
            raise NotStarted("it was never started")
        return self._server

    def workers(self) -> list[int]:
        """Return the processes that answer: not the re-check of the hashes, nor what it leaves when it has ended."""
        found = {pid: command_of(pid) for pid in children(self.server.pid)}
        return [pid for pid, command in found.items() if command and "verify_editions" not in command]

    def kill(self) -> None:
        """Kill the main process alone: its workers have to see to it themselves that they end."""
        self.server.kill()
        self.server.wait()

    def kill_worker(self, which: int) -> None:
        found = self.workers()
        with suppress(ProcessLookupError):
            os.kill(found[which % len(found)], signal.SIGKILL)

    def stop(self) -> None:
        if self._server is not None:
            end(self._server)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let the site write no byte to any file, as on a full disk: the system refuses each write."""
        pids = [self.server.pid, *children(self.server.pid)]
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            for pid in {*pids, *children(self.server.pid)}:
                with suppress(ProcessLookupError):
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on the site's data."""
        command = [sys.executable, "manage.py", *arguments]
        environment = {**self.environment, **more}
        return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def obey_modes() -> None:
    """Have the administrator be refused, as everybody is, by a file that may only be read."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in CAPABILITIES:
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""
