"""`manage.py import_guide DIR`: makes a guide from a folder of files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education import actions
from education.guide_files import MalformedFile
from education.rules import NotPermitted

EPILOG = """example:
  python manage.py import_guide sample/guides/mesotherapy --by editor

The folder holds guide.toml, library.toml and one Markdown file a page (docs/editors.md shows them). The guide
becomes a working copy: submit it for review in the admin. When a file is malformed nothing is imported.
"""


class Command(BaseCommand):
    help = "Make a guide's working copy from a folder of Markdown and TOML files."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds guide.toml")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the account in whose name it is done")

    def handle(self, *, folder: Path, by: str, **options: Any) -> None:
        person = get_user_model().objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active account “{by}”. Name one that may make guides.")
        try:
            guide = actions.import_guide(folder, by=person)
        except (MalformedFile, actions.Refused, NotPermitted) as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        count = guide.pages.count()
        self.stdout.write(f"Imported “{guide.title}” with {count} pages. Submit it for review in the admin.")
