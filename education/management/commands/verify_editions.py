"""`verify_editions`: computes every hash of the record anew and says where it does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from education.management.over_editions import EditionsCommand, Progress
from education.models import Edition
from education.verification import Break, verify_archive, verify_database, verify_guide, verify_seals


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
        editions = 0
        breaks: list[Break] = []

        def tell(found: Break) -> None:
            progress.say(str(found))
            breaks.append(found)

        for found in verify_database():
            tell(found)
        for guide in guides.iterator():
            for of_edition in verify_guide(guide):
                for found in of_edition:
                    tell(found)
                editions += 1
                progress.at(editions)
            for found in verify_archive(guide):
                tell(found)
        if options["guide"] is None:
            for found in verify_seals({(one.model, one.row) for one in breaks}):
                tell(found)
        progress.end()
        if breaks:
            raise CommandError(f"Editions checked: {editions}. Places that do not hold: {len(breaks)}.", returncode=1)
        self.stdout.write(f"Editions checked: {editions}. All in order.")
