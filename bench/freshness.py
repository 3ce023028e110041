"""How fresh public pages are while staff save: `make bench-freshness`; `python -m bench.freshness --help` says more.

Method. The product is started as `make run` starts it, two workers, on SQLite and, where it is reachable, on a
PostgreSQL database of its own, there with a second server that shares nothing but the database. Several writers, each a
process of its own, save a page about the clinic with a counted number in its text and in its title, which stands at the
foot of every page too, through the same action as the admin.
Readers ask for these pages meanwhile, half of them with the tag of what they had. An answer is stale when it shows a
lower number than the writer had already said was kept when the question was sent. Of the second server it is measured
how long it shows an older number.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.drills.outcome import Progress
from bench.drills.place import Place, PostgreSQLPlace, SQLitePlace
from bench.drills.site import Site
from bench.results import Line, Section, missed, printed, versions, write
from bench.sample_site import NotStarted
from config.check import CHECKOUT, services, unreachable

WRITERS, SAVES, READERS = 4, 100, 12
SECONDS_ELSEWHERE = 1.0
WHERE = "where (both; PostgreSQL is left out where none can be reached)"
EXAMPLE = """\
Examples, on both databases and with fewer saves on one:

  make bench-freshness
  python -m bench.freshness --saves 20 --database sqlite
