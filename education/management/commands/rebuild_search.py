"""`rebuild_search`: writes what the search reads anew from the editions on record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from education.actions import rebuild_search_rows
from education.actions.search import forget_unused_words, unindexed_guides
from education.management.over_editions import EditionsCommand, Progress


class Command(EditionsCommand):
    help = (
        "Write what the search reads anew, from the editions that are live or planned. Publishing does this by itself; "
        "this is for after an upgrade that says so, and where a search does not find what patients can read. The site "
        "goes on searching meanwhile. Safe to run again."
    )
    example = "--guide mesotherapy"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--missing", action="store_true", help="only for editions that the search does not have")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = self.guides(options["guide"])
        guides = list(asked.filter(pk__in=unindexed_guides()) if options["missing"] else asked)
        progress = Progress(self.stdout, "Indexing guide", len(guides))
        written = failed = 0
        for done, guide in enumerate(guides, start=1):
            try:
                written += rebuild_search_rows(guide, missing_only=options["missing"])
            except DatabaseError as error:
                failed += 1
                progress.say(f"{guide.slug}: {error}")
            progress.at(done)
        progress.end()
        forgotten = 0 if options["missing"] else forget_unused_words()
        if options["verbosity"]:
            self.stdout.write(f"Places that the search can find, written: {written}. Words forgotten: {forgotten}.")
        if failed:
            raise CommandError(f"Guides that the search has as before: {failed} of {len(guides)}.", returncode=1)
