"""`manage.py close_sample_accounts`: deactivates the sample's staff before a site goes into production."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clinic import actions


class Command(BaseCommand):
    help = (
        "Deactivate the sample's staff accounts. Production refuses to start while one is active. "
        "Example: python manage.py close_sample_accounts"
    )

    def handle(self, **options: Any) -> None:
        closed = actions.close_sample_accounts()
        self.stdout.write(f"Closed: {', '.join(closed)}." if closed else "No sample account is active.")