"""


@dataclass
class Count:
    """What was read and saved. `elsewhere`: seconds until the other server showed each save that it was asked for."""

    reads: int = 0
    unchanged: int = 0
    stale: int = 0
    failed: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    elsewhere: list[float] = field(default_factory=list)

    @property
    def saves(self) -> int:
        return sum(self.kept.values())


class Elsewhere:
    """The same database as another machine sees it: with a data folder of its own."""

    def __init__(self, place: Place, data: Path) -> None:
        self.data, self.password = data, place.password
        self.settings = {**place.settings, "DATA_DIR": str(data)}


class Reader(threading.Thread):
    """Asks for the writers' pages in turn by chance until it is told to end."""

    def __init__(self, port: int, count: Count, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.count, self.over = port, count, over
        self.known: dict[str, tuple[str, int]] = {}

    def run(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            while not self.over.is_set():
                slug = random.choice(list(self.count.kept))
                before = self.count.kept[slug]
                shown = self._asked(connection, slug)
                self.count.reads += 1
                if shown is None:
                    self.count.failed += 1
                elif shown < before:
                    self.count.stale += 1

    def _asked(self, connection: http.client.HTTPConnection, slug: str) -> int | None:
        """Return the number that a page shows, or that it has not changed from; None without a good answer."""
        tag, number = self.known.get(slug, ("", 0))
        headers = {"Host": f"localhost:{self.port}"} | ({"If-None-Match": tag} if tag and random.random() < 0.5 else {})
        connection.request("GET", f"/about/{slug}/", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 304:
            self.count.unchanged += 1
            return number
        if answer.status == 404:
            return 0
        number = number_in(body, slug)
        if answer.status != 200 or number is None:
            return None
        self.known[slug] = answer.headers["ETag"] or "", number
        return number


def number_in(body: bytes, slug: str) -> int | None:
    """Return the lower number of the two that a page says, in its text and at its foot, which all pages have alike."""
    text, _, foot = body.partition(b"<footer")
    numbers = [re.search(rf"{slug}: number (\d+)\.".encode(), part) for part in (text, foot)]
    return min(int(found[1]) if found else 0 for found in numbers) if numbers[0] else None


def measured(place: Place, *, writers: int, saves: int, readers: int, said: Callable[[str, int, int], None]) -> Count:
    """Let the writers save and the readers read, and return what was counted. Raises NotStarted."""
    # A page that is not there yet answers 404, which counts as its number 0.
    count = Count(kept={f"writer-{number}": 0 for number in range(writers)})
    said("starting the sample clinic", 0, saves * writers)
    with running(Site(place)) as site, another(place) as other:
        over = threading.Event()
        reading = [Reader(site.port, count, over) for _ in range(readers)]
        for one in reading:
            one.start()
        writing = [threading.Thread(target=follow, args=(site, other, slug, saves, count)) for slug in count.kept]
        for one in writing:
            one.start()
        while any(one.is_alive() for one in writing):
            said("saving and reading", count.saves, saves * writers)
            time.sleep(0.2)
        over.set()
        for one in reading:
            one.join()
    return count


def follow(site: Site, other: Site | None, slug: str, saves: int, count: Count) -> None:
    """Run one writer, and note each save in the moment in which it says that it was kept."""
    command = [sys.executable, "-m", "bench.freshness_writer", slug, str(saves)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=site.environment, stdout=pipe, stderr=nothing, text=True
    ) as writer:
        for line in writer.stdout or ():
            count.kept[slug] = int(line)
            if other and int(line) % 10 == 0:
                count.elsewhere.append(until_shown(other.port, slug, int(line)))


def until_shown(port: int, slug: str, number: int) -> float:
    """Return how many seconds a server goes on showing an older number, 60 at most."""
    begun = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        while time.monotonic() - begun < 60:
            connection.request("GET", f"/about/{slug}/", headers={"Host": f"localhost:{port}"})
            found = number_in(connection.getresponse().read(), slug)
            if found is not None and found >= number:
                break
    return time.monotonic() - begun


@contextmanager
def running(site: Site) -> Iterator[Site]:
    try:
        site.start()
        yield site
    finally:
        site.stop()


@contextmanager
def another(place: Place) -> Iterator[Site | None]:
    """Yield a second server of the same database; SQLite's has none, since its file is on one machine."""
    if place.on_own_disk:
        yield None
        return
    data = place.data.with_name("elsewhere")
    data.mkdir(mode=0o700)
    with running(Site(Elsewhere(place, data))) as site:  # type: ignore[arg-type]
        yield site


@contextmanager
def places(name: str) -> Iterator[list[Place]]:
    """Yield an empty place on each database that is wanted; says which cannot be reached."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as folder:
        found: list[Place] = []
        if name in ("both", "sqlite"):
            found.append(SQLitePlace(Path(folder) / "sqlite"))
        if name in ("both", "postgresql"):
            there = services(os.environ)
            if missing := unreachable(there):
                print(f"PostgreSQL is left out: {missing}")
            else:
                found.append(PostgreSQLPlace(Path(folder) / "postgresql", there))
        try:
            for one in found:
                one.data.mkdir(mode=0o700)
            yield found
        finally:
            for one in found:
                one.remove()


def lines_of(name: str, count: Count) -> list[Line]:
    """Return what was counted beside its targets."""
    found = [
        Line(
            f"stale answers on {name}, of {count.reads:,} during {count.saves:,} saves",
            f"{count.stale}",
            "0",
            not count.stale,
        ),
        Line(f"requests without a good answer on {name}", f"{count.failed}", "0", not count.failed),
    ]
    if count.elsewhere:
        slowest = max(count.elsewhere)
        what = f"longest until another server shows a save, of {len(count.elsewhere)}"
        met = slowest <= SECONDS_ELSEWHERE
        found.append(Line(what, f"{slowest * 1000:.0f} ms", f"at most {SECONDS_ELSEWHERE * 1000:.0f} ms", met))
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when nothing was stale, 1 when something was, 2 when the site did not start."""
    options = parse(arguments)
    lines: list[Line] = []
    try:
        with places(options.database) as found:
            for place in found:
                said = Progress(place.name)
                try:
                    count = measured(
                        place, writers=options.writers, saves=options.saves, readers=options.readers, said=said
                    )
                finally:
                    said.over()
                lines += lines_of(place.name, count)
    except NotStarted as failure:
        print(f"Plainleaf did not start: {failure}", file=sys.stderr)
        return 2
    text = printed(lines)
    print(text)
    if options.write:
        write("freshness", Section("make bench-freshness", versions("Django", "granian"), lines, text))
    return 1 if missed(lines) else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.freshness",
        description="Saves and reads public pages at once, and counts the answers that were older than what was kept.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--writers", type=int, default=WRITERS, help=f"how many save at once ({WRITERS})")
    parser.add_argument("--saves", type=int, default=SAVES, help=f"how often each of them saves ({SAVES})")
    parser.add_argument("--readers", type=int, default=READERS, help=f"how many read at once ({READERS})")
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both", help=WHERE)
    parser.add_argument("--write", action="store_true", help="write the figures into bench/results.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
