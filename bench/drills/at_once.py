"""The concurrency drill: several editors on one page, two reviewers of one edition, two who publish it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from bench.drills.outcome import Outcome, Said
from bench.drills.record import check, check_hashes
from bench.drills.site import Site
from bench.drills.staff import ACCEPTED, Ledger, Person, new_mark, pages_of

EDITORS, SAVES = 5, 4
CONFLICT = 409


def drill(site: Site, times: int, said: Said) -> Iterator[Outcome]:
    for name, once in (
        (f"{EDITORS} editors save one page", _editors),
        ("two approve one edition", _reviewers),
        ("it is published twice at once", _publishers),
    ):
        outcome, ledger, begun = Outcome("at once", name), Ledger(), time.monotonic()
        for number in range(times):
            said(name, number + 1, times)
            once(site, ledger, outcome)
            outcome.times += 1
        check(site, ledger, outcome)
        check_hashes(site, outcome)
        outcome.accepted, outcome.refused = ledger.accepted, len(ledger.refused)
        outcome.seconds = time.monotonic() - begun
        yield outcome


def together(*calls: Callable[[], object]) -> None:
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        call()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _editors(site: Site, ledger: Ledger, outcome: Outcome) -> None:
    page = pages_of(site)[2]
    people = [Person(site, ("editor", "owner")[number % 2], ledger) for number in range(EDITORS)]
    before = len(_versions(site, page))
    accepted = len(ledger.saved)
    together(*(lambda one=one: _save_often(one, page, outcome) for one in people))
    # One version for each that was accepted: nobody's stands in place of another's.
    made, wanted = len(_versions(site, page)) - before, len(ledger.saved) - accepted
    outcome.expect(made == wanted, f"{wanted} saves were accepted, and {made} are kept")


def _save_often(person: Person, page: int, outcome: Outcome) -> None:
    person.sign_in()
    kept = 0
    while kept < SAVES:
        mark = new_mark()
        answer = person.save(person.open(page), mark)
        kept += answer.status == ACCEPTED
        if answer.status != ACCEPTED:
            told = answer.status in (CONFLICT, 503) and answer.holds(mark)
            if not outcome.expect(told, f"a save was answered with {answer.status}, without what was typed"):
                return


def _versions(site: Site, page: int) -> list[tuple[int]]:
    return site.place.rows(f"SELECT id FROM education_pageversion WHERE page_id = {int(page)}")


def _signed_in(site: Site, ledger: Ledger, *names: str) -> list[Person]:
    people = [Person(site, name, ledger) for name in names]
    for one in people:
        one.sign_in()
    return people


def _submitted(site: Site, ledger: Ledger, outcome: Outcome) -> int:
    (editor,) = _signed_in(site, ledger, "editor")
    editor.write(pages_of(site)[3])
    edition = editor.submit()
    outcome.expect(edition, "the guide could not be submitted")
    return edition


def _reviewers(site: Site, ledger: Ledger, outcome: Outcome) -> None:
    edition = _submitted(site, ledger, outcome)
    _both(site, ledger, outcome, edition, ("reviewer", "owner"), "/review/", "approved", ("change", "approve"))
    rows = site.place.rows(f"SELECT id FROM education_review WHERE edition_id = {edition} AND decision = 'approved'")
    outcome.expect(len(rows) == 1, f"{len(rows)} approvals of one edition")
    # Off the way of the next one.
    _signed_in(site, ledger, "editor")[0].publish(edition)


def _publishers(site: Site, ledger: Ledger, outcome: Outcome) -> None:
    edition = _submitted(site, ledger, outcome)
    _signed_in(site, ledger, "reviewer")[0].approve(edition)
    _both(site, ledger, outcome, edition, ("editor", "owner"), "/do/publish/", "published")
    rows = site.place.rows(f"SELECT id FROM education_publication WHERE edition_id = {edition}")
    outcome.expect(len(rows) == 1, f"{len(rows)} publications of one edition")


def _both(
    site: Site,
    ledger: Ledger,
    outcome: Outcome,
    edition: int,
    who: tuple[str, str],
    action: str,
    name: str,
    *more: tuple[str, str],
) -> None:
    """Have two people who see the same screen press the same button at the same moment; one of them is told."""
    people = _signed_in(site, ledger, *who)
    ready = [one.ready(edition, action) for one in people]
    before = len(ledger.steps.get(name, []))
    calls = [
        lambda one=one, at=at: one.press(edition, at, action, name, *more)
        for one, at in zip(people, ready, strict=True)
        if at
    ]
    if outcome.expect(len(calls) == len(people), "somebody was not offered the step"):
        together(*calls)
    done = len(ledger.steps.get(name, [])) - before
    outcome.expect(done == 1, f"{done} of two were told that the edition is {name}")
