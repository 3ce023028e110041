"""What must not be half done when the server's workers are forked."""

from __future__ import annotations

import socket
import threading

from config import workers


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
