"""Where every guide stands, for the people who write, review and publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.timesince import timesince

from education.models import (
    OPEN_STATES,
    Archiving,
    Edition,
    EditionPage,
    Guide,
    MistakeReport,
    PageVersion,
    Publication,
    Review,
    State,
)
from education.models.record import EditionQuerySet
from education.rules import ARCHIVED, Verb, may, why_not
from education.sources import SourceWork, source_work
from education.working_copy import Change

DUE_SOON = timedelta(days=90)
# The first screen names so many reports of mistakes; the inbox has them all.
MOST_REPORTS = 10

# What happens next to an edition, and whose turn it is.
NEXT_STEP: Mapping[State, str] = {
    State.IN_REVIEW: "A reviewer reads it, then approves it or returns it.",
    State.RETURNED: "An editor changes the guide and submits it again.",
    State.TAKEN_BACK: "An editor changes the guide and submits it again.",
    State.APPROVED: "An editor or a reviewer publishes it, now or at a time.",
    State.SCHEDULED: "It goes live by itself at its time. An editor or a reviewer can cancel that before.",
    State.LIVE: "Patients read it. Before its review is due, a reviewer confirms it or an editor submits a new one.",
    State.SUPERSEDED: "A later edition took its place. An editor or a reviewer can publish this one again.",
    State.WITHDRAWN: "It is off the site for good.",
    State.ARCHIVED: "The guide is in the archive. An editor or a reviewer can bring it back, and this edition with it.",
}


@dataclass(frozen=True)
class Standing:
    """What is live of a guide, and what is under way. Times are aware moments."""

    guide: Guide
    live: Edition | None = None
    live_since: datetime | None = None
    withdrawn: Edition | None = None
    open: Edition | None = None
    goes_live: datetime | None = None
    handed_back: Edition | None = None
    next_review_due: date | None = None
    archived_since: datetime | None = None


def with_standing(guides: QuerySet[Guide], now: datetime | None = None) -> QuerySet[Guide]:
    """Return the guides with all that `standing()` reads: three queries more, however many guides and editions."""
    reviews = Review.objects.filter(decision__in=(Review.Decision.APPROVED, Review.Decision.CONFIRMED))
    editions = (
        _that_count(Edition.objects.with_state(now))
        .defer("summary", "funding", "contributors", "sources", "terms", "images", "report", "reasons")
        .defer("answered_comments")
        .order_by("-number")
        .prefetch_related(
            Prefetch("publications", Publication.objects.filter(cancellation=None).order_by("live_from", "id")),
            Prefetch("reviews", reviews.defer("note", "answers", "comments").order_by("id")),
        )
    )
    archivings = Archiving.objects.in_force().filter(guide=OuterRef("pk")).order_by("-id")
    facts: dict[str, Any] = {"archived_since": Subquery(archivings.values("made_at")[:1])}
    return guides.annotate(**facts).prefetch_related(Prefetch("editions", editions))


def _that_count(editions: EditionQuerySet) -> EditionQuerySet:
    """Leave out the past, which grows for ever: of a guide the newest counts, the one in force, and what is open."""
    newest = Edition.objects.filter(guide=OuterRef("guide")).order_by("-number").values("pk")[:1]
    undecided = Q(last_decision=None) | Q(last_decision=Review.Decision.APPROVED)
    return editions.filter(
        Q(pk=Subquery(newest)) | Q(pk=F("current_edition_id")) | Q(is_pending=True) | Q(is_published=False) & undecided
    )


def standing(guide: Guide, now: datetime | None = None) -> Standing:
    """Return where a guide that comes from `with_standing()` stands."""
    now = now or timezone.now()
    editions = list(guide.editions.all())
    for edition in editions:
        edition.guide = guide
    live = _first(editions, (State.LIVE,))
    under_way = _first(editions, OPEN_STATES)
    newest = editions[0] if editions else None
    back = newest if newest and newest.state in (State.RETURNED, State.TAKEN_BACK) else None
    current = next((edition for edition in editions if edition.pk == edition.current_edition_id), None)
    pending = [moment for edition in editions for moment in _moments(edition) if moment > now]
    reviews = list(live.reviews.all()) if live else []
    return Standing(
        guide=guide,
        live=live,
        live_since=max((moment for moment in _moments(live) if moment <= now), default=None) if live else None,
        withdrawn=current if current and current.state == State.WITHDRAWN else None,
        open=under_way,
        goes_live=min(pending, default=None),
        handed_back=None if under_way or guide.archived_since else back,
        next_review_due=reviews[-1].next_review_due if reviews else None,
        archived_since=guide.archived_since,
    )


def _first(editions: Iterable[Edition], states: Iterable[State]) -> Edition | None:
    return next((edition for edition in editions if edition.state in states), None)


def _moments(edition: Edition) -> list[datetime]:
    return [publication.live_from for publication in edition.publications.all()]


@dataclass(frozen=True)
class ChangedPage:
    """A page that somebody wrote and that no edition has yet: neither the live one nor one that is under way."""

    guide: Guide
    page: int
    title: str
    change: Change


@dataclass
class Work:
    """What waits for a person: guide by guide, among the sources, and from readers.

    `returns`: the decision by which each of the editions handed back came back, by the edition's id.
    """

    to_review: list[Standing] = field(default_factory=list)
    handed_back: list[Standing] = field(default_factory=list)
    returns: dict[int, Review] = field(default_factory=dict)
    changes: list[ChangedPage] = field(default_factory=list)
    to_publish: list[Standing] = field(default_factory=list)
    under_way: list[Standing] = field(default_factory=list)
    scheduled: list[Standing] = field(default_factory=list)
    due: list[Standing] = field(default_factory=list)
    sources: SourceWork = field(default_factory=SourceWork)
    mistakes: list[MistakeReport] = field(default_factory=list)
    mistakes_in_all: int = 0


def work_of(person: Any, now: datetime | None = None) -> Work:
    """Return what waits for this person; nothing for an account that may not see guides.

    However many guides there are, four queries; one more when something was handed back; three more for those who
    write; one more for those who look after sources, and ten when some of these no longer stand; two more for those
    who work on reports of mistakes.
    """
    work = Work()
    if not may(person, "view_guide"):
        return work
    now = now or timezone.now()
    editor = may(person, "submit_edition")
    due_by = timezone.localdate(now) + DUE_SOON
    found = [standing(guide, now) for guide in with_standing(_looked_after(), now)]
    for one in found:
        if one.open and not why_not(Verb.APPROVE, person, one.open):
            work.to_review.append(one)
        elif one.open and one.open.state == State.SCHEDULED:
            work.scheduled.append(one)
        elif one.open and not why_not(Verb.PUBLISH, person, one.open):
            work.to_publish.append(one)
        elif one.open and editor:
            work.under_way.append(one)
        if one.handed_back and one.handed_back.made_by_id == person.pk:
            work.handed_back.append(one)
        if one.next_review_due and one.next_review_due <= due_by:
            work.due.append(one)
    work.returns = _returns([one.handed_back.pk for one in work.handed_back if one.handed_back])
    if may(person, "change_page"):
        # What came back stands there as a whole.
        back = {one.guide.pk for one in work.handed_back}
        work.changes = unsubmitted(person, [one for one in found if one.guide.pk not in back])
    if may(person, "add_sourcecheck") or may(person, "change_source"):
        work.sources = source_work(now)
    if may(person, "change_mistakereport"):
        work.mistakes = list(MistakeReport.objects.open().for_inbox()[:MOST_REPORTS])
        work.mistakes_in_all = MistakeReport.objects.open().count()
    work.to_review.sort(
        key=lambda one: (not (one.open and one.open.urgent_reason), one.open.made_at if one.open else now)
    )
    work.due.sort(key=lambda one: one.next_review_due or date.max)
    return work


def _looked_after() -> QuerySet[Guide]:
    """Return the guides that are not in the archive."""
    return Guide.objects.exclude(Exists(Archiving.objects.filter(guide=OuterRef("pk"), reopening=None)))


def _returns(editions: list[int]) -> dict[int, Review]:
    handed_back = (Review.Decision.RETURNED, Review.Decision.TAKEN_BACK)
    rows = Review.objects.filter(edition__in=editions, decision__in=handed_back).defer("answers").order_by("id")
    return {review.edition_id: review for review in rows} if editions else {}


def unsubmitted(person: Any, standings: Iterable[Standing]) -> list[ChangedPage]:
    """Return the pages of these guides with changes that this person saved and nobody has submitted: three queries.

    The newest saved text of a page is its working copy. It counts when this person saved after the last text that the
    live edition has. Nobody signs for taking a page out: that is said to whoever saved its text last.
    """
    guides = {one.guide.pk: one for one in standings}
    live = [one.live.pk for one in guides.values() if one.live]
    under_way = [one.open.pk for one in guides.values() if one.open]
    mine = dict(
        PageVersion.objects.filter(made_by=person, page__guide__in=guides)
        .order_by()
        .values_list("page")
        .annotate(newest=Max("id"))
    )
    newest = PageVersion.objects.filter(page=OuterRef("page")).order_by("-id").values("id")[:1]
    versions = (
        PageVersion.objects.filter(page__in=mine, pk=Subquery(newest))
        .annotate(
            is_live=Exists(_there(live)),
            reads_as_live=Exists(_saying(live)),
            goes_on=Exists(_there(under_way)),
            is_submitted=Exists(_saying(under_way)),
        )
        .select_related("page")
        .defer("markdown", "entries", "page__markdown")
        .order_by("page__position", "page_id")
    )
    as_live = PageVersion.objects.filter(Exists(_saying(live)), page__in=mine).order_by().values_list("page")
    agreed = dict(as_live.annotate(last=Max("id")))
    found = []
    for version in versions:
        stands, page = guides[version.page.guide_id], version.page
        if page.removed_at:
            gone = stands.open is not None and not version.goes_on
            change = Change.REMOVED if version.is_live and not gone and version.made_by_id == person.pk else None
        elif version.reads_as_live or version.is_submitted or mine[page.pk] <= agreed.get(page.pk, 0):
            change = None
        else:
            change = Change.CHANGED if version.is_live else Change.NEW
        if change:
            found.append(ChangedPage(stands.guide, page.pk, page.title, change))
    return sorted(found, key=lambda one: (one.guide.title, one.guide.pk))


def _there(editions: Iterable[int]) -> QuerySet[EditionPage]:
    """Return what these editions have in the place of a version's page."""
    return EditionPage.objects.filter(edition__in=list(editions), page=OuterRef("page"))


