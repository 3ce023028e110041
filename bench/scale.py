"""How usable the product is for a large clinic: `make bench-scale`; `python -m bench.scale --help` says more.

Method. For each size a database of its own is made and filled with a drawn clinic: guides of 14 pages and 10 editions
on the record, and in proportion sources, entries, providers, prices, reports, audit lines, and requests of two years.
Each screen is asked for through Django's handler, without a network: twice to count its queries, of which the second
counts, then five times, of which the median counts. Then the commands run, and of the migrations the last ones are
unapplied and applied again. A screen fails whose queries grow with the size, and one that takes too long at the
largest. Commands have no limit but to finish.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.results import Line, Section, missed, printed, versions, write
from config.check import CHECKOUT, clean_environment, services, unreachable

GUIDES, EDITIONS = 200, 10
SHARES = (1 / 20, 1 / 4, 1)
# A file of everything begins at once, and may go on while somebody waits for it.
MOST_MS = {"public": 300, "staff": 1000, "file": 10_000}
GROWS = "queries grow"
EXAMPLE = """\
Examples, with 200 guides on SQLite, with a few for a quick look, and with some screens alone on PostgreSQL:

  make bench-scale
  python -m bench.scale --guides 40
  python -m bench.scale --database postgresql --only "list of requests" --no-commands
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when no screen's queries grow and none is too slow, else 1."""
    options = parse(arguments)
    database = ""
    if options.database == "postgresql":
        if missing := unreachable(services(os.environ)):
            print(f"PostgreSQL cannot be measured: {missing}", file=sys.stderr)
            return 1
        database = services(os.environ)["DATABASE_URL"]
    sizes = sorted({max(10, round(options.guides * share)) for share in SHARES})
    found = [measured(database, guides, options) for guides in sizes]
    told = [f"Size {number}: {one['size']}" for number, one in enumerate(found, start=1)]
    text = "\n".join([*told, "", *screens_of(found), "", *steps_of(found)])
    lines = lines_of(found)
    print(f"{text}\n\n{printed(lines)}")
    if options.write:
        section = Section(command_of(options), versions("Django"), lines, text)
        write("scale" if options.database == "sqlite" else "scale on postgresql", section)
    return 1 if missed(lines) else 0


def command_of(options: argparse.Namespace) -> str:
    """Return how to get the same figures again."""
    guides = f" --guides {options.guides}" if options.guides != GUIDES else ""
    screens = "" if options.commands else " --no-commands"
    given = f"--database {options.database}{guides}{screens}".removeprefix("--database sqlite").strip()
    return "make bench-scale" + (f' ARGS="{given}"' if given else "")


def measured(database: str, guides: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one size in a process of its own, with settings and data of its own."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as data:
        environment = clean_environment(os.environ, Path(data)) | ({"DATABASE_URL": database} if database else {})
        steps = "commands" if options.commands else "screens"
        command = [
            *(sys.executable, "-m", "bench.scale_site", str(guides), str(options.editions), options.only, steps),
        ]
        asked = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(asked.stdout.splitlines()[-1]))


def screens_of(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the table of screens; one that is not as it should be says why."""
    lines = [f"{'screen':<32}{'queries':>{6 * len(found)}}{'ms':>{9 * len(found)}}{'kB':>8}"]
    for name in found[-1]["screens"]:
        rows = [one["screens"][name] for one in found]
        queries = "".join(f"{row['queries']:>6}" for row in rows)
        times = "".join(f"{row['ms']:>9.1f}" for row in rows)
        size = f"{rows[-1]['bytes'] / 1000:>8.0f}"
        lines.append(f"{name:<32}{queries}{times}{size}  {', '.join(judged(rows))}".rstrip())
    return lines


def lines_of(found: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return how many screens grow, and the slowest of each kind at the largest size, beside their targets."""
    largest = found[-1]["screens"]
    growing = [name for name in largest if GROWS in judged([one["screens"][name] for one in found])]
    what = f"screens whose queries grow, of {len(largest)}" + (f": {', '.join(growing)}" if growing else "")
    lines = [Line(what, f"{len(growing)}", "0", not growing)]
    for kind, most in MOST_MS.items():
        times = {name: row["ms"] for name, row in largest.items() if row["kind"] == kind}
        if times:
            slowest = max(times, key=times.__getitem__)
            took = times[slowest]
            lines.append(Line(f"slowest {kind}: {slowest}", f"{took:.0f} ms", f"at most {most} ms", took <= most))
    return lines


def judged(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with a screen, from its figures at each size, the smallest first."""
    said = []
    if max(row["queries"] for row in rows) > rows[0]["queries"]:
        said.append(GROWS)
    most = MOST_MS[rows[-1]["kind"]]
    if rows[-1]["ms"] > most:
        said.append(f"more than {most} ms")
    return said


def steps_of(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the table of commands."""
    return [
        f"{'command':<44}{'seconds':>{9 * len(found)}}",
        *(f"{name:<44}" + "".join(f"{one['steps'][name]:>9.1f}" for one in found) for name in found[-1]["steps"]),
    ]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale",
        description="Measures every screen and command with a clinic of three sizes, and says what does not scale.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    named = services(os.environ)["DATABASE_URL"] if "DATABASE_URL" in os.environ else ""
    default = "postgresql" if named.startswith("postgres") else "sqlite"
    parser.add_argument("--guides", type=int, default=GUIDES, help=f"how many guides the largest has ({GUIDES})")
    parser.add_argument("--editions", type=int, default=EDITIONS, help=f"how many editions each has ({EDITIONS})")
    parser.add_argument(
        "--database", choices=["sqlite", "postgresql"], default=default, help="as DATABASE_URL names it, else sqlite"
    )
    parser.add_argument("--only", default="", metavar="WORDS", help="only screens with these words in their names")
    parser.add_argument("--no-commands", dest="commands", action="store_false", help="leave the commands out")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
