"""`manage.py send_digest`: writes to each member of staff what waits for them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.actions import readers, send_digests
from education.management.over_editions import Progress
from education.models import PendingMail


class Command(BaseCommand):
    help = (
        "Write to each member of staff what waits for them: one mail, and none when nothing waits. It goes to active "
        "accounts with an address and a tick at “Mail of what waits”, at most once a day in the clinic's time zone. "
        "Run it in the morning of each working day. Exit code 1: somebody's mail could not be made; the others' were."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        example = f"Example, to see who would get what: {prog_name} {subcommand} --dry-run"
        return super().create_parser(prog_name, subcommand, epilog=example, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say who would get what: send nothing")
        parser.add_argument("--again", action="store_true", help="also to those who have had their mail today")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = {"again": options["again"], "dry_run": options["dry_run"]}
        try:
            self._run(**chosen)
        except DatabaseError as error:
            raise CommandError(f"The database could not be used ({error}). Try again.", returncode=1) from error

    def _run(self, *, again: bool, dry_run: bool) -> None:
        progress = Progress(self.stdout, "Looking at the desk of person", readers(again=again).count())
        sent, failed = 0, 0
        for number, (person, digest, error) in enumerate(send_digests(again=again, dry_run=dry_run), start=1):
            progress.at(number)
            if error:
                failed += 1
                progress.say(f"{person.username}: no mail could be made ({type(error).__name__}).")
            elif digest:
                sent += 1
                if dry_run:
                    progress.say(f"{person.username} <{person.email}>: {digest.subject}")
        progress.end()
        self.stdout.write(f"{'Would be sent' if dry_run else 'Mails'}: {sent}.")
        if not dry_run and (waiting := PendingMail.objects.count()):
            self.stdout.write(f"Not taken by the mail server yet: {waiting}. The command send_pending tries again.")
        if failed:
            raise CommandError(f"No mail could be made for {failed}. The log says more.", returncode=1)
