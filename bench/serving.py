"""How fast the pages are served, beside others: `make bench-serving`; `python -m bench.serving --help` says more.

Method. One page, the overview of the sample's long guide, is served by each of these, on this computer alone, and each
with two workers: nginx with the page as a file that is compressed already; a WSGI application on granian that knows one
answer; Plainleaf from memory (warm), for a browser that has the page (304), and made by Django each time, as for the
cookie of somebody signed in (cold); the same view behind Django's cache middleware, in each worker's memory. All on
granian have the settings of `config/workers.py`. Each is asked for brotli, or gzip where there is none: nginx and the
bare application have the bytes and the headers that Plainleaf itself sends. Django compresses with gzip, once for each
time that it keeps the page.

wrk asks, over connections that stay open, each again as soon as it is answered. Every round gives each contestant its
turn; medians of the rounds are shown, and a ratio is the median of the ratios in each round. Nobody is bound to a
processor: wrk runs beside the servers and takes its share, more where few are. Time of the processor is that of all
processes of a server, from the ticks that Linux counts; memory is the mean of its workers after the last round.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from statistics import median
from textwrap import wrap

from bench import contestants as field
from bench.contestants import BARE, CACHED, NGINX, WARM, NotComparable, StoredPage, ask, checked, lacking, stored
from bench.results import Line, Section, missed, printed, version_of, versions, write
from bench.rounds import Contestant, Result, Turn, interleaved, ratios, table
from bench.sample_site import NotStarted

WAGTAIL, WAGTAIL_CACHED = "Wagtail", "Wagtail, its pages cached"
FEWEST_ROUNDS = 5
CONNECTIONS = 16
BUSY = 0.5
INSTALL = "On Debian and Ubuntu: sudo apt install wrk nginx"
DESCRIPTION = (
    "Measures how fast one page is served by Plainleaf and by others, in the same rounds. "
    f"It needs wrk; without nginx the rest is measured. {INSTALL}"
)
EXAMPLE = """\
Examples, as usual, for a quick look, and to keep the figures:

  make bench-serving
  python -m bench.serving --seconds 1
  make bench-serving ARGS=--write
"""
Join = Callable[[StoredPage], AbstractContextManager[list[Contestant]]]


@dataclass(frozen=True)
class Target:
    """How one contestant is to stand to another."""

    what: str
    one: str
    other: str
    of: Callable[[Turn], float] = lambda turn: turn.rate
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    @property
    def words(self) -> str:
        parts = ((self.at_least, "at least {:g}"), (self.aim, "aim for {:g}"), (self.at_most, "at most {:g}"))
        return ", ".join(words.format(number) for number, words in parts if number is not None)

    def keeps(self, ratio: float) -> bool | None:
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or ratio >= self.at_least) and (self.at_most is None or ratio <= self.at_most)


TARGETS = (
    Target("req/s, warm ÷ bare WSGI", WARM, BARE, at_least=0.90),
    Target("req/s, warm ÷ nginx with stored brotli", WARM, NGINX, at_least=0.50, aim=0.60),
    Target("p99, warm ÷ nginx", WARM, NGINX, of=lambda turn: turn.p99, at_most=3),
    Target("time of the processor, warm ÷ bare WSGI", WARM, BARE, of=lambda turn: turn.processor / turn.requests),
    Target("req/s, warm ÷ Django's cache middleware", WARM, CACHED),
)
BESIDE_PEERS = (
    Target("req/s, warm ÷ Wagtail, its pages cached", WARM, WAGTAIL_CACHED, at_least=5),
    Target("req/s, warm ÷ Wagtail", WARM, WAGTAIL, at_least=200),
)


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when every target is met, 1 when one is missed, 2 when nothing could be measured."""
    options = parse(arguments, "bench.serving", DESCRIPTION, EXAMPLE)
    return run("serving", options, TARGETS)


