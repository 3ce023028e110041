"""The disk and lock drills: nothing can be written for a while. Readers go on, staff are told and keep their text."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from bench.drills.browsing import Answer, Browser
from bench.drills.outcome import Outcome, Said
from bench.drills.record import check, check_hashes, check_public
from bench.drills.site import Site
from bench.drills.staff import ACCEPTED, Ledger, Person, new_mark, pages_of

REFUSED = 503
SENTENCE = "could not save this just now"
NOBODY_SIGNS_IN = "Nothing was saved."
VISITORS = "What you typed is still here"
# Longer than anybody waits for a lock: 20 seconds.
LONG_SECONDS, SHORT_SECONDS = 32, 2

Hindrance = Callable[[], contextlib.AbstractContextManager[None]]


def disk(site: Site, times: int, said: Said) -> Iterator[Outcome]:
    """Fill the disk, then forbid writing to the database, `times` each."""
    # A database server has a disk of its own, and goes on keeping what it is told.
    elsewhere = not site.place.on_own_disk
    yield _drilled(site, "disk", "disk full", site.full_disk, times, said, may_accept=elsewhere)
    yield _drilled(site, "disk", "database read-only", site.place.read_only, times, said)


def lock(site: Site, times: int, said: Said, *, short: bool) -> Iterator[Outcome]:
    """Have another program hold the database's lock, for longer than anybody waits unless it is `short`."""
    if not short:
        yield _drilled(site, "lock", f"database locked for {LONG_SECONDS} s", _held_long(site), times, said)
        return
    outcome, ledger = Outcome("lock", f"database locked for {SHORT_SECONDS} s"), Ledger()
    for number in range(times):
        said("locking the database", number + 1, times)
        with _timed(outcome):
            editor = _editor(site, ledger)
            opened, found = editor.open(pages_of(site)[1]), []
            saving = threading.Thread(target=lambda: found.append(editor.save(opened, new_mark())))  # noqa: B023
            with site.place.locked():
                saving.start()
                check_public(site, outcome)
                time.sleep(SHORT_SECONDS)
            saving.join()
            outcome.expect(found[0].status == ACCEPTED, f"a save that waited answered {found[0].status}")
    _whole(site, ledger, outcome)
    yield outcome


def _held_long(site: Site) -> Hindrance:
    @contextlib.contextmanager
    def held() -> Iterator[None]:
        begun = time.monotonic()
        with site.place.locked():
            yield
            time.sleep(max(0.0, LONG_SECONDS - (time.monotonic() - begun)))

    return held


def _drilled(
    site: Site, drill: str, what: str, hindered: Hindrance, times: int, said: Said, *, may_accept: bool = False
) -> Outcome:
    outcome, ledger = Outcome(drill, what), Ledger()
    for number in range(times):
        said(what, number + 1, times)
        with _timed(outcome):
            _once(site, hindered, outcome, ledger, may_accept=may_accept)
    _whole(site, ledger, outcome)
    return outcome


def _once(site: Site, hindered: Hindrance, outcome: Outcome, ledger: Ledger, *, may_accept: bool) -> None:
    editor = _editor(site, ledger)
    opened, mark = editor.open(pages_of(site)[1]), new_mark()
    visitor = Person(site, "nobody", ledger)
    form = visitor.browser.get("/consultation/")
    with hindered():
        found: dict[str, Answer] = {}

        def note(name: str, call: Callable[[], Answer]) -> None:
            found[name] = call()

        calls: dict[str, Callable[[], Answer]] = {
            "a save": lambda: editor.save(opened, mark),
            "a sign-in": lambda: Browser(site.origin).sign_in("owner", site.password),
            "a visitor": lambda: visitor.ask(form, f"Words {mark}"),
        }
        threads = [threading.Thread(target=note, args=pair) for pair in calls.items()]
        for thread in threads:
            thread.start()
        check_public(site, outcome)
        for thread in threads:
            thread.join()
    sentences = {"a save": SENTENCE, "a sign-in": NOBODY_SIGNS_IN, "a visitor": VISITORS}
    for name, answer in found.items():
        if answer.status == ACCEPTED and may_accept:
            continue
        plainly = answer.status == REFUSED and sentences[name] in answer.words
        outcome.expect(plainly, f"{name} was answered with {answer.status} and no plain sentence")
        if name != "a sign-in":
            outcome.expect(answer.holds(mark), f"{name}: what was typed is not on the page any more")
    # Without a restart, and from the very page that was refused.
    outcome.expect(editor.save(opened, mark).status == ACCEPTED, "the same save was refused afterwards too")


def _editor(site: Site, ledger: Ledger) -> Person:
    editor = Person(site, "editor", ledger)
    editor.sign_in()
    return editor


@contextlib.contextmanager
def _timed(outcome: Outcome) -> Iterator[None]:
    begun = time.monotonic()
    yield
    outcome.times += 1
    outcome.seconds += time.monotonic() - begun


def _whole(site: Site, ledger: Ledger, outcome: Outcome) -> None:
    check(site, ledger, outcome)
    check_hashes(site, outcome)
    check_public(site, outcome)
    outcome.accepted, outcome.refused = ledger.accepted, len(ledger.refused)
