"""The backup drill: made while people write, put back elsewhere, refused when it is not whole, erased requests gone."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.drills.browsing import Form
from bench.drills.crash import working
from bench.drills.outcome import Outcome, Said
from bench.drills.record import check_hashes, check_public
from bench.drills.site import Site
from bench.drills.staff import Ledger, Person

HASHES = "SELECT guide_id, number, content_hash, chain_hash FROM education_edition ORDER BY guide_id, number"
VERSIONS = "SELECT id, title, markdown FROM education_pageversion ORDER BY id"
REQUESTS = "SELECT id FROM clinic_consultationrequest ORDER BY id"


def drill(site: Site, times: int, said: Said) -> Iterator[Outcome]:
    load = Outcome("backup", "made under load, restored elsewhere")
    bad = Outcome("backup", "damaged, cut, of a newer version")
    erased = Outcome("backup", "put back over what was erased")
    for number in range(times):
        said("backup and restore", number + 1, times)
        path = site.place.data.with_name(f"backup-{number}.zip")
        for outcome, once in ((load, _elsewhere), (bad, _refused), (erased, _erased)):
            begun = time.monotonic()
            once(site, path, outcome)
            outcome.times += 1
            outcome.seconds += time.monotonic() - begun
    yield from (load, bad, erased)


def _elsewhere(site: Site, path: Path, outcome: Outcome) -> None:
    """Back up while staff save and publish; what was accepted before it began must be in it."""
    before = Ledger()
    with working(site, before, publishing=True):
        time.sleep(2)
    during = Ledger()
    with working(site, during, publishing=True):
        _backed_up(site, path, outcome)
    outcome.accepted += before.accepted + during.accepted
    outcome.refused += len(before.refused) + len(during.refused)
    place = site.place.another(path.with_suffix(".place"))
    try:
        other = Site(place)
        done = other.manage("restore", str(path))
        if not outcome.expect(done.returncode == 0, f"restore: {done.stderr.strip()[-300:]}"):
            return
        outcome.lost += place.faults()
        check_hashes(other, outcome)
        kept, texts = place.rows(HASHES), place.rows(VERSIONS)
        outcome.expect(kept == _of(site, HASHES, kept), "a hash is another one")
        outcome.expect(texts == site.place.rows(VERSIONS)[: len(texts)], "a saved text is another one")
        found = "\n".join(row[2] for row in texts)
        for mark in before.saved:
            outcome.expect(f"Note {mark}." in found, f"the saved text {mark} is not in the backup")
    finally:
        place.remove()


def _of(site: Site, question: str, kept: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return the site's own rows of those editions that a backup has; others came after it."""
    names = {row[:2] for row in kept}
    return [row for row in site.place.rows(question) if row[:2] in names]


def _backed_up(site: Site, path: Path, outcome: Outcome) -> None:
    done = site.manage("backup", str(path), "--force")
    outcome.expect(done.returncode == 0, f"backup: {done.stderr.strip()[-300:]}")


def _refused(site: Site, path: Path, outcome: Outcome) -> None:
    place = site.place.another(path.with_suffix(".untouched"))
    try:
        other = Site(place)
        done = other.manage("restore", str(path))
        outcome.expect(done.returncode == 0, f"restore: {done.stderr.strip()[-300:]}")
        before = place.rows(HASHES), place.rows(VERSIONS)
        for name, spoil in SPOILED.items():
            bad = path.with_suffix(f".{name}.zip")
            spoil(path, bad)
            done = other.manage("restore", str(bad), "--replace")
            outcome.refused += done.returncode != 0
            outcome.expect(done.returncode != 0 and "Traceback" not in done.stderr, f"a {name} backup was not refused")
            outcome.expect(before == (place.rows(HASHES), place.rows(VERSIONS)), f"a {name} backup changed something")
    finally:
        place.remove()


def _damaged(path: Path, bad: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes(content)


def _cut(path: Path, bad: Path) -> None:
    content = path.read_bytes()
    bad.write_bytes(content[: len(content) * 2 // 3])


def _newer(path: Path, bad: Path) -> None:
    """Write it anew, with a step of the schema that nobody knows here."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                facts = json.loads(content)
                facts["migrations"]["education"].append("9999_of_a_later_version")
                content = json.dumps(facts).encode()
            new.writestr(old.getinfo(name), content)


SPOILED: dict[str, Callable[[Path, Path], None]] = {"damaged": _damaged, "cut": _cut, "newer": _newer}


def _erased(site: Site, path: Path, outcome: Outcome) -> None:
    """Have a visitor ask, back up, erase what they sent, and put the backup back: the site must not know it again."""
    ledger = Ledger()
    visitor = Person(site, "nobody", ledger)
    page = visitor.browser.get("/consultation/")
    sent = visitor.ask(page, "Please call.")
    if not outcome.expect(sent.status == 302, f"a request was answered with {sent.status}"):
        return
    outcome.accepted += 1
    (row,) = site.place.rows(REQUESTS)[-1]
    _backed_up(site, path, outcome)
    desk = Person(site, "owner", ledger)
    desk.sign_in()
    asked = desk.browser.get(f"/admin/clinic/consultationrequest/{row}/erase/")
    done = desk.browser.send(asked, Form(), asked.form("csrfmiddlewaretoken").values)
    outcome.expect(done.status == 302 and (row,) not in site.place.rows(REQUESTS), "the request could not be erased")
    site.stop()
    restored = site.manage("restore", str(path), "--replace")
    outcome.expect(restored.returncode == 0, f"restore: {restored.stderr.strip()[-300:]}")
    outcome.expect((row,) not in site.place.rows(REQUESTS), "an erased request is back")
    site.start()
    check_public(site, outcome)
    check_hashes(site, outcome)
