"""What a guide's screen shows beside the guide's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from education.admin.comments import board_of_guide, number_of_comments
from education.admin.drafts import draft_of, open_edition
from education.admin.report import Places, report_of
from education.comments import Comments, comments_of
from education.examining import examine
from education.forms import AddPageForm
from education.models import Archiving, Edition, Guide, Image, Page, Source, State, Term
from education.newsroom import choices
from education.reading import latest_review
from education.rendering import keys
from education.rules import Verb, may, why_not_archive
from education.snapshot import Snapshot, SnapshotPage
from education.working_copy import Change, PageState, assemble, last_read, page_states


@dataclass(frozen=True)
class Row:
    """A page in the list: how it stands, in words, and where it can be moved.

    `focus`: the button that has the focus when the screen opens, if one of this row has.
    """

    page: Page
    words: str
    kept: bool
    first: bool = False
    last: bool = False
    # How many comments of a reviewer it has, in words.
    comments: str = ""
    focus: str = ""


def guide_context(guide: Guide, person: Any, at: str = "") -> dict[str, Any]:
    """Return all that the screen shows. The number of queries does not depend on how much there is.

    `at`: a page and a button of its row, such as `7-up`, which was pressed and has the focus again.
    """
    editions = list(guide.editions.with_state().select_related("withdrawal").order_by("-number"))
    for edition in editions:
        edition.guide = guide
    live = last_read(guide)
    archiving = Archiving.objects.of(guide)
    pages = list(guide.pages.order_by("position", "id"))
    states = page_states(guide, live)
    kept = [state for state in states if state.change is not Change.REMOVED]
    places = [state.live.position for state in states if state.live]
    library = _library([state.content for state in kept])
    found = comments_of(guide)
    snapshot = assemble(guide, [state.content for state in kept])
    _, numbers, findings = examine(guide, snapshot)
    draft = draft_of(
        editions,
        person,
        archiving,
        live=live,
        changed=[state.page for state in states if state.change is not Change.SAME],
        differs=live is not None and _as_submitted(snapshot, numbers).content_hash() != live.content_hash,
        has_pages=bool(kept),
    )
    return {
        "rows": [_focused(row, at) for row in _rows(states, pages, live, found)],
        "board": board_of_guide(found),
        "order_differs": places != sorted(places),
        "add_page_form": AddPageForm(pages=pages, auto_id="id_add_%s"),
        "may_write": may(person, "change_page"),
        "may_add_page": may(person, "add_page"),
        "report": report_of(findings, _places(guide, kept, library["sources"], linked=may(person, "change_page"))),
        **library,
        "editions": editions,
        "live_edition": next((edition for edition in editions if edition.state == State.LIVE), None),
        "open_edition": open_edition(editions),
        "handed_back": _handed_back(editions),
        "live_review": latest_review(live) if live else None,
        "draft": draft,
        "archiving": archiving,
        "may_archive": may(person, "publish_edition"),
        "archive_why_not": why_not_archive(editions),
        "offers_archive": may(person, "publish_edition") and not archiving and not why_not_archive(editions),
        **_choices(editions, person),
    }


def _choices(editions: Sequence[Edition], person: Any) -> dict[str, Any]:
    """Return the verbs that are possible now, and the reasons why the others are not, each reason once."""
    found = choices(editions, person)
    reasons: dict[str, list[str]] = {}
    for one in found:
        if one.why_not:
            reasons.setdefault(one.why_not, []).append(str(one.verb))
    return {
        "choices": [one for one in found if not one.why_not],
        "to_do": [one for one in found if not one.why_not and one.verb is not Verb.WITHDRAW],
        "to_withdraw": next((one for one in found if not one.why_not and one.verb is Verb.WITHDRAW), None),
        "reasons_why_not": [(", ".join(verbs).capitalize(), reason) for reason, verbs in reasons.items()],
    }


def _handed_back(editions: Sequence[Edition]) -> Edition | None:
    """Return the newest edition when it came back to the editors."""
    newest = editions[0] if editions else None
    return newest if newest and newest.state in (State.RETURNED, State.TAKEN_BACK) else None


def _rows(
    states: Sequence[PageState], pages: Sequence[Page], live: Edition | None, found: Comments | None
) -> list[Row]:
    """Return the pages in order, and after them those that were removed and patients no longer see."""
    kept = [state.page.pk for state in states if state.change is not Change.REMOVED]
    rows = [
        Row(
            state.page,
            words(state, live),
            kept=state.page.pk in kept,
            first=state.page.pk in kept[:1],
            last=state.page.pk in kept[-1:],
            comments=number_of_comments(found, state.page),
        )
        for state in states
    ]
    listed = {state.page.pk for state in states}
    gone = [page for page in pages if page.pk not in listed]
    return rows + [Row(page, "removed", kept=False, comments=number_of_comments(found, page)) for page in gone]


def _focused(row: Row, at: str) -> Row:
    """Give the row the focus that it is to have; at an end of the list, on the button that is left."""
    page, _, button = at.partition("-")
    if page != str(row.page.pk):
        return row
    there = {"up": row.kept and not row.first, "down": row.kept and not row.last}
    there |= {"remove": row.kept, "put-back": not row.kept}
    instead = {"up": "down", "down": "up"}.get(button, "")
    return replace(row, focus=next((one for one in (button, instead) if there.get(one)), ""))


def words(state: PageState, live: Edition | None) -> str:
    """Return how a page stands to the live edition."""
    if live is None:
        return "not published yet"
    return {
        Change.NEW: "new",
        Change.CHANGED: f"changed since edition {live.number}",
        Change.SAME: f"as in edition {live.number}",
        Change.REMOVED: "removed; patients see it until the next edition is live",
    }[state.change]


def _as_submitted(snapshot: Snapshot, numbers: Mapping[str, int]) -> Snapshot:
    """Return what an edition would hold: of the sources, those that a reader meets."""
    return replace(snapshot, sources=tuple(source for source in snapshot.sources if source.key in numbers))


def _places(guide: Guide, kept: Sequence[PageState], sources: Sequence[Source], *, linked: bool) -> Places:
    """Return where the lines of the report on the working copy lead."""
    return Places(
        guide,
        {state.content.slug: state.content.title for state in kept},
        {state.content.slug: state.page for state in kept},
        sources={source.key: source.pk for source in sources},
        linked=linked,
    )


def _library(pages: Sequence[SnapshotPage]) -> dict[str, Any]:
    """Return the sources, terms and images that the texts and entries name and that exist."""
    found = [keys(page.markdown) for page in pages]
    wanted = {name: set().union(*(getattr(one, name) for one in found)) for name in ("sources", "terms", "images")}
    wanted["sources"].update(key for page in pages for entry in page.entries for key in entry["sources"])
    rows: dict[str, QuerySet[Any]] = {
        "sources": Source.objects.defer("note"),
        "terms": Term.objects.all(),
        "images": Image.objects.all(),
    }
    return {name: list(known.filter(key__in=wanted[name])) for name, known in rows.items()}
