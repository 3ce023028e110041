"""What a page costs that is not ready yet, and how soon a server starts: `make bench-cold`.

Method. The sample clinic is loaded into a data folder of its own, on SQLite, and one process asks Django for each
public page as the server would. It asks ten times, and then as often as `--rounds` says: what counts is the median of
the processor's time, middleware and the database's own work among it, since what a clock says depends on what else a
machine does. Each round is a change, the page as the first one after it, which reads everything, and the page as it is
when that has been read. No first page may ask the database more than 8 times; a home page, a list and a page of a guide
may take 5 ms when its rows have been read. What the first one takes is shown, and what others take.

Starting: the product is started on data that are there, once as a service starts it, once as `make run` does, and the
time counts until it says that it serves, by the clock. The median of five may be 2 and 5 seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.results import Line, Section, missed, printed, versions, write
from bench.sample_site import NotStarted, end, free_port, wait_until_started
from config.check import CHECKOUT, clean_environment

MOST_QUERIES = 8
MOST_MS = 5.0
# Whose time is judged: home, lists, and below a guide whatever is none of these.
LISTS = ("/", "/guides/", "/providers/", "/prices/")
BESIDE_A_GUIDE = (
    *("all", "sources", "sources.json", "sources.csv"),
    *("check", "plan", "plan.ics", "editions", "mistake"),
)
STARTS = {
    "as a service": (("-m", "config.serve"), 2.0),
    "make run": (("config/bootstrap.py", "run"), 5.0),
}
RUNS = 5
EXAMPLE = """\
Examples, as usual, and with a few rounds for a quick look:

  make bench-cold
  python -m bench.cold --rounds 20 --no-start
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when every budget is kept, 1 when one is missed or the sample does not start."""
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as data:
        environment = clean_environment(os.environ, Path(data))
        pages = costs(environment, options.rounds)
        text = table(pages)
        print(text)
        try:
            lines = [*judged(pages), *([] if options.no_start else started(environment))]
        except NotStarted as error:
            print(f"The sample clinic did not start: {error}", file=sys.stderr)
            return 1
    print(printed(lines))
    if options.write:
        write("cold", Section("make bench-cold", versions("Django"), lines, text))
    return 1 if missed(lines) else 0


def costs(environment: Mapping[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """Return for each page its queries and milliseconds of a processor, measured in a process of its own."""
    command = [sys.executable, "-m", "bench.cold_site", str(rounds)]
    asked = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(asked.stdout.splitlines()[-1]))


def is_quick(page: str) -> bool:
    """Return whether a page is one that may take 5 ms: home, a list, or a page of a guide."""
    parts = page.partition("?")[0].strip("/").split("/")
    of_guide = parts[0] == "guides" and len(parts) in (2, 3) and parts[-1] not in BESIDE_A_GUIDE
    return page in LISTS or of_guide


def table(pages: Mapping[str, Mapping[str, float]]) -> str:
    """Return what each page costs as lines of text."""
    lines = [f"{'Page':<74}{'queries':>8}{'CPU first':>11}{'later':>10}"]
    lines += [
        f"{page:<74}{cost['queries']:>8.0f}{cost['first_ms']:>8.1f} ms{cost['ms']:>7.1f} ms"
        for page, cost in pages.items()
    ]
    return "\n".join(lines)


def judged(pages: Mapping[str, Mapping[str, float]]) -> list[Line]:
    """Return the dearest pages beside the budgets."""
    asking = {page: cost["queries"] for page, cost in pages.items()}
    quick = {page: cost["ms"] for page, cost in pages.items() if is_quick(page)}
    most, slowest = max(asking, key=asking.__getitem__), max(quick, key=quick.__getitem__)
    first = median(pages[page]["first_ms"] for page in quick)
    usual, many = median(quick.values()), sum(cost <= MOST_MS for cost in quick.values())
    budget = f"at most {MOST_MS:.0f} ms"
    return [
        Line(f"queries, most: {most}", f"{asking[most]:.0f}", f"at most {MOST_QUERIES}", asking[most] <= MOST_QUERIES),
        Line(f"processor time, median of {len(quick)} pages", f"{usual:.1f} ms", budget, usual <= MOST_MS),
        Line(f"processor time, longest: {slowest}", f"{quick[slowest]:.1f} ms", budget, quick[slowest] <= MOST_MS),
        Line("processor time, median of the first page after a change", f"{first:.1f} ms", "", None),
        Line(f"pages within {MOST_MS:.0f} ms", f"{many} of {len(quick)}", "", None),
    ]


def started(environment: Mapping[str, str]) -> list[Line]:
    """Start the product again and again, and return how long that takes. Raises NotStarted."""
    lines = []
    for name, (command, most) in STARTS.items():
        # The first start prepares what the others find.
        times = [seconds_to_start(command, environment) for _run in range(RUNS + 1)][1:]
        took = median(times)
        lines.append(Line(f"start, {name}, median of {RUNS}", f"{took:.2f} s", f"at most {most:.0f} s", took <= most))
    return lines


def seconds_to_start(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the seconds from the command to the line that says that it serves. Raises NotStarted."""
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**environment, "PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_started(server)
        return time.perf_counter() - begun
    finally:
        end(server)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.cold",
        description="Measures what each public page of the sample costs, and how soon a server starts.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=200, help="how often each page is asked for (200)")
    parser.add_argument("--no-start", action="store_true", help="measure the pages alone")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
