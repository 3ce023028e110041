"""Makes the sample's leaflets anew, each in a process of its own, and prints what that cost as one line of JSON.

`bench/leaflet.py` runs it with a data folder of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Sequence
from statistics import median

import django
from django.core.management import call_command
from django.http import QueryDict
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SAMPLE_STAFF_PASSWORD", "only-for-this-benchmark-48")
django.setup()

from education.leaflet import Leaflet, asked_for  # noqa: E402  # the apps must be ready first
from education.models import Edition  # noqa: E402

SHORT, LONG = "is-a-cosmetic-procedure-right-for-you", "mesotherapy"
_PAGES = re.compile(rb"/Type/Pages/Count ([0-9]+)")


def main(rounds: int, sheets: Sequence[str]) -> int:
    """Print for each sheet the median and the slowest in milliseconds of a processor, its pages and its bytes."""
    fork = multiprocessing.get_context("fork")
    # Away from here: what loading leaves in memory is nothing that a worker has, and every process would copy it.
    with fork.Pool(1) as pool:
        pool.apply(load)
    # As a worker that answered before.
    reverse("education:guides")
    # The processes begin before anything is set here, since typst has threads of its own, which no fork takes along.
    with fork.Pool(1, maxtasksperchild=1) as pool:
        print(json.dumps({sheet: figures(pool.map(made, [sheet] * rounds, chunksize=1)) for sheet in sheets}))
    return 0


def load() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_sample", verbosity=0)


def figures(answers: Sequence[tuple[float, bytes]]) -> dict[str, float]:
    times = [seconds * 1000 for seconds, _ in answers]
    pdf = answers[0][1]
    pages = max(int(found) for found in _PAGES.findall(pdf))
    return {"ms": median(times), "slowest": max(times), "pages": pages, "bytes": len(pdf)}


def made(sheet: str) -> tuple[float, bytes]:
    """Return the processor's seconds that a sheet of the long guide takes, and its PDF."""
    make(SHORT, sheet)
    begun = time.process_time()
    pdf = make(LONG, sheet)
    return time.process_time() - begun, pdf


def make(slug: str, sheet: str) -> bytes:
    """Make a leaflet as the site does, but neither take it from the shelf nor put it there."""
    edition = Edition.objects.select_related("guide").get(guide__slug=slug)
    leaflet = Leaflet(edition, asked_for(QueryDict(sheet.removeprefix("?"))))
    return leaflet.typeset().pdf if leaflet.key else b""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