def run(
    name: str,
    options: argparse.Namespace,
    targets: Sequence[Target],
    join: Join | None = None,
    more: Sequence[str] = (),
) -> int:
    """Measure all, with those that join in the same rounds. `more`: versions of what they run on."""
    if lacking("wrk"):
        print(f"Nothing was measured: wrk, which asks for the pages, is not installed. {INSTALL}", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    try:
        with ExitStack() as stack:
            entered = enter(stack, join)
            results = interleaved(entered, options.rounds, options.seconds, options.connections, progress)
    except (NotStarted, NotComparable) as failure:
        progress("")
        print(f"Nothing was measured: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        progress("")
        return 130
    progress("")
    lines = [*judged(results, targets), *failures(results)]
    text = "\n".join([table(results), "", *notes(options, load)])
    print(f"{text}\n\n{printed(lines)}")
    if options.write:
        programs = [version_of([path, "-v"]) for path in map(field.found, ("wrk", "nginx")) if path]
        ran_on = [*versions("Django", "granian"), *programs, *more]
        write(name, Section(f"make bench-{name}", ran_on, lines, text))
    return 1 if missed(lines) else 0


def enter(stack: ExitStack, join: Join | None) -> list[Contestant]:
    """Start everybody; they end with the stack. Raises NotStarted or NotComparable."""
    progress("Starting Plainleaf with the sample clinic")
    ours = stack.enter_context(field.plainleaf())
    page = stored(ask(ours[0].address, ours[0].headers))
    found = []
    if not lacking("nginx"):
        progress("Starting nginx")
        found.append(stack.enter_context(field.nginx(page)))
    progress("Starting the bare application")
    found += [stack.enter_context(field.bare(page)), *ours]
    progress("Starting Django's cache middleware")
    found.append(stack.enter_context(field.django_cached()))
    if join is not None:
        found += stack.enter_context(join(page))
    return [checked(one, page) for one in found]


# What is said of it


def judged(results: Sequence[Result], targets: Sequence[Target]) -> list[Line]:
    """Return each ratio beside its target; “not measured” where one of the two was left out."""
    by_name = {result.contestant.name: result for result in results}
    return [line(target, by_name.get(target.one), by_name.get(target.other)) for target in targets]


def line(target: Target, one: Result | None, other: Result | None) -> Line:
    if one is None or other is None:
        return Line(target.what, "not measured", target.words, None)
    found = ratios(one, other, target.of)
    ratio = median(found)
    measured = f"{figure(ratio)} ({figure(found[0])} to {figure(found[-1])})"
    return Line(target.what, measured, target.words, target.keeps(ratio))


def figure(ratio: float) -> str:
    return f"{ratio:.3g}" if ratio < 1000 else f"{ratio:,.0f}"


def failures(results: Sequence[Result]) -> list[Line]:
    """Return how often nobody answered, or with an error."""
    failed = {one.contestant.name: sum(turn.failed for turn in one.turns) for one in results}
    names = [f"{name}: {count:,}" for name, count in failed.items() if count]
    return [Line("requests without an answer, or with an error", ", ".join(names) or "0", "0", not names)]


def notes(options: argparse.Namespace, load: float) -> list[str]:
    """Return what has to be known beside the table."""
    cores = os.cpu_count() or 1
    found = [
        f"Median of {options.rounds} rounds, {options.seconds} s each, over {options.connections} connections. "
        f"wrk shares the {cores} processors with the servers."
    ]
    if load > BUSY:
        found.append(f"The machine was busy before it began (load {load:.2f}): measure again when it is not.")
    if lacking("nginx"):
        found.append(f"nginx is left out: it is not installed. {INSTALL}")
    return found


def parse(arguments: Sequence[str], name: str, description: str, example: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"python -m {name}",
        description="\n".join(wrap(description, 100)),
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=within(1, 60), default=5, help="how long each turn lasts (5)")
    parser.add_argument("--rounds", type=within(FEWEST_ROUNDS, 100), default=FEWEST_ROUNDS, help="turns of each (5)")
    parser.add_argument("--connections", type=within(1, 256), default=CONNECTIONS, help="connections of wrk (16)")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


def within(lowest: int, highest: int) -> Callable[[str], int]:
    """Return what reads a number and refuses one outside these."""

    def read(text: str) -> int:
        if not text.isdigit() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {lowest} to {highest}")
        return int(text)

    return read


def progress(text: str) -> None:
    """Show on a terminal what is being done, in place of what was shown before; elsewhere say nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
