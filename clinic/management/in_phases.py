"""How far a command has come that does one thing after the other. Silent when piped."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

from education.management.over_editions import Progress


class Phases:
    """Hears what is being done, how much of it and of how much, and shows it on one line."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._progress: Progress | None = None

    def at(self, doing: str, done: int, total: int) -> None:
        if self._progress is None or self._progress.doing != doing:
            self.end()
            self._progress = Progress(self._out, doing, total)
        self._progress.at(done)

    def end(self) -> None:
        if self._progress:
            self._progress.end()
