"""`document_checks`: writes the documentation of the quality report from the checks themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from education.quality.document import document


class Command(BaseCommand):
    help = "Write docs/checks.md, which lists the checks of the quality report with their rules and examples."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--print", action="store_true", help="Print it, and write no file.")
        where.add_argument("--check", action="store_true", help="Write nothing; exit 1 if the file is not up to date.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "checks.md"
        with translation.override("en"):
            text = document()
        if options["print"]:
            self.stdout.write(text, ending="")
        elif options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError("docs/checks.md is not up to date. Run manage.py document_checks.", returncode=1)
            self.stdout.write("docs/checks.md is up to date.")
        else:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {path}")
