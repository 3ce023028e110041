"""Serves what DJANGO_SETTINGS_MODULE names, in the product's own server, set as for the product."""

from __future__ import annotations

import os
import sys

import django

from config.workers import close_connections, serve


def main() -> int:
    """Serve on PORT until stopped."""
    django.setup()
    close_connections()
    serve("127.0.0.1", int(os.environ["PORT"]), lambda: print("Stop with Ctrl+C.", flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
