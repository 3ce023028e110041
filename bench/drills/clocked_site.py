"""The server of the clock drill: as `make run` starts it, with the clock of `bench/drills/clocked.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.conf import settings

from config import serve


def main(arguments: Sequence[str]) -> int:
    """Serve by the clock in the file that is named first. Returns the server's exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.DRILL_CLOCK = arguments[0]
    settings.WSGI_APPLICATION = "bench.drills.clocked.application"
    return serve.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
