"""The clock drill: a publication is planned across a change of the clocks, and begins in its moment on every worker."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.drills.browsing import Answer, Browser
from bench.drills.outcome import Outcome, Said
from bench.drills.place import Place
from bench.drills.record import check, check_hashes, edition_on
from bench.drills.site import Site
from bench.drills.staff import ACCEPTED, GUIDE, Ledger, Person, pages_of

WORKERS = 3
FIRST_YEAR = 2027
MOST_QUESTIONS = 200
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Night:
    """A night in New York, the sample's time zone: when it is planned, for when, and what the form must refuse."""

    what: str
    planned: datetime
    day: str
    time: str
    begins: datetime
    refused: str = ""
    why: str = ""


def nights(year: int) -> tuple[Night, Night, Night]:
    """Return a plain night and both that a change of the clocks makes shorter and longer, in their order.

    Since 2007 clocks go forward on the second Sunday of March and back on the first of November, at 2 in the night:
    https://www.law.cornell.edu/uscode/text/15/260a
    """
    plain, forward, back = date(year, 2, 2), sunday(year, 3, 2), sunday(year, 11, 1)
    return (
        Night("planned for a plain moment", eve(plain), str(plain), "09:30", moment(plain, "14:30")),
        Night(
            "across the night of 23 hours",
            *(eve(forward), str(forward), "03:15", moment(forward, "07:15"), "02:30", "does not exist"),
        ),
        Night(
            "across the night of 25 hours",
            *(eve(back), str(back), "02:15", moment(back, "07:15"), "01:30", "clocks go back"),
        ),
    )


def sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))


def moment(day: date, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}+00:00")


def eve(day: date) -> datetime:
    return moment(day - timedelta(days=1), "17:00")


def drill(place: Place, times: int, said: Said) -> Iterator[Outcome]:
    """Plan and publish `times` on each kind of night, at a server of its own whose clock stands where it is put."""
    clock = place.data.with_name("clock") / "moment"
    clock.parent.mkdir(exist_ok=True)
    site = Site(place, ("-m", "bench.drills.clocked_site", str(clock)))
    site.environment["WORKERS"] = str(WORKERS)
    set_clock(clock, datetime.now(UTC))
    site.start()
    try:
        lines = {night.what: Outcome("clock", night.what) for night in nights(FIRST_YEAR)}
        for number in range(times):
            # Each year is later than the one before: a publication that begins in its future would be in the way.
            for night in nights(FIRST_YEAR + number):
                said(night.what, number + 1, times)
                _timed(site, clock, night, lines[night.what])
        for outcome in lines.values():
            check_hashes(site, outcome)
            yield outcome
    finally:
        site.stop()


def set_clock(clock: Path, when: datetime) -> None:
    """Put the clock of every worker to this moment, where it stays."""
    new = clock.with_suffix(".new")
    new.write_text(when.isoformat())
    os.replace(new, clock)


def _timed(site: Site, clock: Path, night: Night, outcome: Outcome) -> None:
    ledger, begun = Ledger(), time.monotonic()
    _once(site, clock, night, ledger, outcome)
    check(site, ledger, outcome)
    outcome.times += 1
    outcome.accepted += ledger.accepted
    outcome.refused += len(ledger.refused)
    outcome.seconds += time.monotonic() - begun


def _once(site: Site, clock: Path, night: Night, ledger: Ledger, outcome: Outcome) -> None:
    set_clock(clock, night.planned)
    editor, reviewer = (Person(site, name, ledger) for name in ("editor", "reviewer"))
    for one in (editor, reviewer):
        one.sign_in()
    editor.write(pages_of(site)[1])
    edition = editor.submit()
    if not outcome.expect(edition and reviewer.approve(edition), "no edition could be approved"):
        return
    if night.refused:
        answer = _plan(editor, edition, night.day, night.refused)
        told = answer.status == 200 and night.why in answer.words and answer.holds(night.refused)
        outcome.expect(told, f"{night.refused} was answered with {answer.status}, not by the form")
        ledger.refuse(night.refused)
    answer = _plan(editor, edition, night.day, night.time)
    if not outcome.expect(answer.status == ACCEPTED, f"{night.time} was answered with {answer.status}"):
        return
    ledger.step("published", edition)
    number = site.place.rows(f"SELECT number FROM education_edition WHERE id = {edition}")[0][0]
    begins = night.begins
    # The last but one: somebody sets the clock back.
    moments = (
        (begins - SECOND, False),
        (begins, True),
        (begins + SECOND, True),
        (begins - HOUR, False),
        (begins, True),
    )
    for when, live in moments:
        set_clock(clock, when)
        for shown in _asked(site, clock, outcome):
            early = "late" if live else "early"
            outcome.expect((shown == number) is live, f"{early}: edition {shown} at {when}, planned {number}")
    rows = site.place.rows(f"SELECT id FROM education_publication WHERE edition_id = {edition}")
    outcome.expect(len(rows) == 1, f"{len(rows)} publications of one plan")


def _plan(editor: Person, edition: int, day: str, time: str) -> Answer:
    ready = editor.ready(edition, "/do/schedule/")
    if ready is None:
        return Answer(0, "", "")
    page, form = ready[0], ready[0].form(action="/do/schedule/")
    return editor.browser.send(page, form, form.filled(day=day, time=time))


def _asked(site: Site, clock: Path, outcome: Outcome) -> list[int]:
    """Ask until every worker has answered by this clock, and return which edition each answer showed."""
    shown, stands = [], clock.read_text()
    for _ in range(MOST_QUESTIONS):
        answer = Browser(site.origin).get(f"/guides/{GUIDE}/")
        shown.append(edition_on(answer))
        found = [path for path in clock.parent.glob("answered-*") if path.read_text() == stands]
        if len(found) >= WORKERS:
            return shown
    outcome.expect(False, "not every worker answered")
    return shown
