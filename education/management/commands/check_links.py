"""`check_links`: asks whether the links to other sites still answer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from education.management.links import Verdict, ask_all, links
from education.management.over_editions import EditionsCommand, Progress


class Command(EditionsCommand):
    help = (
        "Ask every address outside this site once: the links of the pages that are being written and of live editions, "
        "and the addresses of sources. Names those that do not answer, those that moved for good, and those that "
        "answer to browsers only, each with the places where it stands. Changes nothing. "
        "Exit code 1: at least one is broken."
    )
    example = "--guide mesotherapy"

    def handle(self, *args: Any, **options: Any) -> None:
        guide = options["guide"]
        found = links(self.guides(guide), every_source=guide is None)
        progress = Progress(self.stdout, "Asking address", len(found))
        count = dict.fromkeys(Verdict, 0)
        for done, answer in enumerate(ask_all(found), start=1):
            count[answer.verdict] += 1
            if answer.verdict is not Verdict.ANSWERS:
                progress.say(f"{answer.address}\n  {answer.verdict.value}: {answer.said}")
                for place in found[answer.address]:
                    self.stdout.write(f"  in {place}")
            progress.at(done)
        progress.end()
        self.stdout.write(
            f"Addresses asked: {len(found)}. Moved for good: {count[Verdict.MOVED]}. "
            f"Answer to browsers only: {count[Verdict.FOR_PEOPLE]}."
        )
        if count[Verdict.BROKEN]:
            raise CommandError(f"Broken: {count[Verdict.BROKEN]}.", returncode=1)
