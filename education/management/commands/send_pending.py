"""`manage.py send_pending`: sends the mail that waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.actions.mail import send_pending
from education.actions.mistakes import erase_old_addresses
from education.actions.visitors import forget_counts
from education.management.over_editions import Progress
from education.models import PendingMail


class Command(BaseCommand):
    help = (
        "Send the mail that could not be sent when it was made, because no mail server answered, and erase the "
        "addresses of readers who reported a mistake more than 180 days ago. Run it every few minutes. Exit code 1: "
        "some of it still waits. Example: python manage.py send_pending"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # What must not be kept for longer goes here too, because somebody runs this often.
        forget_counts()
        erase_old_addresses()
        progress = Progress(self.stdout, "Sending mail", PendingMail.objects.count())
        sent, waiting = send_pending(lambda done, of: progress.at(done))
        progress.end()
        self.stdout.write(f"Sent: {sent}. Still waiting: {waiting}.")
        if waiting:
            raise CommandError(
                "The mail server did not take all of it: see EMAIL_URL in docs/settings.md.", returncode=1
            )
