"""What the commands that go over all editions share: which guides are meant, and how far they have come."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db.models import QuerySet

from education.models import Guide

REDRAW_SECONDS = 0.1
CLEAR_LINE = "\r\x1b[K"


class EditionsCommand(BaseCommand):
    """A command with `--guide`, and with an example under its help."""

    example = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        epilog = f"Example: {prog_name} {subcommand} {self.example}"
        return super().create_parser(prog_name, subcommand, epilog=epilog, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--guide", metavar="SLUG", help="only this guide: the last part of its web address")

    def guides(self, slug: str | None) -> QuerySet[Guide]:
        """Return all guides, or the one with this address. Raises CommandError when there is none."""
        guides = Guide.objects.order_by("slug")
        if slug is None:
            return guides
        if not guides.filter(slug=slug).exists():
            there = ", ".join(guides.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{slug}”. Name one of these: {there}.")
        return guides.filter(slug=slug)


class Progress:
    """One line that says what is being done, how much of it, and how long it will still take. Silent when piped."""

    def __init__(self, out: OutputWrapper, doing: str, total: int) -> None:
        self.out = out
        self.doing = doing
        self.total = total
        self.shown = out.isatty()
        self.begun = time.monotonic()
        self.drawn = 0.0

    def at(self, done: int) -> None:
        """Say that this many are done."""
        now = time.monotonic()
        if self.shown and now - self.drawn >= REDRAW_SECONDS:
            self.drawn = now
            left = round((now - self.begun) / max(done, 1) * (self.total - done))
            self.out.write(f"{CLEAR_LINE}{self.doing} {done} of {self.total}, about {left} s left", ending="")
            self.out.flush()

    def say(self, line: str) -> None:
        """Write a line that stays, above the progress."""
        self.out.write(f"{CLEAR_LINE}{line}" if self.shown else line)

    def end(self) -> None:
        """Take the line away."""
        if self.shown:
            self.out.write(CLEAR_LINE, ending="")
