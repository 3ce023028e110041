"""The crash drill: the server, one of its workers, or a process that publishes is killed while staff work."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from bench.drills.browsing import Browser
from bench.drills.outcome import Outcome, Said
from bench.drills.record import SECONDS_TO_ASK, SECONDS_UNTOLD, check, check_hashes, check_public
from bench.drills.site import Site
from bench.drills.staff import GUIDE, Ledger, Person, pages_of
from config.check import CHECKOUT

LONGEST_RESTART_SECONDS = 5.0
KINDS = ("server", "worker", "publisher")
WRITERS = ("editor", "owner", "editor")
BETWEEN_HASHES = 10
SECONDS_TO_READ = 0.05
PATIENCE_SECONDS = 30


def drill(site: Site, times: int, dice: random.Random, said: Said) -> Iterator[Outcome]:
    """Kill each kind of process in turn, `times` in all, and yield a line for each kind."""
    lines = {
        "server": Outcome("crash", "server killed, started again"),
        "worker": Outcome("crash", "a worker killed"),
        "publisher": Outcome("crash", "publishing process killed"),
    }
    slowest = 0.0
    for number in range(times):
        said("killing while people write", number + 1, times)
        kind = KINDS[number % len(KINDS)]
        line, begun = lines[kind], time.monotonic()
        ledger = Ledger()
        slowest = max(slowest, killed(site, kind, dice, ledger, line))
        check(site, ledger, line)
        if number % BETWEEN_HASHES == BETWEEN_HASHES - 1 or number == times - 1:
            check_hashes(site, line)
        check_public(site, line, within=SECONDS_UNTOLD if kind == "publisher" else SECONDS_TO_ASK)
        line.times += 1
        line.accepted += ledger.accepted
        line.refused += len(ledger.refused)
        line.seconds += time.monotonic() - begun
    finish(site)
    lines["server"].what += f" in at most {slowest:.1f} s"
    yield from (line for line in lines.values() if line.times)


def killed(site: Site, kind: str, dice: random.Random, ledger: Ledger, line: Outcome) -> float:
    """Have people work, kill at a moment of chance, and bring it back. Returns the seconds of a restart, else 0."""
    with working(site, ledger, publishing=kind != "publisher"), contextlib.ExitStack() as stack:
        publisher = stack.enter_context(publishing(site)) if kind == "publisher" else None
        at_work(ledger)
        time.sleep(dice.uniform(0, 3))
        if publisher:
            publisher.kill()
            told, _ = publisher.communicate()
            for told_line in told.splitlines():
                name, _, edition = told_line.partition(" ")
                ledger.step(name, int(edition))
        elif kind == "worker":
            site.kill_worker(dice.randrange(100))
            time.sleep(0.5)
        else:
            site.kill()
    if kind != "server":
        return 0.0
    took = site.start()
    line.expect(took <= LONGEST_RESTART_SECONDS, f"it was back after {took:.1f} s only")
    return took


def at_work(ledger: Ledger) -> None:
    """Wait for the first thing that was accepted: a server that was just started is slow."""
    begun = time.monotonic()
    while not ledger.accepted and time.monotonic() - begun < PATIENCE_SECONDS:
        time.sleep(0.05)


@contextlib.contextmanager
def working(site: Site, ledger: Ledger, *, publishing: bool) -> Iterator[None]:
    """Have editors save pages, others submit, approve and publish, and a patient read, until the block is over."""
    over = threading.Event()
    pages = pages_of(site)
    writers = [signed_in(site, who, ledger) for who in WRITERS]
    calls: list[Callable[[], None]] = [
        partial(writing, who, page, over) for who, page in zip(writers, pages, strict=False)
    ]
    calls.append(partial(reading, Browser(site.origin), over))
    if publishing:
        editor, reviewer = signed_in(site, "editor", ledger), signed_in(site, "reviewer", ledger)
        calls.append(partial(editions, editor, reviewer, over))
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def signed_in(site: Site, who: str, ledger: Ledger) -> Person:
    person = Person(site, who, ledger)
    person.sign_in()
    return person


def writing(person: Person, page: int, over: threading.Event) -> None:
    while not over.is_set():
        person.write(page)


def reading(patient: Browser, over: threading.Event) -> None:
    """Read again and again, so that workers keep the pages that a publication makes old."""
    while not over.wait(SECONDS_TO_READ):
        patient.get(f"/guides/{GUIDE}/")


def editions(editor: Person, reviewer: Person, over: threading.Event) -> None:
    while not over.is_set():
        edition = editor.submit() or unfinished(editor.site)
        steps: tuple[Callable[[int], bool], ...] = (reviewer.approve, editor.publish)
        for step in steps if edition else ():
            if over.is_set():
                return
            step(edition)


def unfinished(site: Site) -> int:
    """Return the newest edition, which may wait for its review since somebody was killed."""
    return int(site.place.rows("SELECT max(id) FROM education_edition WHERE guide_id = 1")[0][0])


def finish(site: Site) -> None:
    """Take to its readers what somebody who was killed left on its way: it would be in the way of the next edition."""
    edition = unfinished(site)
    signed_in(site, "reviewer", Ledger()).approve(edition)
    signed_in(site, "editor", Ledger()).publish(edition)


@contextlib.contextmanager
def publishing(site: Site) -> Iterator[subprocess.Popen[str]]:
    """A process that submits, approves and publishes again and again, and prints each step once it is kept."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.drills.publishing_site"],
        cwd=CHECKOUT,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        # Its first line: from here on it can be killed at work.
        if process.stdout:
            process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
