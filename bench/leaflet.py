"""How long leaflets take to be made and served: `make bench-leaflet`; `python -m bench.leaflet --help` says more.

Method. The product is started as `make run` starts it, with the sample clinic in a fresh data folder. The leaflets of
the short guide come first, so that each worker has its fonts. Then each sheet of the long guide is asked for: the first
answer is made, and those after it come from the shelf. Beside them stands a page of the same guide, asked for in the
same run: times depend on the machine, so only what stands beside each other can be compared, and nothing is judged.
"""

from __future__ import annotations

import argparse
import sys
import time
import urllib.request
from collections.abc import Sequence
from statistics import median

from bench.sample_site import NotStarted, sample_site

WARM = "/guides/is-a-cosmetic-procedure-right-for-you/leaflet.pdf"
GUIDE = "/guides/mesotherapy/"
SHEETS = ("?paper=a4", "?paper=letter", "?paper=a4&size=large", "?paper=letter&size=large")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.leaflet", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=40, help="how often each address is asked for (default: 40)")
    runs = parser.parse_args(arguments).runs
    try:
        with sample_site() as origin:
            compare(origin, runs)
    except NotStarted as error:
        print(f"The sample clinic did not start: {error}", file=sys.stderr)
        return 1
    return 0


def compare(origin: str, runs: int) -> None:
    for sheet in SHEETS:
        asked(origin + WARM + sheet)
    page = median(asked(origin + GUIDE)[0] for _ in range(runs))
    print(f"A page of the guide: {milliseconds(page)} (median of {runs})")
    print(f"{'Leaflet':<36}{'KB':>7}{'made':>11}{'served':>11}{'to a page':>11}")
    for sheet in SHEETS:
        made, size = asked(f"{origin}{GUIDE}leaflet.pdf{sheet}")
        served = median(asked(f"{origin}{GUIDE}leaflet.pdf{sheet}")[0] for _ in range(runs))
        row = (size // 1024, milliseconds(made), milliseconds(served), f"{served / page:.2f}")
        print(f"{'leaflet.pdf' + sheet:<36}{row[0]:>7}{row[1]:>11}{row[2]:>11}{row[3]:>11}")


def asked(address: str) -> tuple[float, int]:
    """Return the seconds until the whole answer was there, and its bytes."""
    begun = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        size = len(answer.read())
    return time.perf_counter() - begun, size


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
