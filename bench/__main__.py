"""Runs every benchmark there is, one after the other: `make bench`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bench import leaflet, scale, search, weight

BENCHMARKS: tuple[Callable[[Sequence[str]], int], ...] = (weight.main, leaflet.main, search.main, scale.main)


def main() -> int:
    """Return the highest exit code, so that one missed budget is not hidden by what comes after it."""
    return max([benchmark([]) for benchmark in BENCHMARKS])


if __name__ == "__main__":
    sys.exit(main())
