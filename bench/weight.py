"""What the main pages weigh beside their budgets: `make bench-weight`; `python -m bench.weight --help` says more.

Method. The product is started as `make run` starts it: production server, local mode, compressed static files, the
sample clinic in a fresh data folder. Each page is asked for once; its HTML and style sheets say what a browser asks for
at first. The site's icon does not count. Images that load lazily are listed apart, and of an image in several sizes
the largest counts.

Bytes are those of bodies, without headers. "Brotli" is quality 11 for texts, whatever the server sends; pictures and
fonts count as they are. "Sent" is what went over the line for `Accept-Encoding: br, gzip`. Budgets judge requests and
brotli bytes, which differ by a few bytes from one start to the next: codes and dates are new each time.

Where a Chromium is found, `bench/paint.py` visits each page on a slow telephone: 1.6 Mbit/s down, 750 kbit/s up, 150 ms
a request, a quarter of this processor, 360 by 740, empty cache, median of 5. Those times depend on the machine. One of
them is judged: the largest paint of the overview of the sample's guide, which is to come within 0.8 s.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import brotli

from bench.loads import Loads, named_in_style
from bench.paint import Paint, measure
from bench.results import Line, Section, printed, version_of, versions, write
from bench.sample_site import NotStarted, sample_site
from config.check import chromium

KILOBYTE = 1024
LIGHT = 14 * KILOBYTE  # about what a server may send before it hears from the browser
LONG = 45 * KILOBYTE
STYLESHEET = 9 * KILOBYTE
GUIDE = "/guides/mesotherapy/"
LARGEST_PAINT = 0.8  # seconds
BESIDE = ("/all/", "/sources/", "/editions/", "/check/")
TEXTS = ("text/", "image/svg+xml", "application/javascript", "application/json", "application/manifest+json")
UNDO: Mapping[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
EXAMPLE = """\
Examples, with the paint times and without a browser:

  make bench-weight
  python -m bench.weight --no-paint
