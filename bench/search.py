"""How long a search takes on a large site: `make bench-search`; `python -m bench.search --help` says more.

Method. A database of its own is made and filled with generated guides of 14 pages, each with entries, all live. Their
words are drawn as often as words are in a language: the first of the list in nearly every page, the last in hardly any,
among them what the queries look for. Each query is asked as the page asks it, with the list of places, their snippets
and marks, and without the HTML around them. It is asked once before it is timed. SQLite is measured, and PostgreSQL
where it is reachable; the target is a 95th percentile of at most 40 ms on each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.results import Line, Section, missed, printed, versions, write
from config.check import CHECKOUT, clean_environment, services, unreachable

TARGET_MS = 40.0
EXAMPLE = """\
Examples, with all 10,000 pages and with a few for a quick look:

  make bench-search
  python -m bench.search --pages 1000
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when the target is met on each database, 1 when it is missed."""
    options = parse(arguments)
    told, lines = [], []
    for name, database in databases().items():
        figures = measured(database, options.pages, options.rounds)
        told.append(
            f"{name}: {figures['pages']:,} pages, {figures['rows']:,} places, {figures['searches']} searches: "
            f"p50 {figures['p50']:.1f} ms, p95 {figures['p95']:.1f} ms, slowest {figures['slowest']:.1f} ms "
            f"(“{figures['slowest_query']}”)"
        )
        print(told[-1])
        lines.append(judged(name, options.pages, figures["p95"]))
    print(printed(lines))
    if options.write:
        write("search", Section("make bench-search", versions("Django"), lines, "\n".join(told)))
    return 1 if missed(lines) else 0


def judged(database: str, pages: int, p95: float) -> Line:
    what = f"search with snippets over {pages:,} pages on {database}, p95"
    return Line(what, f"{p95:.1f} ms", f"at most {TARGET_MS:.0f} ms", p95 <= TARGET_MS)


def databases() -> dict[str, str]:
    """Return the databases to measure, by name: where each is, nothing for a new file of SQLite."""
    found = {"SQLite": ""}
    missing = unreachable(services(os.environ))
    if missing:
        print(f"PostgreSQL is left out: {missing}")
    else:
        found["PostgreSQL"] = services(os.environ)["DATABASE_URL"]
    return found


def measured(database: str, pages: int, rounds: int) -> dict[str, float]:
    """Measure one database in a process of its own, with settings and data of its own."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as data:
        environment = clean_environment(os.environ, Path(data)) | ({"DATABASE_URL": database} if database else {})
        command = [sys.executable, "-m", "bench.search_site", str(pages), str(rounds)]
        asked = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(asked.stdout.splitlines()[-1]))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.search",
        description="Measures the search over generated guides on SQLite and, where reachable, PostgreSQL.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, default=10_000, help="how many pages of guides to generate (10,000)")
    parser.add_argument("--rounds", type=int, default=20, help="how often each query is asked (20)")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
