"""`verify_editions`: computes every hash of the record anew and says where it does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from education.management.over_editions import EditionsCommand, Progress
from education.models import Edition
from education.verification import verify_database, verify_guide


class Command(EditionsCommand):
    help = (
        "Compute every hash of the record anew from the stored rows and files, and compare. Writes one line for each "
        "place that does not hold, and changes nothing. Exit code 0: all is in order; 1: something is not."
    )
    example = "--guide mesotherapy"

    def handle(self, *args: Any, **options: Any) -> None:
        guides = self.guides(options["guide"])
        total = Edition.objects.filter(guide__in=guides).count()
        progress = Progress(self.stdout, "Checking edition", total)
        editions = breaks = 0
        for found in verify_database():
            progress.say(str(found))
            breaks += 1
        for guide in guides.iterator():
            for of_edition in verify_guide(guide):
                for found in of_edition:
                    progress.say(str(found))
                breaks += len(of_edition)
                editions += 1
                progress.at(editions)
        progress.end()
        if breaks:
            raise CommandError(f"Editions checked: {editions}. Places that do not hold: {breaks}.", returncode=1)
        self.stdout.write(f"Editions checked: {editions}. All in order.")