"""


@dataclass(frozen=True)
class Budget:
    """The most that a page may ask for and weigh, in brotli bytes with all that it loads at first."""

    path: str
    bytes: int
    requests: int | None = None


BUDGETS = (
    Budget("/", LIGHT, 2),
    Budget(GUIDE, LIGHT, 2),
    Budget(f"{GUIDE}side-effects/", LIGHT, 2),
    Budget(f"{GUIDE}evidence/", LIGHT, 2),
    Budget(f"{GUIDE}editions/", LIGHT, 2),
    Budget(f"{GUIDE}check/", LIGHT, 2),
    Budget(f"{GUIDE}plan/", LIGHT, 2),
    Budget(f"{GUIDE}mistake/", LIGHT, 2),
    Budget("/prices/", LIGHT, 2),
    Budget("/providers/", LIGHT, 2),
    Budget("/providers/robin-sample/", LIGHT, 2),
    Budget("/search/", LIGHT, 2),
    Budget("/search/?q=mesotherapy", LIGHT, 2),
    Budget("/accounts/login/", LIGHT, 3),
    Budget("/consultation/", LIGHT, 2),
    Budget(f"{GUIDE}all/", LONG),
    Budget(f"{GUIDE}sources/", LONG),
    Budget(f"{GUIDE}editions/1/", LONG),
)


@dataclass(frozen=True)
class Answer:
    """A body as a browser has it, how many bytes of it were sent, and its media type."""

    body: bytes
    sent: int
    media_type: str


Fetch = Callable[[str], Answer]


@dataclass(frozen=True)
class Size:
    raw: int = 0
    brotli: int = 0
    sent: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.raw + other.raw, self.brotli + other.brotli, self.sent + other.sent)


@dataclass(frozen=True)
class Weight:
    """What a page weighs: itself, the rest that it loads at first, its style sheets alone, what may come later."""

    path: str
    page: Size
    rest: Size
    stylesheets: Size
    requests: int
    later: Size
    later_requests: int
    addresses: frozenset[str]

    @property
    def whole(self) -> Size:
        return self.page + self.rest


# Weighing


def size(answer: Answer) -> Size:
    text = answer.media_type.startswith(TEXTS)
    compressed = len(brotli.compress(answer.body, quality=11)) if text else len(answer.body)
    return Size(len(answer.body), compressed, answer.sent)


def weigh(path: str, fetch: Fetch) -> Weight:
    """Ask for a page and for all that it loads. Addresses of other sites are asked for too."""
    page = fetch(path)
    loads = Loads(path, page.body.decode())
    sheets = {address: fetch(address) for address in loads.stylesheets}
    inner = dict.fromkeys(name for address, sheet in sheets.items() for name in named_in_style(address, sheet.body))
    others = [*loads.others, *((name,) for name in inner if name not in sheets)]
    later = [names for names in loads.later if names not in others]
    stylesheets = total(size(sheet) for sheet in sheets.values())
    return Weight(
        path=path,
        page=size(page),
        rest=stylesheets + total(heaviest(names, fetch) for names in others),
        stylesheets=stylesheets,
        requests=1 + len(sheets) + len(others),
        later=total(heaviest(names, fetch) for names in later),
        later_requests=len(later),
        addresses=frozenset((path, *sheets, *(name for names in (*loads.icons, *others, *later) for name in names))),
    )


def total(sizes: Iterable[Size]) -> Size:
    return sum(sizes, Size())


def heaviest(addresses: Sequence[str], fetch: Fetch) -> Size:
    return max((size(fetch(address)) for address in addresses), key=lambda one: one.brotli)


def guide_pages(fetch: Fetch) -> list[str]:
    """Return the path of every page of every guide, as the site map has them, without what stands beside the pages."""
    found = re.findall(r"<loc>([^<]+)</loc>", fetch("/sitemap.xml").body.decode())
    paths = [urlsplit(address).path for address in found]
    return [path for path in paths if path.startswith("/guides/") and path != "/guides/" and not path.endswith(BESIDE)]


def weigh_all(fetch: Fetch) -> list[tuple[Weight, Budget]]:
    """Return the weights of the main pages, and of the heaviest page of a guide if it is none of them."""
    budgets = {budget.path: budget for budget in BUDGETS}
    weights = {path: weigh(path, fetch) for path in budgets}
    of_guides = [weights.get(path) or weigh(path, fetch) for path in guide_pages(fetch)]
    most = max(of_guides, key=lambda weight: weight.whole.brotli)
    budgets.setdefault(most.path, Budget(most.path, LIGHT, 2))
    weights.setdefault(most.path, most)
    return [(weights[path], budget) for path, budget in budgets.items()]


def missed(weight: Weight, budget: Budget) -> list[str]:
    """Return a sentence for each budget that the page misses."""
    found = []
    if budget.requests is not None and weight.requests > budget.requests:
        found.append(f"{weight.path} makes {weight.requests} requests; its budget is {budget.requests}.")
    if weight.whole.brotli > budget.bytes:
        over = weight.whole.brotli - budget.bytes
        found.append(f"{weight.path} is {over:,} bytes over its budget of {budget.bytes:,}.")
    if weight.stylesheets.brotli > STYLESHEET:
        over = weight.stylesheets.brotli - STYLESHEET
        found.append(f"{weight.path} has style sheets {over:,} bytes over their budget of {STYLESHEET:,}.")
    return found


def unexplained(weight: Weight, paint: Paint, origin: str) -> list[str]:
    """Return a sentence for each address that the browser asked for and the page's HTML does not name."""
    known = {urljoin(origin, address) for address in weight.addresses}
    # A page without an icon of its own gets the one that every browser knows to ask for.
    asked = paint.asked - known - {urljoin(origin, "/favicon.ico")}
    return [f"{weight.path} asks for {address}, which its HTML does not show." for address in sorted(asked)]


def painted(paint: Paint | None) -> Line:
    """Return how soon the largest thing of the overview is seen, beside its target."""
    what, target = f"largest contentful paint of {GUIDE}, slow 4G, telephone", f"at most {LARGEST_PAINT} s"
    if paint is None:
        return Line(what, "not measured", target, None)
    return Line(what, f"{paint.largest:.2f} s", target, paint.largest <= LARGEST_PAINT)


