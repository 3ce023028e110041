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
from datetime import datetime
from itertools import accumulate
from statistics import quantiles

import django
from django.db import connection, transaction
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from clinic.models import User  # noqa: E402  # the apps must be ready first
from education.actions.search import write_search_rows  # noqa: E402
from education.canonical import sha256  # noqa: E402
from education.models import Edition, EditionPage, Guide, Page, Publication, Rendering, SearchRow  # noqa: E402
from education.results import results  # noqa: E402

QUERIES = (
    *("bruise", "bruising", "swelling", "skin", "treatment", "cold therapy", "hair loss", "infection", "how long does"),
    *("swelling last", "pregnant", "black and blue", "numb", "bru", "inject", "what does it cost", "side effects"),
    *("is it safe", "needle depth", "doctor", "guide 123", "bruisng", "treatmnt", "zzzz", "skin treatment needle"),
)
PAGES_OF_A_GUIDE = 14
WORDS_ON_A_PAGE = 300
# The most usual words of a guide, then rarer ones; the rest is made up.
REAL = (
    *("treatment", "skin", "doctor", "needle", "injection", "swelling", "pain", "week", "day", "medicine", "clinic"),
    *("bruise", "bruising", "infection", "hair", "loss", "cost", "safe", "depth", "cold", "therapy", "numb"),
    *("numbness", "side", "effects", "pregnant", "pregnancy", "blood", "thinner", "redness", "itching", "scar"),
)
ENDS = ("ban", "dor", "fin", "gel", "kum", "lat", "mor", "nix", "pol", "rast", "sund", "tiv", "war", "zen")
MADE_UP = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in ("a", "e", "io") for third in ENDS]
VOCABULARY = [*REAL, *MADE_UP, *(f"{one}{two}" for one in MADE_UP[:60] for two in MADE_UP[:60])]
# Added up, as each draw needs them.
WEIGHTS = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))


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
        count = -(-pages // PAGES_OF_A_GUIDE)
        for number in range(count):
            if not number % 10:
                progress(f"Making guide {number + 1} of {count}")
            with transaction.atomic():
                write_search_rows(_guide(number, min(PAGES_OF_A_GUIDE, pages - number * PAGES_OF_A_GUIDE), draw, by))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield SearchRow.objects.count()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _guide(number: int, pages: int, draw: random.Random, by: User) -> Edition:
    now = timezone.now()
    signed = {"made_at": now, "made_by": by, "made_by_name": "Bench"}
    slug = f"guide-{number}"
    guide = Guide.objects.create(title=f"Guide {number}", slug=slug, slug_at_creation=slug, kind="advice")
    edition = Edition.objects.create(
        guide=guide,
        number=1,
        code=f"{number:08d}",
        title=guide.title,
        summary=_text(draw, 30),
        language="en",
        what_changed="First.",
        content_hash=sha256(slug.encode()),
        chain_hash=sha256(f"chain {slug}".encode()),
        **signed,
    )
    places = [_facts(position, draw) for position in range(pages)]
    of_guide = Page.objects.bulk_create(Page(guide=guide, **facts) for facts in places)
    kept = EditionPage.objects.bulk_create(
        EditionPage(edition=edition, page=page, entries=[_entry(draw) for _ in range(4)], **facts)
        for page, facts in zip(of_guide, places, strict=True)
    )
    Rendering.objects.bulk_create(_rendering(page, draw, now) for page in kept)
    Publication.objects.create(edition=edition, live_from=now, **signed)
    return edition


def _facts(position: int, draw: random.Random) -> dict[str, object]:
    return {"kind": "other", "slug": f"page-{position}", "title": _text(draw, 3), "position": position}


def _rendering(page: EditionPage, draw: random.Random, now: datetime) -> Rendering:
    html = "".join(f"<p>{_text(draw, 60)}</p>" for _ in range(WORDS_ON_A_PAGE // 60))
    return Rendering(edition_page=page, renderer_version=1, html=html, sha256=sha256(html.encode()), made_at=now)


def _entry(draw: random.Random) -> dict[str, object]:
    texts = {"name": _text(draw, 3), "figure": _text(draw, 12), "duration": _text(draw, 3), "action": _text(draw, 12)}
    return {"kind": "side-effect", "frequency": "common", "sources": [], **texts}


def _text(draw: random.Random, length: int) -> str:
    return " ".join(draw.choices(VOCABULARY, cum_weights=WEIGHTS, k=length))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
