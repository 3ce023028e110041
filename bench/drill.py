"""What becomes of a site that is ill-treated: `make drill`; `python -m bench.drill --help` says more.

Method. The product is started as `make run` starts it, with the sample clinic, on SQLite and, where it is reachable, on
a PostgreSQL database of its own. Staff work with it over HTTP meanwhile: they save pages, submit, approve, publish. The
ledger of what the site told them was kept is compared with what the database itself holds, read past Plainleaf's code;
`verify_editions` computes every hash anew; and the pages of patients are asked for. Whatever is missing, in half or not
answered as it should be counts as lost.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.drills import at_once, backups, clock, crash, hindered
from bench.drills.outcome import Outcome, Progress, Said
from bench.drills.place import Place, PostgreSQLPlace, SQLitePlace
from bench.drills.site import Site
from bench.drills.staff import NotSignedIn
from bench.results import Line, Section, versions, write
from bench.sample_site import NotStarted
from config.check import services, unreachable

TIMES, FEW = 30, 3
# The others are slower, and depend less on chance than the moment of a crash does.
CRASHES_FOR_ONE = 10
DRILLS = ("crash", "disk", "lock", "server", "at-once", "backup", "clock")
COLUMNS = ("database", "drill", "what was done", "times", "accepted", "refused", "lost", "took")
TO_THE_RIGHT = 3
EXAMPLE = """\
Examples, with all drills, with more crashes, and with one drill on one database:

  make drill
  make drill ARGS="--times 100"
  python -m bench.drill --only disk --database sqlite

With all drills, and what was lost written into bench/results.md:

  make drill ARGS=--write
"""


def main(arguments: Sequence[str]) -> int:
    """Drill and print. Returns 0 when nothing was lost, 1 when something was, 2 when the site did not start."""
    options = parse(arguments)
    begun = time.monotonic()
    rows: list[tuple[str, Outcome]] = []
    try:
        for place in chosen(options.database):
            drilled(place, options, rows)
    except NotStarted as failure:
        print(f"Plainleaf did not start: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    text = table(rows)
    print(text)
    lost = [f"{name}, {one.drill}, {one.what}: {sentence}" for name, one in rows for sentence in one.lost]
    print("\n".join(lost or ["Nothing was lost."]))
    print(f"Seed {options.seed}; {time.monotonic() - begun:.0f} s in all.")
    if options.write:
        given = " ".join(word for word in arguments if word != "--write")
        command = f'make drill ARGS="{given}"' if given else "make drill"
        write("drill", Section(command, versions("Django", "granian"), lines_of(rows), text))
    return 1 if lost else 0


def chosen(name: str) -> Iterator[Callable[[Path], Place]]:
    """Yield what makes each place that is wanted; says which cannot be reached."""
    if name in ("both", "sqlite"):
        yield SQLitePlace
    if name in ("both", "postgresql"):
        found = services(os.environ)
        if missing := unreachable(found):
            print(f"PostgreSQL is left out: {missing}")
        else:
            yield lambda data: PostgreSQLPlace(data, found)


def drilled(make: Callable[[Path], Place], options: argparse.Namespace, rows: list[tuple[str, Outcome]]) -> None:
    """Run the drills on one database, and add their outcomes."""
    few = max(1, options.times // CRASHES_FOR_ONE)
    with place_of_its_own(make) as place:
        said = Progress(place.name)
        said("starting the sample clinic", 1, 1)
        site = Site(place)
        dice = random.Random(options.seed)
        runs: dict[str, Callable[[Said], Iterator[Outcome]]] = {
            "crash": lambda said: crash.drill(site, options.times, dice, said),
            "disk": lambda said: hindered.disk(site, few, said),
            "lock": lambda said: hindered.lock(site, few, said, short=options.short),
            "server": lambda said: hindered.server(site, few, said),
            "at-once": lambda said: at_once.drill(site, few, said),
            "backup": lambda said: backups.drill(site, few, said),
            # With a server of its own, whose clock can be set.
            "clock": lambda said: clock.drill(place, few, said),
        }
        try:
            site.start()
            # In their order: what the clock drill plans for later years is in the way of every other edition.
            for name in [one for one in DRILLS if one in (options.only or DRILLS)]:
                rows += [(place.name, one) for one in runs[name](said)]
        except NotSignedIn as failure:
            rows.append((place.name, Outcome("all", "staff cannot sign in", times=1, lost=[str(failure)])))
        finally:
            site.stop()
            said.over()


@contextmanager
def place_of_its_own(make: Callable[[Path], Place]) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        place = make(data)
        try:
            yield place
        finally:
            place.remove()


def table(rows: Sequence[tuple[str, Outcome]]) -> str:
    """Return the outcomes as lines of text, one a row, under a line of headings."""
    cells = [COLUMNS, *((name, *row(one)) for name, one in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < TO_THE_RIGHT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def lines_of(rows: Sequence[tuple[str, Outcome]]) -> list[Line]:
    """Return what was lost on each database, beside how often something was done to it."""
    found = []
    for name in dict.fromkeys(name for name, _ in rows):
        ours = [one for of, one in rows if of == name]
        lost, times = sum(len(one.lost) for one in ours), sum(one.times for one in ours)
        accepted = sum(one.accepted for one in ours)
        what = f"lost on {name}, of {accepted:,} accepted during {times:,} drills"
        found.append(Line(what, f"{lost}", "0", not lost))
    return found


def row(one: Outcome) -> tuple[str, ...]:
    counts = (one.times, one.accepted, one.refused, len(one.lost))
    return (one.drill, one.what, *(f"{count:,}" for count in counts), f"{one.seconds:.0f} s")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.drill",
        description="Kills, fills, locks and restores a sample clinic while staff work, and counts what is lost.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--times", type=int, default=None, help=f"how many crashes; a tenth of it of the rest ({TIMES})"
    )
    parser.add_argument("--only", action="append", choices=DRILLS, help="this drill alone; may be given again")
    parser.add_argument(
        "--database", choices=("both", "sqlite", "postgresql"), default="both", help="on which (both, where reachable)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which processes are killed (1)")
    parser.add_argument("--short", action="store_true", help=f"{FEW} crashes, and a lock that nobody waits out")
    parser.add_argument("--write", action="store_true", help="write what was lost into bench/results.md")
    options = parser.parse_args(arguments)
    options.times = options.times or (FEW if options.short else TIMES)
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