# What is shown

# How many columns stand under each heading.
GROUPS = (("", 2), ("brotli, bytes", 4), ("uncompressed, bytes", 4), ("lazy images", 2), ("paint, s", 2))
COLUMNS = (
    *("page", "requests", "page", "rest", "in all", "budget", "page", "rest", "in all", "sent"),
    *("number", "bytes", "first", "largest"),
)


def table(weighed: Sequence[tuple[Weight, Budget]], paints: Mapping[str, Paint]) -> str:
    """Return the weights as lines of text, one a page, under two lines of headings."""
    rows = [COLUMNS, *(row(weight, budget, paints.get(weight.path)) for weight, budget in weighed)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])  # numbers stand to the right
        for cells in rows
    ]
    return "\n".join([groups(widths), *lines])


def groups(widths: Sequence[int]) -> str:
    cells, at = [], 0
    for name, count in GROUPS:
        cells.append(name.rjust(sum(widths[at : at + count]) + 2 * (count - 1)))
        at += count
    return "  ".join(cells)


def row(weight: Weight, budget: Budget, paint: Paint | None) -> tuple[str, ...]:
    page, rest, whole = weight.page, weight.rest, weight.whole
    numbers = (page.brotli, rest.brotli, whole.brotli, budget.bytes, page.raw, rest.raw, whole.raw, whole.sent)
    return (
        weight.path,
        f"{weight.requests} of {budget.requests}" if budget.requests else str(weight.requests),
        *(f"{number:,}" for number in (*numbers, weight.later_requests, weight.later.brotli)),
        *((f"{paint.first:.2f}", f"{paint.largest:.2f}") if paint else ("-", "-")),
    )


# The command


def main(arguments: Sequence[str]) -> int:
    """Weigh and print. Returns 0 when every budget is kept, 1 when one is missed, 2 when nothing could be measured."""
    options = parse(arguments)
    browser = None if options.no_paint else chromium()
    try:
        progress("Starting Plainleaf with the sample clinic")
        with sample_site() as origin:
            weighed = weigh_all(over_http(origin))
            paths = [weight.path for weight, _ in weighed]
            paints = measure(browser, origin, paths, options.runs, progress) if browser else {}
    except NotStarted as failure:
        progress("")
        print(f"Plainleaf did not start: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        progress("")
        return 130
    progress("")
    text = table(weighed, paints)
    if not browser and not options.no_paint:
        text += "\nNo paint times: no Chromium found. Install the package chromium, or set CHROMIUM."
    faults = [sentence for weight, budget in weighed for sentence in missed(weight, budget)]
    faults += [line for weight, _ in weighed if paints for line in unexplained(weight, paints[weight.path], origin)]
    largest = painted(paints.get(GUIDE))
    print("\n".join([text, *(faults or ["Every budget is kept."]), printed([largest])]))
    if options.write:
        kept = Line("pages over their budgets, or asking for what they do not show", str(len(faults)), "0", not faults)
        programs = [version_of([browser, "--version"])] if browser else []
        write("weight", Section("make bench-weight", [*versions("Django", "Brotli"), *programs], [kept, largest], text))
    return 1 if faults or largest.met is False else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.weight",
        description="Weighs the main pages of the sample clinic and compares them with their budgets.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--no-paint", action="store_true", help="leave the paint times out, which need a Chromium")
    parser.add_argument("--runs", type=int, default=5, help="visits of each page for the paint times (5)")
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


def over_http(origin: str) -> Fetch:
    """Return a way to ask the running site, which may answer compressed as it would a browser."""

    def fetch(address: str) -> Answer:
        progress(f"Weighing {address}")
        request = urllib.request.Request(urljoin(origin, address), headers={"Accept-Encoding": "br, gzip"})
        with urllib.request.urlopen(request, timeout=60) as response:
            sent = response.read()
            undo = UNDO[response.headers.get("Content-Encoding", "identity")]
            return Answer(undo(sent), len(sent), response.headers.get_content_type())

    return fetch


def progress(text: str) -> None:
    """Show on a terminal what is being done, in place of what was shown before; elsewhere say nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
