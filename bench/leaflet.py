"""What leaflets cost to make and to serve: `make bench-leaflet`; `python -m bench.leaflet --help` says more.

Method. Made: the sample clinic is loaded into a data folder of its own. Each sheet of its long guide is made from the
record in a process that made a leaflet of the short guide before, as a worker of a running site has, and that never saw
the long one: what typst remembers of a text would make the second time cheaper. The processor's time is measured, with
that of all threads, since what a clock says depends on what else a machine does; the target is that no sheet's median
is above 200 ms. Served: the product is started as `make run` starts it, and each sheet is asked for until it comes from
the shelf, beside a page of the same guide in the same run. Nothing of that is judged.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.results import Line, Section, missed, printed, versions, write
from bench.sample_site import NotStarted, sample_site
from config.check import CHECKOUT, clean_environment

TARGET_MS = 200.0
GUIDE = "/guides/mesotherapy/"
SHEETS = ("?paper=a4", "?paper=letter", "?paper=a4&size=large", "?paper=letter&size=large")
EXAMPLE = """\
Examples, as usual and with more of everything:

  make bench-leaflet
  python -m bench.leaflet --rounds 15 --runs 100
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when the target is met, 1 when it is missed or the sample does not start."""
    options = parse(arguments)
    made = made_anew(options.rounds)
    try:
        with sample_site() as origin:
            text = compared(origin, options.runs, made)
    except NotStarted as error:
        print(f"The sample clinic did not start: {error}", file=sys.stderr)
        return 1
    lines = judged(made)
    print(f"{text}\n{printed(lines)}")
    if options.write:
        write("leaflet", Section("make bench-leaflet", versions("Django", "typst"), lines, text))
    return 1 if missed(lines) else 0


def judged(made: Mapping[str, Mapping[str, float]]) -> list[Line]:
    sheets = {f"leaflet.pdf{sheet}, made, time of a processor": made[sheet]["ms"] for sheet in SHEETS}
    target = f"at most {TARGET_MS:.0f} ms"
    return [Line(what, f"{ms:.0f} ms", target, ms <= TARGET_MS) for what, ms in sheets.items()]


def made_anew(rounds: int) -> dict[str, dict[str, float]]:
    """Return for each sheet the median of the processor's milliseconds, the slowest, its pages and its bytes."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as data:
        environment = clean_environment(os.environ, Path(data))
        command = [sys.executable, "-m", "bench.leaflet_site", str(rounds), *SHEETS]
        asked = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(asked.stdout.splitlines()[-1]))


def compared(origin: str, runs: int, made: Mapping[str, Mapping[str, float]]) -> str:
    """Return lines of text: what each sheet costs to make, and how soon it is served beside a page of the guide."""
    page = median(asked(origin + GUIDE) for _ in range(runs))
    lines = [
        f"A page of the guide: {milliseconds(page)} (median of {runs})",
        f"{'Leaflet':<36}{'pages':>6}{'KB':>6}{'made, CPU':>12}{'slowest':>12}{'served':>11}{'to a page':>11}",
    ]
    for sheet in SHEETS:
        asked(f"{origin}{GUIDE}leaflet.pdf{sheet}")
        served = median(asked(f"{origin}{GUIDE}leaflet.pdf{sheet}") for _ in range(runs))
        facts = made[sheet]
        row = f"{'leaflet.pdf' + sheet:<36}{facts['pages']:>6.0f}{facts['bytes'] / 1024:>6.0f}"
        row += f"{milliseconds(facts['ms'] / 1000):>12}{milliseconds(facts['slowest'] / 1000):>12}"
        lines.append(f"{row}{milliseconds(served):>11}{served / page:>11.2f}")
    return "\n".join(lines)


def asked(address: str) -> float:
    """Return the seconds until the whole answer was there."""
    begun = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        answer.read()
    return time.perf_counter() - begun


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.leaflet",
        description="Measures what the sample's leaflets cost to make, and how soon they are served.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each sheet is made anew (7)")
    parser.add_argument("--runs", type=int, default=40, help="how often each address is asked for (40)")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
