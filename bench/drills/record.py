"""Whether a site lost anything: asked of its database and its public pages, not of the code that wrote them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bench.drills.browsing import Answer, Browser
from bench.drills.outcome import Outcome
from bench.drills.site import Site
from bench.drills.staff import GUIDE, Ledger

PUBLIC = (
    *("/", "/guides/", f"/guides/{GUIDE}/", f"/guides/{GUIDE}/all/", f"/guides/{GUIDE}/sources/"),
    *("/guides/mesotherapy/side-effects/", "/guides/mesotherapy/check/", "/guides/mesotherapy/plan/"),
    *("/guides/mesotherapy/editions/", "/guides/mesotherapy/leaflet.pdf", "/guides/mesotherapy/mistake/"),
    *("/providers/", "/prices/", "/search/?q=bruise", "/consultation/", "/accounts/login/", "/feed.xml", "/healthz"),
)
# Rows of a step that was taken, by the name under which the ledger has it.
STEPS = {
    "submitted": "SELECT id FROM education_edition",
    "approved": "SELECT edition_id FROM education_review WHERE decision = 'approved'",
    "published": "SELECT edition_id FROM education_publication",
}
PAGES = "SELECT edition_id, count(*) FROM education_editionpage GROUP BY edition_id"
RENDERED = """
    SELECT page.edition_id, count(DISTINCT page.id) FROM education_editionpage AS page
    JOIN education_rendering AS rendering ON rendering.edition_page_id = page.id GROUP BY page.edition_id
"""
PUBLISHED = "SELECT count(*) FROM education_publication"
PUBLISHED_BY_LOG = "SELECT count(*) FROM education_auditline WHERE what = 'edition.published'"
LIVE = """
    SELECT publication.live_from, edition.number FROM education_publication AS publication
    JOIN education_edition AS edition ON edition.id = publication.edition_id
    WHERE edition.guide_id = 1 ORDER BY publication.live_from, publication.id
"""
# So that every worker is among those who answer.
QUESTIONS = 12
# Something may be published while they are asked, and a worker that was killed is missed for a moment; whoever else is
# killed between keeping something and telling the workers leaves their pages as they are to the end of the minute.
SECONDS_TO_ASK, SECONDS_UNTOLD = 5, 62


def check(site: Site, ledger: Ledger, outcome: Outcome) -> None:
    """Look for everything that was accepted, and for anything that is there in half."""
    place = site.place
    outcome.lost += place.faults()
    texts = "\n".join(row[0] for row in place.rows("SELECT markdown FROM education_pageversion"))
    for mark in ledger.saved:
        outcome.expect(f"Note {mark}." in texts, f"the saved text {mark} is gone")
    for name, question in STEPS.items():
        there = {row[0] for row in place.rows(question)}
        for edition in ledger.steps.get(name, []):
            outcome.expect(edition in there, f"edition {edition} was {name}, and no row says so")
    pages, rendered = dict(place.rows(PAGES)), dict(place.rows(RENDERED))
    for (edition,) in place.rows("SELECT id FROM education_edition"):
        whole = pages.get(edition, 0) and pages[edition] == rendered.get(edition)
        outcome.expect(whole, f"edition {edition} is there in half")
    said, logged = place.rows(PUBLISHED)[0][0], place.rows(PUBLISHED_BY_LOG)[0][0]
    outcome.expect(said == logged, f"{said} publications, and {logged} lines of the log")


def check_hashes(site: Site, outcome: Outcome) -> None:
    """Have every hash of the record computed anew."""
    done = site.manage("verify_editions")
    outcome.expect(done.returncode == 0, f"verify_editions: {(done.stdout + done.stderr).strip()[-300:]}")


def check_answers(site: Site, outcome: Outcome) -> None:
    """Read what patients read."""
    reader = Browser(site.origin)
    for path in PUBLIC:
        status = reader.get(path).status
        outcome.expect(status == 200, f"{path} answered {status}")


def check_public(site: Site, outcome: Outcome, *, within: float = SECONDS_TO_ASK) -> None:
    """Read what patients read: every page answers, and within so many seconds each worker has the newest edition."""
    check_answers(site, outcome)
    begun = time.monotonic()
    while (shown := _shown(site)) != {newest(site)}:
        if time.monotonic() - begun > within:
            outcome.expect(False, f"patients read edition {shown} after {within} s, and {newest(site)} is live")
            return


def _shown(site: Site) -> set[int]:
    return {edition_on(Browser(site.origin).get(f"/guides/{GUIDE}/")) for _ in range(QUESTIONS)}


def newest(site: Site) -> int:
    """Return the number of the edition that is live now by the database's own rows; nobody cancels in a drill."""
    now = datetime.now(UTC)
    return int([number for begins, number in site.place.rows(LIVE) if _moment(begins) <= now][-1])


def _moment(stored: datetime | str) -> datetime:
    # SQLite keeps the text of a moment of UTC.
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def edition_on(answer: Answer) -> int:
    """Return the number of the edition that a page of a guide says it is; 0 for a page that says none."""
    words = answer.words.partition("Edition ")[2].split()
    return int(words[0].strip(".,·")) if answer.status == 200 and words and words[0].strip(".,·").isdigit() else 0
