"""`rerender_editions`: adds what today's renderer makes of the editions on record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from education.actions import Refused, rerender
from education.management.over_editions import EditionsCommand, Progress
from education.models import Edition, EditionPage
from education.rendering import RENDERER_VERSION


class Command(EditionsCommand):
    help = (
        "Add a rendering by today's renderer to each page of each edition that has none. Older renderings stay as they "
        "are; readers get the newest. To be run after an upgrade that says so; safe to run again."
    )
    example = "--dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="only say how many pages there are to render")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = EditionPage.objects.filter(edition__guide__in=self.guides(options["guide"]))
        waiting = pages.exclude(renderings__renderer_version=RENDERER_VERSION)
        of_all = f"of {pages.count()} pages by renderer version {RENDERER_VERSION}"
        if options["dry_run"]:
            self.stdout.write(f"To be rendered: {waiting.count()} {of_all}.")
            return
        editions = list(waiting.order_by("edition").values_list("edition", flat=True).distinct())
        progress = Progress(self.stdout, "Rendering edition", len(editions))
        added = failed = 0
        for done, pk in enumerate(editions, start=1):
            edition = Edition.objects.select_related("guide").get(pk=pk)
            try:
                added += rerender(edition)
            except (Refused, DatabaseError) as error:
                failed += 1
                progress.say(f"Edition {pk} ({edition.guide.slug}, edition {edition.number}): {error}")
            progress.at(done)
        progress.end()
        self.stdout.write(f"Rendered: {added} {of_all}.")
        if failed:
            raise CommandError(f"Editions that keep their older renderings: {failed} of {len(editions)}.", returncode=1)
