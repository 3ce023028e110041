"""`manage.py renew_pages`: has every public page made anew for its next reader."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from config.ready.changes import announce


class Command(BaseCommand):
    help = (
        "Have every public page made anew for its next reader, on every machine of the site. For after something was "
        "changed in the database past Plainleaf; every save, command and start does it by itself, and no page is kept "
        "for longer than a minute. Example: python manage.py renew_pages"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        announce(connection)
        self.stdout.write("Every public page is made anew for its next reader.")
