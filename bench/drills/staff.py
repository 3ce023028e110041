"""Staff at work over HTTP, and a ledger of all that the site told them was kept."""

from __future__ import annotations

import re
import secrets
import threading
import time
from dataclasses import dataclass, field

from bench.drills.browsing import Answer, Browser
from bench.drills.site import Site

ACCEPTED = 302
GUIDE = "is-a-cosmetic-procedure-right-for-you"
ADMIN = "/admin/education"
VISITOR_SECONDS = 2.5
# From one address 30 may sign in a minute, and a drill is quicker than a clinic.
TOO_MANY, LIMIT_SECONDS = 429, 90


class NotSignedIn(Exception):
    """The site did not let a member of the sample's staff in; the text is what it said."""


@dataclass
class Ledger:
    """What was accepted, from whatever thread: marks of saved texts, editions by the step that they took."""

    saved: list[str] = field(default_factory=list)
    steps: dict[str, list[int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _held: threading.Lock = field(default_factory=threading.Lock)

    def save(self, mark: str) -> None:
        with self._held:
            self.saved.append(mark)

    def step(self, name: str, edition: int) -> None:
        with self._held:
            self.steps.setdefault(name, []).append(edition)

    def refuse(self, why: str) -> None:
        with self._held:
            self.refused.append(why)

    @property
    def accepted(self) -> int:
        return len(self.saved) + sum(map(len, self.steps.values()))


class Person:
    """Somebody who signed in at a site. Each verb says what came back, and the ledger knows what was accepted."""

    def __init__(self, site: Site, username: str, ledger: Ledger) -> None:
        self.site, self.username, self.ledger = site, username, ledger
        self.browser = Browser(site.origin)

    def sign_in(self) -> None:
        """Sign in. Raises NotSignedIn: without anybody at work a drill would show nothing."""
        self.browser = Browser(self.site.origin)
        answer = self.browser.sign_in(self.username, self.site.password)
        begun = time.monotonic()
        while answer.status == TOO_MANY and time.monotonic() - begun < LIMIT_SECONDS:
            time.sleep(2)
            answer = self.browser.sign_in(self.username, self.site.password)
        if answer.status != ACCEPTED:
            raise NotSignedIn(f"{self.username} was answered with {answer.status}: {answer.words[:400]}")

    def open(self, page: int, guide: int = 1) -> Answer:
        return self.browser.get(f"{ADMIN}/guide/{guide}/pages/{page}/")

    def save(self, opened: Answer, mark: str) -> Answer:
        """Save a page that was opened before, with a sentence of its own at its end."""
        form = opened.form("markdown")
        before = re.sub(r"\n\nNote \w+\.", "", dict(form.values)["markdown"])
        answer = self.browser.send(opened, form, form.filled(markdown=f"{before}\n\nNote {mark}."))
        self._note(answer, lambda: self.ledger.save(mark))
        return answer

    def write(self, page: int) -> bool:
        """Open a page and save it at once. Returns whether that was accepted."""
        opened = self.open(page)
        return opened.status == 200 and self.save(opened, new_mark()).status == ACCEPTED

    def submit(self) -> int:
        """Submit the guide. Returns the new edition, 0 where none was made, or where nobody can say."""
        page = self.browser.get(f"{ADMIN}/guide/1/submit/")
        if page.status != 200:
            return 0
        form = page.form("what_changed")
        typed = [(name, "Looked at." if name.startswith("reason-") else text) for name, text in form.values]
        typed = [pair for pair in typed if pair[0] != "what_changed"] + [("what_changed", "A sentence is new.")]
        answer = self.browser.send(page, form, typed)
        found = re.search(r"/edition/(\d+)/", answer.address)
        edition = int(found[1]) if found and answer.status == ACCEPTED else 0
        self._note(answer, lambda: self.ledger.step("submitted", edition))
        return edition

    def ready(self, edition: int, action: str) -> tuple[Answer, list[tuple[str, str]]] | None:
        """Return a screen of an edition with what its form would send, or None where it offers no such step."""
        page = self.browser.get(f"{ADMIN}/edition/{edition}/change/")
        try:
            form = page.form(action=action)
        except LookupError:
            return None
        chosen = dict(reversed(form.open)) if action == "/review/" else {}
        return page, [*form.values, *chosen.items()]

    def approve(self, edition: int) -> bool:
        return self.take(edition, "/review/", "approved", ("change", "approve"))

    def publish(self, edition: int) -> bool:
        return self.take(edition, "/do/publish/", "published")

    def take(self, edition: int, action: str, name: str, *more: tuple[str, str]) -> bool:
        """Take a step with an edition. Returns whether that was accepted."""
        ready = self.ready(edition, action)
        return ready is not None and self.press(edition, ready, action, name, *more).status == ACCEPTED

    def press(
        self, edition: int, ready: tuple[Answer, list[tuple[str, str]]], action: str, name: str, *more: tuple[str, str]
    ) -> Answer:
        page, typed = ready
        answer = self.browser.send(page, page.form(action=action), [*typed, *more])
        self._note(answer, lambda: self.ledger.step(name, edition))
        return answer

    def ask(self, opened: Answer, message: str) -> Answer:
        """Send the form for a consultation, which was opened before, as a visitor does."""
        form = opened.form("message")
        # Whoever is quicker is taken for a machine.
        time.sleep(VISITOR_SECONDS)
        typed = form.filled(name="Kim", email="kim@example.org", message=message, consent="on")
        return self.browser.send(opened, form, typed)

    def _note(self, answer: Answer, accepted: object) -> None:
        if answer.status == ACCEPTED and callable(accepted):
            accepted()
        else:
            self.ledger.refuse(f"{answer.status} {answer.address}")


def new_mark() -> str:
    """Return a word that stands in no other text."""
    return f"x{secrets.token_hex(6)}"


def pages_of(site: Site) -> list[int]:
    """Return the pages of the guide that is worked on."""
    return [row[0] for row in site.place.rows("SELECT id FROM education_page WHERE guide_id = 1 ORDER BY position")]
