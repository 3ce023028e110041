"""Runs every benchmark there is, one after the other, and writes `bench/results.md`: `make bench`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bench import cold, freshness, leaflet, scale, search, serving, weight

# The one that asks for a quiet machine comes first.
BENCHMARKS: tuple[Callable[[Sequence[str]], int], ...] = (
    serving.main,
    cold.main,
    freshness.main,
    weight.main,
    leaflet.main,
    search.main,
    scale.main,
)


def main() -> int:
    """Return the highest exit code, so that one missed budget is not hidden by what comes after it."""
    return max([benchmark(["--write"]) for benchmark in BENCHMARKS])


if __name__ == "__main__":
    sys.exit(main())
