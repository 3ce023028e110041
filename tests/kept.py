"""What a module's tests look at and only some of them change, made once: to make it takes longer than to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.test import override_settings


@contextmanager
def made_once(blocker: Any, media: Path, make: Callable[[], Any]) -> Iterator[Any]:
    """Give what `make` returns; keep its rows in a transaction around those of the tests, its pictures in `media`.

    What a test does is taken back to here. All tests of the module see the rows, and none may be transactional.
    """
    at_once = patch("clinic.actions.sign_in._start", lambda work: work())
    with blocker.unblock(), override_settings(MEDIA_ROOT=media), at_once, ExitStack() as making:
        making.enter_context(transaction.atomic())
        making.callback(transaction.set_rollback, True)
        made = make()
        connection.check_constraints()  # PostgreSQL drops no trigger while checks are waiting
        around = making.pop_all()
    yield made
    with blocker.unblock():
        around.close()
