"""One answer from memory, to whatever is asked: the least that a WSGI application can do. Settings and application."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

WORKERS = 2
WSGI_APPLICATION = "bench.bare_site.application"

_FOLDER = Path(os.environ["BARE_ANSWER"])
_BODY = [(_FOLDER / "body").read_bytes()]
_HEADERS = [(name, value) for name, value in json.loads((_FOLDER / "headers.json").read_text())]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", _HEADERS)
    return _BODY
