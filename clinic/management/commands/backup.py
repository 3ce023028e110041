"""`manage.py backup FILE`: writes all that the clinic would lose into one file, while everybody goes on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.backup.writing import make_backup
from clinic.management.in_phases import Phases
from config.refusal import Refusal


class Command(BaseCommand):
    help = (
        "Write the database, the pictures and the list of erased requests, as they are at one moment, into one file. "
        "Everybody can go on working. The file appears only once it is whole. It holds names, requests and hashes of "
        "passwords: only its owner may read it, and nothing in it is encrypted. Exit code 1: there is no backup."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        example = f"Example, into a folder that has a file for each night: {prog_name} {subcommand} /srv/backups"
        return super().create_parser(prog_name, subcommand, epilog=example, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the new file, or a folder, which gets one named after the moment")
        parser.add_argument("--force", action="store_true", help="write over a file that is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        phases = Phases(self.stdout)
        try:
            made = make_backup(options["file"], force=options["force"], said=phases.at)
        except Refusal as refusal:
            raise CommandError(f"No backup was made: {refusal}", returncode=1) from refusal
        except (DatabaseError, OSError) as error:
            raise CommandError(f"No backup was made ({error}). Mend that, then try again.", returncode=1) from error
        finally:
            phases.end()
        for name in made.damaged:
            self.stderr.write(f"{name} is not the file that its name promises: it was changed or is damaged.")
        if options["verbosity"]:
            rows = sum(one.rows for one in made.manifest.tables.values())
            files = sum(1 for name in made.manifest.members if name.startswith("media/"))
            size = made.path.stat().st_size / 10**6
            self.stdout.write(f"Backup made: {made.path}. Rows: {rows}. Pictures: {files}. Size: {size:.1f} MB.")
