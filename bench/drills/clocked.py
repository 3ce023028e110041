"""The application with a clock that stands where a file says, the same in every worker."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings

from config.wsgi import application as real


class ByTheFile:
    """Answers as Plainleaf does at the moment that the file has now, pages that are kept ready included."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stands = ""
        self._travel: Any = None

    def begin(self) -> None:
        """Keep pages ready as the server does; they last by the clock of the file, which is asked first."""
        real.begin()

    def __call__(self, environ: MutableMapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        self._put_clock(Path(settings.DRILL_CLOCK))  # type: ignore[misc]  # clocked_site.py sets it
        return real(environ, start_response)

    def _put_clock(self, path: Path) -> None:
        """Set this process's clock by the file, and note beside it which process has."""
        with self._lock:
            moment = path.read_text()
            if self._stands != moment:
                if self._travel is not None:
                    self._travel.stop()
                self._travel = time_machine.travel(datetime.fromisoformat(moment), tick=False)
                self._travel.start()
                self._stands = moment
            path.with_name(f"answered-{os.getpid()}").write_text(moment)


application = ByTheFile()
