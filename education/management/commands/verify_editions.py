"""`verify_editions`: computes every hash of the record anew and says where it does not hold."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from education.management.over_editions import EditionsCommand, Progress
from education.models import Edition
from education.rechecked import keep_recheck
from education.verification import Break, verify_archive, verify_database, verify_guide, verify_seals

LOWEST = 19
# Between two editions: a tenth of what checking a long one takes leaves most of the processor to readers.
PAUSE_SECONDS = 0.05


class Command(EditionsCommand):
    help = (
        "Compute every hash of the record anew from the stored rows and files, and compare. Writes one line for each "
        "place that does not hold, and changes nothing of the record; what a check of all guides found is kept for the "
        "owner's desk and /healthz?full. Exit code 0: all is in order; 1: something is not."
    )
    example = "--guide mesotherapy"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--gently", action="store_true", help="with the lowest priority and pauses, beside a server that answers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["gently"]:
            os.nice(LOWEST)
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
                if options["gently"]:
                    time.sleep(PAUSE_SECONDS)
                progress.at(editions)
            for found in verify_archive(guide):
                tell(found)
        if options["guide"] is None:
            progress.end()
            progress = Progress(self.stdout, "Checking row", 0)

            def sealed(done: int, of: int) -> None:
                progress.total = of
                progress.at(done)

            for found in verify_seals({(one.model, one.row) for one in breaks}, sealed):
                tell(found)
            keep_recheck(editions, len(breaks))
        progress.end()
        if breaks:
            raise CommandError(f"Editions checked: {editions}. Places that do not hold: {len(breaks)}.", returncode=1)
        self.stdout.write(f"Editions checked: {editions}. All in order.")
