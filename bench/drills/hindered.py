"""The disk, lock and server drills: nothing can be written for a while. Readers go on, staff keep what they typed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from bench.drills.browsing import Answer, Browser
from bench.drills.crash import at_work, finish, working
from bench.drills.outcome import Outcome, Said
from bench.drills.place import Place, PostgreSQLPlace
from bench.drills.record import PUBLIC, QUESTIONS, check, check_answers, check_hashes, check_public
from bench.drills.site import Site
from bench.drills.staff import ACCEPTED, Ledger, Person, new_mark, pages_of

REFUSED = 503
PUBLISH = "/do/publish/"
SENTENCE = "could not save this just now"
NOTHING = "Nothing was saved."
VISITORS = "What you typed is still here"
# Longer than anybody waits for a lock: 20 seconds.
LONG_SECONDS, SHORT_SECONDS = 32, 2
# So that each of a worker's threads, which keep their connections, is among those that save again.
SAVES_AFTERWARDS = 8
# Until workers hear of changes again, and keep pages: they try once a second.
SECONDS_TO_HEAR = 10

Hindrance = Callable[[], contextlib.AbstractContextManager[None]]


def disk(site: Site, times: int, said: Said) -> Iterator[Outcome]:
    """Fill the disk, then forbid writing to the database, `times` each."""
    # A database server has a disk of its own, and goes on keeping what it is told.
    elsewhere = not site.place.on_own_disk
    yield _drilled(site, "disk", "disk full", site.full_disk, times, said, may_accept=elsewhere)
    with contextlib.ExitStack() as stack:
        opening = site if elsewhere else stack.enter_context(_opening_anew(site.place))
        yield _drilled(opening, "disk", "database read-only", site.place.read_only, times, said)


@contextlib.contextmanager
def _opening_anew(place: Place) -> Iterator[Site]:
    """Yield a second server, which keeps no file open."""
    site = Site(place, ("-m", "bench.drills.unkept_site"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


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
    edition = _approved(site, editor, ledger, outcome)
    seen = editor.ready(edition, PUBLISH)
    if not outcome.expect(seen, "no edition could be published"):
        return
    # Each worker keeps the pages from now on: whatever gets old meanwhile would show.
    check_public(site, outcome)
    with hindered():
        found: dict[str, Answer] = {}

        def note(name: str, call: Callable[[], Answer]) -> None:
            found[name] = call()

        calls: dict[str, Callable[[], Answer]] = {
            "a save": lambda: editor.save(opened, mark),
            "a publication": lambda: editor.press(edition, seen, PUBLISH, "published"),
            "a sign-in": lambda: Browser(site.origin).sign_in("owner", site.password),
            "a visitor": lambda: visitor.ask(form, f"Words {mark}"),
        }
        threads = [threading.Thread(target=note, args=pair) for pair in calls.items()]
        for thread in threads:
            thread.start()
        check_public(site, outcome)
        for thread in threads:
            thread.join()
        # What was published all the same is read at once, though a full disk may not take the word of it.
        check_public(site, outcome)
    sentences = {"a save": SENTENCE, "a publication": SENTENCE, "a sign-in": NOTHING, "a visitor": VISITORS}
    for name, answer in found.items():
        if answer.status == ACCEPTED and may_accept:
            continue
        plainly = answer.status == REFUSED and sentences[name] in answer.words
        outcome.expect(plainly, f"{name} was answered with {answer.status} and no plain sentence")
        if name in ("a save", "a visitor"):
            outcome.expect(answer.holds(mark), f"{name}: what was typed is not on the page any more")
    # Without a restart, and from the very pages that were refused; by whichever thread answers.
    outcome.expect(editor.save(opened, mark).status == ACCEPTED, "the same save was refused afterwards too")
    if found["a publication"].status != ACCEPTED:
        again = editor.press(edition, seen, PUBLISH, "published")
        outcome.expect(again.status == ACCEPTED, "the same publication was refused afterwards too")
    for _ in range(SAVES_AFTERWARDS):
        outcome.expect(editor.write(pages_of(site)[2]), "another save was refused afterwards")


def _approved(site: Site, editor: Person, ledger: Ledger, outcome: Outcome) -> int:
    """Return a new edition that waits only to be published."""
    reviewer = Person(site, "reviewer", ledger)
    reviewer.sign_in()
    outcome.expect(editor.write(pages_of(site)[3]), "a page could not be saved before")
    edition = editor.submit()
    outcome.expect(edition and reviewer.approve(edition), "no edition could be approved before")
    return edition


def server(site: Site, times: int, said: Said) -> Iterator[Outcome]:
    """End all connections to the database's server, then let nobody reach it, `times` each. SQLite has no server."""
    place = site.place
    if not isinstance(place, PostgreSQLPlace):
        return
    for name, once in (("its connections ended", _ended), (f"away for {SHORT_SECONDS} s", _away)):
        outcome, ledger = Outcome("server", name), Ledger()
        for number in range(times):
            said(name, number + 1, times)
            with _timed(outcome):
                once(site, place, outcome, ledger)
                check_public(site, outcome)
                _keeps_pages(site, outcome)
        finish(site)
        _whole(site, ledger, outcome)
        yield outcome


def _ended(site: Site, place: PostgreSQLPlace, outcome: Outcome, ledger: Ledger) -> None:
    """While people work: what they asked in that moment may be refused, and whoever reads next notices nothing."""
    with working(site, ledger, publishing=True):
        at_work(ledger)
        place.end_connections()
        check_answers(site, outcome)


def _away(site: Site, place: PostgreSQLPlace, outcome: Outcome, ledger: Ledger) -> None:
    """Nobody is answered with a fault; afterwards all is as it was, without a restart."""
    editor = _editor(site, ledger)
    opened, mark = editor.open(pages_of(site)[1]), new_mark()
    with place.away():
        answer = editor.save(opened, mark)
        outcome.expect(
            answer.status == REFUSED and NOTHING in answer.words, f"a save was answered with {answer.status}"
        )
        reader = Browser(site.origin)
        for path in PUBLIC:
            status = reader.get(path).status
            outcome.expect(status in (200, REFUSED), f"{path} answered {status} meanwhile")
        time.sleep(SHORT_SECONDS)
    outcome.expect(editor.save(opened, mark).status == ACCEPTED, "the same save was refused afterwards too")


def _keeps_pages(site: Site, outcome: Outcome) -> None:
    """See that each worker hears of changes again: only then a page is kept, and has a tag."""
    begun = time.monotonic()
    while not all(Browser(site.origin).get("/guides/").tag for _ in range(QUESTIONS)):
        if not outcome.expect(time.monotonic() - begun < SECONDS_TO_HEAR, "no page is kept again"):
            return


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
