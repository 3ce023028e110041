"""Runs every benchmark there is, one after the other, and writes `bench/results.md`: `make bench`."""

from __future__ import annotations

import argparse
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


def main(arguments: Sequence[str]) -> int:
    """Return the highest exit code, so that one missed budget is not hidden by what comes after it."""
    parse(arguments)
    return max([benchmark(["--write"]) for benchmark in BENCHMARKS])


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Runs every benchmark but the one beside Wagtail, and writes what they measured into "
        "bench/results.md. It takes no options, a long while, and a machine that does nothing else meanwhile.",
        epilog="What is not there is left out: the serving without wrk, its comparison without nginx, paint times "
        "without a Chromium, PostgreSQL where none is reachable.",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
