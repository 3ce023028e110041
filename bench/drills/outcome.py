"""What a drill leaves: how often something was done, what was accepted meanwhile, and what was lost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# Hears what is done now: the number of this time, and of how many.
Said = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """One line of the table. `lost` has a sentence for each thing that is gone, half there, or should not be so."""

    drill: str
    what: str
    times: int = 0
    accepted: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def expect(self, holds: object, otherwise: str) -> bool:
        """Note a loss unless it holds."""
        if not holds:
            self.lost.append(otherwise)
        return bool(holds)


class Progress:
    """Says on a terminal what is done, how often, and about how long it still takes; elsewhere nothing."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._what, self._begun = "", 0.0

    def __call__(self, what: str, number: int, of: int) -> None:
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if what != self._what:
            self._what, self._begun = what, now
        left = (now - self._begun) / (number - 1) * (of - number + 1) if number > 1 else 0
        still = f", about {left:.0f} s left" if left else ""
        print(f"\r\x1b[K{self.place}: {what}, {number} of {of}{still}", end="", file=sys.stderr, flush=True)

    def over(self) -> None:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
