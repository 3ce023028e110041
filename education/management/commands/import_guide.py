"""`manage.py import_guide DIR`: makes a guide from a folder of files, or brings it to what they say."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education import actions
from education.actions.importing import Changes, Imported, WouldChange
from education.guide_files import MalformedFile
from education.rules import NotPermitted

EPILOG = """examples:
  python manage.py import_guide sample/guides/mesotherapy --by editor
  python manage.py import_guide ../mesotherapy --by editor --yes

The folder holds guide.toml, library.toml and one Markdown file a page (docs/editors.md shows them; export_guide writes
them). The guide becomes a working copy: submit it for review in the admin. When a guide with this address is here
already, or the library says something else, you see what would change and are asked; no page is ever removed. When a
file is malformed nothing is imported.
"""
NOTHING = "Nothing was imported."


class Command(BaseCommand):
    help = "Make a guide's working copy from a folder of Markdown and TOML files, or change it to what they say."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds guide.toml")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the account in whose name it is done")
        parser.add_argument("--yes", action="store_true", help="change what is here already without asking")

    def handle(self, *, folder: Path, by: str, yes: bool, **options: Any) -> None:
        person = get_user_model().objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active account “{by}”. Name one that may make guides.")
        imported = self._imported(folder, person, yes)
        guide, count = imported.guide, imported.guide.pages.kept().count()
        if imported.new:
            self.stdout.write(f"Imported “{guide.title}” with {count} pages. Submit it for review in the admin.")
        elif imported.changes.rows:
            self.stdout.write(f"Changed “{guide.title}”, which has {count} pages. Submit it for review in the admin.")
        else:
            self.stdout.write(f"“{guide.title}” says all of this already: nothing to change.")
        for doubt in imported.changes.doubts:
            self.stdout.write(doubt)

    def _imported(self, folder: Path, person: Any, yes: bool) -> Imported:
        seen = ""
        while True:
            try:
                return actions.import_guide(folder, by=person, seen=seen)
            except (MalformedFile, actions.Refused, NotPermitted) as error:
                raise CommandError(f"{error} {NOTHING}") from error
            except WouldChange as refusal:
                if seen:
                    self.stdout.write("Somebody saved something meanwhile. Look again.")
                self._agree(refusal.changes, yes)
                seen = refusal.changes.fingerprint

    def _agree(self, changes: Changes, yes: bool) -> None:
        """Show what would change and return when the answer is yes. Raises CommandError when it is not."""
        shown = "\n".join(["This would change:", *changes.lines()])
        if not yes and not sys.stdin.isatty():
            raise CommandError(f"{shown}\nAdd --yes to change it. {NOTHING}")
        self.stdout.write(shown)
        if yes:
            return
        self.stdout.write("Import? [y/N] ", ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CommandError(NOTHING)
