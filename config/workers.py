"""The production server: a main process, its workers, and how each of them ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.core.cache import close_caches
from django.db import connections
from django.utils.module_loading import import_string
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from config.sqlite.held import hold_open

# Each worker's Python threads: enough that some answer readers while others wait for SQLite's one writer; with
# twice as many, the interpreter's lock made every answer slower.
THREADS = 8
# Connections that a worker accepts, not requests: every idle browser holds some of them.
CONNECTIONS = 512
BACKLOG = 1024
# A connection that says nothing for so long is dropped, or a few hundred of them would shut everybody else out.
SECONDS_OF_SILENCE = 15
# Long enough for a PDF or an upload in progress, short enough for whoever pressed Ctrl+C.
SECONDS_TO_FINISH = 10
SECONDS_OF_LEAD = 0.3
# A worker that ends unasked is started anew, unless this many did within so long: then none can work, and the server
# ends, so that whoever watches it sees that.
MOST_STARTS, SECONDS_OF_STARTS = 10, 60
# The WSGI environment copies the process's, and error reports may show it: these stay out.
SECRETS = ("SECRET_KEY", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SAMPLE_STAFF_PASSWORD")


def serve(address: str, port: int, when_answering: Callable[[], None]) -> None:
    """Run the server in this process until it is told to stop; call `when_answering` once it answers."""
    server = Server(
        settings.WSGI_APPLICATION,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        # Not "auto": it waits without a limit for a first byte that tells the version.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SECONDS_OF_SILENCE * 1000),
        workers=settings.WORKERS,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,
    )
    server.respawned_wrks = StartedAnew()
    stop_at_first_signal(server.signal_handler_interrupt)
    server.on_startup(close_connections)
    server.on_startup(lambda: call_when_answering(address, port, when_answering))
    server.serve(target_loader=load_application, wrap_loader=False)


class StartedAnew(dict[int, float]):
    """When each worker was last started anew, as Granian keeps it, who asks it whether to give up.

    Granian ends the server as soon as one worker fails twice within 5.5 seconds, which two requests that kill a worker,
    or a machine short of memory, do. So it is told of no failure before there were too many.
    """

    def __init__(self) -> None:
        super().__init__()
        self.starts: deque[float] = deque(maxlen=MOST_STARTS)

    def __setitem__(self, worker: int, moment: float) -> None:
        super().__setitem__(worker, moment)
        self.starts.append(moment)

    def get(self, worker: int, default: Any = None) -> Any:
        full = len(self.starts) == MOST_STARTS and self.starts[-1] - self.starts[0] < SECONDS_OF_STARTS
        return super().get(worker, default) if full else default


def stop_at_first_signal(stop: Callable[[], object]) -> None:
    """Call `stop` from a thread at the first signal to end; the others, and the workers' own, are left waiting.

    Granian's handlers hang when a second signal interrupts them, as it does when a terminal signals every process.
    """
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Started with nohup: it is meant to outlive its terminal.
        signals.remove(signal.SIGHUP)

    def wait() -> None:
        signal.sigwait(signals)
        stop()

    threading.Thread(target=wait, daemon=True).start()


def close_connections() -> None:
    """Leave no connection for a worker to inherit: two processes on one would corrupt it."""
    connections.close_all()
    close_caches()


def load_application() -> Callable[..., Any]:
    """Return the WSGI application; runs in each worker, before it begins to listen."""
    threading.Thread(target=stop_when_told, args=(signal.getsignal(signal.SIGTERM),), daemon=True).start()
    threading.Thread(target=leave_with_parent, daemon=True).start()
    application = import_string(settings.WSGI_APPLICATION)
    hold_open()
    application.begin()
    forget_secrets(os.environ)
    # All of it stays as long as the worker does: nobody needs to look again and again whether it can go.
    gc.freeze()
    return application


def forget_secrets(environment: MutableMapping[str, str]) -> None:
    for name in SECRETS:
        environment.pop(name, None)


def stop_when_told(inherited: object) -> None:
    """Call Granian's handler in this worker when the main process says so, which is by SIGTERM.

    Ctrl+C is for the main process to act on; here it stays blocked.
    """
    signal.sigwait({signal.SIGTERM})
    # Where the system signals every process, the main one must be ahead, or it would report a crash.
    time.sleep(SECONDS_OF_LEAD)
    handler = signal.getsignal(signal.SIGTERM)
    if handler is inherited or not callable(handler):
        os._exit(0)
    handler(signal.SIGTERM, None)


def leave_with_parent() -> None:
    """End this worker when the main process was killed, or it would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def call_when_answering(address: str, port: int, call: Callable[[], None]) -> None:
    """Call from a thread as soon as the port answers.

    Workers are forked meanwhile, and a lock that this thread holds in that moment is held in them for ever. So it looks
    up no name, which would import what each worker needs to find the cache.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def wait() -> None:
        while not answers(family, address, port):
            time.sleep(0.05)
        call()

    threading.Thread(target=wait, daemon=True).start()


def answers(family: socket.AddressFamily, address: str, port: int) -> bool:
    """Return whether somebody listens there. `address` is a number, not a name."""
    with socket.socket(family) as trial:
        trial.settimeout(1)
        return trial.connect_ex((address, port)) == 0
