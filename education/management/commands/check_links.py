"""`check_links`: asks whether the links to other sites still answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from education.management.links import Answer, Verdict, ask_all, host, links
from education.management.over_editions import EditionsCommand, Progress


class Command(EditionsCommand):
    help = (
        "Ask every address outside this site once: the links of the pages that are being written and of live editions, "
        "and the addresses of sources. Names those that do not answer, those that moved for good, and those that "
        "answer to browsers only, each with the places where it stands. Changes nothing. "
        "Exit code 1: at least one is broken, or this machine has no way to the internet."
    )
    example = "--guide mesotherapy"

    def handle(self, *args: Any, **options: Any) -> None:
        guide = options["guide"]
        found = links(self.guides(guide), every_source=guide is None)
        progress = Progress(self.stdout, "Asking address", len(found))
        count = dict.fromkeys(Verdict, 0)
        # What no host answered waits: when none does, it is this machine and not the links.
        waiting: list[Answer] = []
        met_a_host = False
        for done, answer in enumerate(ask_all(found), start=1):
            count[answer.verdict] += 1
            waiting.append(answer)
            met_a_host = met_a_host or not answer.is_out_of_reach
            if met_a_host:
                self._say(waiting, found, progress)
            progress.at(done)
        # One host alone may really be gone.
        if len({host(answer.address) for answer in waiting}) > 1:
            progress.end()
            raise CommandError(
                f"None of the {len(waiting)} addresses could be reached: this machine seems to have no way to the "
                "internet. Nothing is known about the links. Try again when it has one.",
                returncode=1,
            )
        self._say(waiting, found, progress)
        progress.end()
        self.stdout.write(
            f"Addresses asked: {len(found)}. Moved for good: {count[Verdict.MOVED]}. "
            f"Answer to browsers only: {count[Verdict.FOR_PEOPLE]}."
        )
        if count[Verdict.BROKEN]:
            raise CommandError(f"Broken: {count[Verdict.BROKEN]}.", returncode=1)

    def _say(self, waiting: list[Answer], found: Mapping[str, list[str]], progress: Progress) -> None:
        """Write the answers that need somebody, each with its places, and empty the list."""
        for answer in waiting:
            if answer.verdict is not Verdict.ANSWERS:
                progress.say(f"{answer.address}\n  {answer.verdict.value}: {answer.said}")
                for place in found[answer.address]:
                    self.stdout.write(f"  in {place}")
        waiting.clear()