def _saying(editions: Iterable[int]) -> QuerySet[EditionPage]:
    """Return what of it says the same as the version. Both sides write entries in one canonical form."""
    return _there(editions).filter(**{name: OuterRef(name) for name in ("title", "slug", "markdown", "entries")})


@dataclass(frozen=True)
class Choice:
    """A verb as a person meets it: the edition it would touch, or why it cannot be done now."""

    verb: Verb
    edition: Edition | None
    why_not: str

    @property
    def label(self) -> str:
        what = f"edition {self.edition.number}" if self.edition else "an edition"
        return f"Cancel the publication of {what}" if self.verb is Verb.CANCEL else f"{self.verb.capitalize()} {what}"


NOTHING_UNDER_WAY = "No edition is under way."
NOTHING_LIVE = "No edition is live."


def choices(editions: Iterable[Edition], person: Any) -> list[Choice]:
    """Return every verb on a guide's editions (with state, newest first), possible or with the reason why not."""
    known = list(editions)
    under_way, live = _first(known, OPEN_STATES), _first(known, (State.LIVE, State.ARCHIVED))
    found = []
    for verb in Verb:
        about_live = verb in (Verb.WITHDRAW, Verb.CONFIRM)
        edition = live if about_live else under_way
        if edition is None:
            instead = ARCHIVED if any(one.is_archived for one in known) else NOTHING_UNDER_WAY
            found.append(Choice(verb, None, NOTHING_LIVE if about_live else instead))
        else:
            found.append(Choice(verb, edition, why_not(verb, person, edition)))
    return found


def how_long_ago(moment: datetime) -> str:
    """Return in words how long ago something came in, such as “just now” or “3 days ago”."""
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"
