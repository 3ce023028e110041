"""A large site to search, in a test database: guides made of drawn words, on the record as if they had been published.

`bench/search.py` runs it for each database, with settings of their own, and reads the figures that it prints.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import quantiles

import django
from django.db import connection, transaction
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bench.drawn.guides import PAGES_OF_A_GUIDE, Shelf, Signatory, drawn_guide  # noqa: E402  # the apps come first
from clinic.models import User  # noqa: E402
from education.models import SearchRow  # noqa: E402
from education.results import results  # noqa: E402

QUERIES = (
    *("bruise", "bruising", "swelling", "skin", "treatment", "cold therapy", "hair loss", "infection", "how long does"),
    *("swelling last", "pregnant", "black and blue", "numb", "bru", "inject", "what does it cost", "side effects"),
    *("is it safe", "needle depth", "doctor", "guide 123", "bruisng", "treatmnt", "zzzz", "skin treatment needle"),
)


def main(pages: int, rounds: int) -> int:
    """Fill a test database, search it, and print the figures as JSON."""
    with filled(pages, progress) as rows:
        progress("Searching")
        for query in QUERIES:
            ask(query)
        times = [timed(query) for _ in range(rounds) for query in random.sample(QUERIES, len(QUERIES))]
    progress("")
    cuts = quantiles([one for one, _ in times], n=100)
    slowest, query = max(times)
    figures = {"pages": pages, "rows": rows, "searches": len(times), "p50": cuts[49], "p95": cuts[94]}
    print(json.dumps({**figures, "slowest": slowest, "slowest_query": query}))
    return 0


def timed(query: str) -> tuple[float, str]:
    """Return how many milliseconds a search takes, and which it was."""
    begun = time.perf_counter()
    ask(query)
    return (time.perf_counter() - begun) * 1000, query


def progress(text: str) -> None:
    """Show on a terminal what is being done, in place of what was shown before; elsewhere say nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def ask(query: str) -> None:
    """Search as the page does."""
    found = results(query)
    for group in found.groups:
        for place in group.places:
            str(place.snippet)


@contextmanager
def filled(pages: int, progress: Callable[[str], None]) -> Iterator[int]:
    """Make a test database with this many pages; yield how many places the search can find. It is removed after."""
    if connection.vendor == "postgresql":
        # Not the one that the tests use: they may be running.
        connection.settings_dict["TEST"]["NAME"] = "plainleaf_bench_search"
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        draw = random.Random(1)  # the same site each time
        by = User.objects.create(username="bench")
        who = Signatory(by, by, timezone.now())
        count = -(-pages // PAGES_OF_A_GUIDE)
        for number in range(count):
            if not number % 10:
                progress(f"Making guide {number + 1} of {count}")
            with transaction.atomic():
                of_guide = min(PAGES_OF_A_GUIDE, pages - number * PAGES_OF_A_GUIDE)
                drawn_guide(number, draw, who, shelf=Shelf(), pages=of_guide)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield SearchRow.objects.count()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
