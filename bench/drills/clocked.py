"""The application with a clock that stands where a file says, the same in every worker."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings

from config.wsgi import application as real

_LOCK = threading.Lock()
_STANDS: dict[str, Any] = {}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as Plainleaf does at the moment that the file has now, and note beside it which process answered."""
    path = Path(settings.DRILL_CLOCK)  # type: ignore[misc]  # clocked_site.py sets it
    with _LOCK:
        moment = path.read_text()
        if _STANDS.get("moment") != moment:
            if "travel" in _STANDS:
                _STANDS["travel"].stop()
            _STANDS.update(moment=moment, travel=time_machine.travel(datetime.fromisoformat(moment), tick=False))
            _STANDS["travel"].start()
        path.with_name(f"answered-{os.getpid()}").write_text(moment)
    return real(environ, start_response)
