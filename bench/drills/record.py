"""Whether a site lost anything: asked of its database and its public pages, not of the code that wrote them."""

from __future__ import annotations

from bench.drills.browsing import Browser
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


def check_public(site: Site, outcome: Outcome) -> None:
    """Read what patients read."""
    reader = Browser(site.origin)
    for path in PUBLIC:
        status = reader.get(path).status
        outcome.expect(status == 200, f"{path} answered {status}")
