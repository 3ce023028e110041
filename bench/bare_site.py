"""One answer from memory, to whatever is asked: the least that a WSGI application can do. Settings and application."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

WORKERS = 2
WSGI_APPLICATION = "bench.bare_site.application"


class OneAnswer:
    """Answers with the body and the headers that the folder BARE_ANSWER has."""

    def __init__(self, folder: Path) -> None:
        self._body = [(folder / "body").read_bytes()]
        self._headers = [(name, value) for name, value in json.loads((folder / "headers.json").read_text())]

    def begin(self) -> None:
        """The server calls this in each worker; there is nothing to begin."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", self._headers)
        return self._body


application = OneAnswer(Path(os.environ["BARE_ANSWER"]))
