"""`manage.py restore FILE`: checks a backup, builds it beside what is there, and puts it in its place in one step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.backup.restoring import Broken, restore
from clinic.management.in_phases import Phases
from config.refusal import Refusal


class Command(BaseCommand):
    help = (
        "Put a backup back into an empty place, on SQLite or PostgreSQL, whichever it comes from. First stop every "
        "server and timer. Every byte of the file, the rows and the whole record are checked before anything here "
        "changes; requests that were erased since are erased again. Restore only files that you made yourself: "
        "whoever writes one chooses who can sign in. Exit code 1: nothing was changed."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        example = f"Example: {prog_name} {subcommand} /srv/backups/plainleaf-2026-11-28-031500.zip --replace"
        return super().create_parser(prog_name, subcommand, epilog=example, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` made")
        parser.add_argument(
            "--replace", action="store_true", help="where a clinic is: keep its database aside, and say where"
        )
        parser.add_argument(
            "--despite-breaks",
            action="store_true",
            help="put it back even if the record in it does not hold; each place is named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        phases = Phases(self.stdout)
        try:
            done = restore(
                options["file"],
                replace=options["replace"],
                despite_breaks=options["despite_breaks"],
                said=phases.at,
            )
        except Broken as broken:
            for one in broken.breaks:
                self.stderr.write(str(one))
            raise CommandError(f"Nothing was restored: {broken}", returncode=1) from broken
        except Refusal as refusal:
            raise CommandError(f"Nothing was restored: {refusal}", returncode=1) from refusal
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was restored ({error}). Mend that, then try again.", returncode=1) from error
        finally:
            phases.end()
        for one in done.breaks:
            self.stderr.write(str(one))
        if options["verbosity"]:
            rows = sum(one.rows for one in done.manifest.tables.values())
            self.stdout.write(f"Restored as of {done.manifest.made_at}. Rows: {rows}. Erased again: {done.erased}.")
            if done.aside:
                self.stdout.write(f"What was here is kept in {done.aside}. Remove it once you need it no more.")
