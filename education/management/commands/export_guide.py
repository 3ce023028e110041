"""`manage.py export_guide SLUG DIR`: writes a guide to a folder of files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.actions import Refused
from education.actions.exporting import export_guide
from education.models import Edition, Guide

EPILOG = """examples:
  python manage.py export_guide mesotherapy ../mesotherapy
  python manage.py export_guide mesotherapy ../mesotherapy-1 --edition 1

DIR must be new or empty; missing folders above it are made. import_guide reads what is written here (docs/editors.md
shows the files). The database is only read.
"""


class Command(BaseCommand):
    help = "Write a guide to a folder of Markdown and TOML files: its working copy, or an edition as it is on record."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the guide: the last part of its web address")
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder to write, new or empty")
        parser.add_argument("--edition", type=int, metavar="N", help="this edition instead of the working copy")

    def handle(self, *, slug: str, folder: Path, edition: int | None, **options: Any) -> None:
        guide = Guide.objects.filter(slug=slug).first()
        if guide is None:
            there = ", ".join(Guide.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{slug}”. Name one of these: {there}.")
        try:
            files = export_guide(guide, folder, edition=None if edition is None else _edition(guide, edition))
        except Refused as error:
            raise CommandError(f"{error} Nothing was written.") from error
        what = "the working copy" if edition is None else f"edition {edition}"
        self.stdout.write(f"Wrote {what} of “{guide.title}” to {folder}: {len(files)} files.")


def _edition(guide: Guide, number: int) -> Edition:
    edition = guide.editions.filter(number=number).first()
    if edition is None:
        there = ", ".join(str(one) for one in guide.editions.order_by("number").values_list("number", flat=True))
        raise CommandError(f"The guide has no edition {number}. Name one of these: {there or 'none yet'}.")
    return edition
