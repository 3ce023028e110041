"""The server of the drill with a read-only file: as `make run` starts it, but it opens the database for each request.

Whoever has a file open goes on writing to it, whoever may open it since.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.conf import settings

from config import serve


def main(arguments: Sequence[str]) -> int:
    """Serve. Returns the server's exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    return serve.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
