"""What several public pages show alike is read once, and kept in the process until anything changes, as they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")


class Standing(NamedTuple):
    """A state of the site: the token's bytes, and until when the clock changes nothing, in seconds since 1970."""

    token: bytes
    until: float


# Of each function, for different arguments.
MOST_KEPT = 200

_standing: Callable[[], Standing | None] | None = None


def rely_on(layer: Callable[[], Standing | None] | None) -> None:
    """Keep results in this process from now on, or no more. The layer returns None while a change might be missed."""
    global _standing
    _standing = layer


def standing() -> Standing | None:
    """Return the state of the site in this moment; None where nothing may be kept: by a command, in a transaction."""
    return None if _standing is None or connection.in_atomic_block else _standing()


def until_changed(make: Callable[P, R]) -> Callable[P, R]:
    """Let a function that reads the database do so once for each of its arguments in one state of the site.

    For what public pages show: the function reads no table of `changes.UNSEEN`, and nothing that a request says. What
    it returns is shared by all threads, so nobody changes it, and it has no words of one language in it, unless they
    are translated when they are shown. None is not kept, since an address can ask for anything that is not there.

    Inside a transaction, and in a process that does not hear of changes, it is called each time.
    """
    # A state and what was made in it, as one: another thread may be a state behind.
    shelf: tuple[Standing | None, dict[object, R]] = (None, {})

    @wraps(make)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        nonlocal shelf
        # Before anything is read: what changes meanwhile makes the result old from the start.
        now = standing()
        if now is None:
            return make(*args, **kwargs)
        found = shelf
        if found[0] != now:
            found = shelf = now, {}
        values = found[1]
        key = (args, *kwargs.items())
        if key in values:
            return values[key]
        value = make(*args, **kwargs)
        if value is not None and len(values) < MOST_KEPT:
            values[key] = value
        return value

    return kept
