"""`manage.py purge_requests`: flags requests that wait too long and erases those whose time has come."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.actions import Purged, purge
from clinic.backup.restoring import remove_leftovers
from clinic.models import ErasedRequest
from education.management.over_editions import Progress


class Command(BaseCommand):
    help = (
        "Write to the front desk when requests for a consultation wait too long, and erase those that were kept for "
        "long enough, with every trace in the database's files. After an older copy of the database was put back, "
        "erase again what was erased since; remove what a killed restore left. Run it once an hour. Exit code 1: "
        "something could not be erased."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        example = f"Example, to see what it would do: {prog_name} {subcommand} --dry-run"
        return super().create_parser(prog_name, subcommand, epilog=example, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count: change nothing, send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        progress = Progress(self.stdout, "Erasing request", 0)

        def erased(done: int, of: int) -> None:
            progress.total = of
            progress.at(done)

        try:
            if not options["dry_run"]:
                remove_leftovers()
            found = purge(dry_run=options["dry_run"], said=erased)
        except OSError as error:
            raise CommandError(
                f"Requests could not be erased ({error}). Make room, or see who may write to DATA_DIR.",
                returncode=1,
            ) from error
        except DatabaseError as error:
            raise CommandError(f"The database could not be used ({error}). Try again.", returncode=1) from error
        progress.end()
        if not quiet or found.erased.total():
            self._say(found, dry_run=options["dry_run"])
        # A start goes on: the rows are gone, and the files are cleaned the next time.
        if not found.clean and not quiet:
            raise CommandError(
                "The rows are erased, but the database was in use, so their text may still be in its files. Run this "
                "again.",
                returncode=1,
            )

    def _say(self, found: Purged, *, dry_run: bool) -> None:
        done = "Would be erased" if dry_run else "Erased"
        self.stdout.write(f"{done}: {found.erased.total()}.")
        for reason in ErasedRequest.Reason:
            if count := found.erased[reason]:
                self.stdout.write(f"  {count}: {reason.label}")
        if found.addresses:
            self.stdout.write(f"Addresses taken off old reports of mistakes: {found.addresses}.")
        flagged = "Would be flagged" if dry_run else "Flagged"
        self.stdout.write(f"{flagged}: {found.waiting} that wait too long, {found.erased_soon} that are soon erased.")
