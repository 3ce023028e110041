"""A clinic of one size in a database of its own: made, looked at screen by screen, and put through every command.

`bench/scale.py` runs it for each size, with settings of its own, and reads the figures that it prints as JSON.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bench.drawn.clinic import DrawnClinic, Size  # noqa: E402  # the apps must be ready first
from bench.screens import SCREENS, Screen, places  # noqa: E402
from bench.search_site import progress  # noqa: E402
from clinic.models import Clinic, ConsultationRequest, User  # noqa: E402

ROUNDS = 5
DATABASE = "plainleaf_bench_scale"
# Whose migrations are unapplied and applied again: back to where people and requests were already there.
BEFORE = {"clinic": "0005", "education": "0003"}
USUAL_KEEP_CLOSED_DAYS = 90


def main(size: Size, only: str, *, commands: bool) -> int:
    """Make the clinic, measure, and print the figures."""
    logging.disable(logging.WARNING)
    with made(size) as seconds:
        rows: dict[str, Any] = {screen.name: measured(screen) for screen in chosen(only)}
        steps = {"making it": seconds}
        if commands:
            steps |= {name: seconds_of(name, step) for name, step in STEPS.items()}
    progress("")
    print(json.dumps({"size": str(size), "screens": rows, "steps": steps}))
    return 0


@contextmanager
def made(size: Size) -> Iterator[float]:
    """Make a test database with the clinic in it; yield how many seconds that took. It is removed after."""
    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor == "postgresql":
        # Not the one that the tests use: they may be running.
        connection.settings_dict["TEST"]["NAME"] = DATABASE
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    begun = time.perf_counter()
    try:
        DrawnClinic(timezone.now()).grow(size, progress)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield time.perf_counter() - begun
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(name, verbosity=0)


def chosen(only: str) -> list[Screen]:
    return [screen for screen in SCREENS if only in screen.name]


def measured(screen: Screen) -> dict[str, Any]:
    """Return how many queries a screen costs once it was looked at before, and the median of its milliseconds."""
    progress(f"Looking at: {screen.name}")
    client, path = Client(), screen.path.format(**places())
    if screen.who:
        client.force_login(User.objects.get(username=screen.who))
    asked(client, path)
    with CaptureQueriesContext(connection) as captured:
        size = asked(client, path)
    queries = len(captured)  # before the next request, which forgets them
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        asked(client, path)
        times.append((time.perf_counter() - begun) * 1000)
    kind = "file" if screen.is_file else "public" if screen.is_public else "staff"
    return {"queries": queries, "ms": median(times), "bytes": size, "kind": kind}


def asked(client: Client, path: str) -> int:
    """Ask for a screen; return how many bytes it answered with."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered with {answer.status_code}")
    return len(answer.getvalue() if answer.streaming else answer.content)


# Commands, in this order: what changes the clinic comes last.


def seconds_of(name: str, step: Callable[[], None]) -> float:
    progress(f"Doing: {name}")
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


def backup_file() -> Path:
    return Path(settings.DATA_DIR) / "scale.zip"


def back_up() -> None:
    call_command("backup", backup_file(), verbosity=0)


def restore() -> None:
    before = ConsultationRequest.objects.count()
    connections.close_all()
    call_command("restore", backup_file(), replace=True, verbosity=0)
    if ConsultationRequest.objects.count() != before:
        raise SystemExit("The restored clinic has another number of requests.")


def purge() -> None:
    """Erase at once what the clinic kept for too long: the worst that this command can meet."""
    Clinic.objects.update(keep_closed_days=USUAL_KEEP_CLOSED_DAYS)
    cache.clear()
    call_command("purge_requests", verbosity=0)


def unapply() -> None:
    for app, migration in BEFORE.items():
        call_command("migrate", app, migration, verbosity=0)


STEPS: dict[str, Callable[[], None]] = {
    "verify_editions": lambda: call_command("verify_editions", verbosity=0),
    "check": lambda: call_command(
        "check", deploy=True, fail_level="CRITICAL", stdout=io.StringIO(), stderr=io.StringIO()
    ),
    "rebuild_search": lambda: call_command("rebuild_search", verbosity=0),
    "send_digest --dry-run": lambda: call_command("send_digest", dry_run=True, stdout=io.StringIO()),
    "backup": back_up,
    "restore": restore,
    "purge_requests, dry run": lambda: call_command("purge_requests", dry_run=True, verbosity=0),
    "purge_requests": purge,
    f"migrate, back to {' and '.join(f'{app} {number}' for app, number in BEFORE.items())}": unapply,
    "migrate, forward again": lambda: call_command("migrate", verbosity=0),
}


if __name__ == "__main__":
    guides, editions, only = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    sys.exit(main(Size(guides, editions=editions), only, commands=sys.argv[4] == "commands"))
