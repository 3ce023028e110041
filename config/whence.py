"""Where a request comes from and what number it has, known to whatever is written while it is answered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What stands in place of an address where nobody asked over the network: a command, or the start of the server.
COMMAND = "command"
# What a proxy may call a request. Anything else could bring a line feed, or somebody's words, into the log.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)

_origin: ContextVar[str] = ContextVar("origin", default=COMMAND)
_number: ContextVar[str] = ContextVar("number", default="")


def origin() -> str:
    """Return the address of the request that is being answered; empty where it has none, COMMAND outside one."""
    return _origin.get()


def request_number() -> str:
    """Return the number of the request that is being answered, or an empty text outside one."""
    return _number.get()


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Let `origin()` be this address as long as the request is answered."""
    token = _origin.set(address)
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def numbered(offered: str) -> Iterator[str]:
    """Give a request its number as long as it is answered: what a proxy offers if well-formed, else a new one."""
    number = offered if WELL_FORMED.fullmatch(offered) else secrets.token_hex(8)
    token = _number.set(number)
    try:
        yield number
    finally:
        _number.reset(token)
