#!/usr/bin/env python
"""Runs Plainleaf's management commands, for example `python manage.py verify_editions`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Plainleaf cannot start: {error}")


if __name__ == "__main__":
    main()
