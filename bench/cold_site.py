"""Renders every public page of the sample in one process, and prints what each cost as one line of JSON.

The process begins as a worker does, so it reads once in each state of the site what several pages show alike; no page
is answered from memory. `bench/cold.py` runs it with a data folder of its own. With the settings of a trial and an
empty `DATA_DIR`, `python -m bench.cold_site profile /prices/` shows where the time of one page goes.
"""

from __future__ import annotations

import cProfile
import gc
import json
import os
import pstats
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SAMPLE_STAFF_PASSWORD", "only-for-this-benchmark-48")
django.setup()

from clinic.models import InformationPage, Provider  # noqa: E402  # the apps must be ready first
from config.ready.layer import ReadyPages  # noqa: E402
from config.ready.token import token  # noqa: E402
from config.ready.until_changed import standing  # noqa: E402
from education.models import Edition  # noqa: E402
from education.patient_tools import tools_of  # noqa: E402

# A word, two, one of two, words of patients, a person, a letter wrong, nothing, another script, no word; in one guide.
SEARCHES = (
    *("bruise", "skin+infection", "bruise+xylophone", "black+and+blue", "spanish", "bruisng", "xylophone"),
    *("%D8%A7%D9%84%D8%A8%D8%B1%D9%88%D8%AF%D8%A9", "how+the", "bruise&guide=mesotherapy", "aspirn&guide=mesotherapy"),
)
# Before anything is timed, as in a worker that has answered for a while.
WARM_UP = 10


def main(rounds: int) -> int:
    """Print for each page its queries and the median of its milliseconds of a processor."""
    load()
    ask = application()
    print(json.dumps({page: measured(ask, page, rounds) for page in pages()}))
    return 0


def load() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_sample", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def pages() -> list[str]:
    """Return the addresses of the sample's public pages, each kind once at least, of each guide every page."""
    soon = timezone.localdate() + timedelta(days=30)
    found = ["/", "/guides/", "/providers/", "/prices/", "/prices/?procedure=mesotherapy&sessions=8&keep=yes&years=2"]
    for edition in Edition.objects.live().select_related("guide").order_by("-title"):
        at = edition.guide.get_absolute_url()
        found += [at, *(f"{at}{page.slug}/" for page in edition.pages.exclude(slug="overview").order_by("position"))]
        found += [f"{at}{name}/" for name in ("all", "sources", "editions", "mistake")]
        if tools_of(edition).reasons:
            found += [f"{at}check/", f"{at}plan/", f"{at}plan/?date={soon}&sessions=6&interval=4"]
            found.append(f"{at}plan.ics?date={soon}")
        found += [f"{at}editions/{edition.number}/{rest}" for rest in ("", "changes/")]
        found += [f"{at}sources.json", f"{at}sources.csv", f"/e/{edition.code}/"]
    found += [one.get_absolute_url() for one in Provider.objects.public()]
    found += [one.get_absolute_url() for one in InformationPage.objects.all()]
    found += [
        "/consultation/",
        "/consultation/?guide=mesotherapy",
        "/consultation/sent/",
        "/e/",
        "/sitemap.xml",
        "/feed.xml",
    ]
    found += ["/search/", *(f"/search/?q={typed}" for typed in SEARCHES)]
    return found


def application() -> Callable[[str], int]:
    """Return what asks Django for an address, past everything that stands before it, and gives back the status."""
    handler = get_wsgi_application()
    ReadyPages(handler).begin()
    requests = RequestFactory(headers={"host": "localhost"})

    def ask(address: str) -> int:
        statuses: list[int] = []
        answer = handler(requests.get(address).environ, lambda status, headers: statuses.append(int(status[:3])))
        for _part in answer:
            pass
        answer.close()
        return statuses[0]

    return ask


def measured(ask: Callable[[str], int], page: str, rounds: int) -> dict[str, float]:
    """Return a page's status, queries and milliseconds of a processor, those of SQLite among them.

    The queries and `first_ms` are those of the first page after a change, `ms` is that of one that comes after others.
    When the next edition goes live is asked before: a worker does so once in each state, whatever pages it makes.
    """
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    for _round in range(WARM_UP):
        ask(page)
    change()
    with connection.execute_wrapper(note):
        status = ask(page)
    first, later = [], []
    gc.collect()
    for _round in range(rounds):
        change()
        first.append(milliseconds(ask, page))
        later.append(milliseconds(ask, page))
    return {"status": status, "queries": len(asked), "first_ms": median(first), "ms": median(later)}


def change() -> None:
    """Let nothing count any more that was read before."""
    token().change()
    standing()


def milliseconds(ask: Callable[[str], int], page: str) -> float:
    begun = time.process_time()
    ask(page)
    return (time.process_time() - begun) * 1000


def profile(page: str) -> int:
    """Print what a page asks the database, and where its time goes."""
    load()
    ask = application()
    for _round in range(WARM_UP):
        ask(page)
    with connection.execute_wrapper(lambda execute, sql, *rest: print(sql) or execute(sql, *rest)):
        ask(page)
    with cProfile.Profile() as profiler:
        for _round in range(100):
            ask(page)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
    return 0


if __name__ == "__main__":
    sys.exit(profile(sys.argv[2]) if sys.argv[1] == "profile" else main(int(sys.argv[1])))
