"""When which edition of a guide was live: what the list of editions, permalinks and codes tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from education.models import Archiving, Edition, Guide, Publication, Review, State

# A history names editions; their texts and lists stay in the database.
HEAVY = tuple(
    f"edition__{name}"
    for name in ("contributors", "sources", "terms", "images", "report", "reasons", "answered_comments")
)


@dataclass(frozen=True)
class LivePeriod:
    """A stretch of time in which patients read an edition; `end` is None while it lasts.

    `archiving`: what ended it, where that was the archiving of the guide.
    """

    edition: Edition
    start: datetime
    end: datetime | None
    ended_by_withdrawal: bool = False
    archiving: Archiving | None = None

    def touches(self, start: datetime, end: datetime) -> bool:
        """Return whether it was live at any moment from `start` up to, not including, `end`."""
        return self.start < end and (self.end is None or self.end > start)


@dataclass(frozen=True)
class History:
    """A guide that was live at some time: its public editions by number, and when each was live, newest first.

    `current`: the edition whose publication counts, live or not. `archiving`: what put the guide into the archive,
    where it is now.
    """

    guide: Guide
    editions: tuple[Edition, ...]
    periods: tuple[LivePeriod, ...]
    current: Edition
    archiving: Archiving | None = None

    @property
    def live(self) -> Edition | None:
        return self.current if self.current.state is State.LIVE else None

    @property
    def withdrawn(self) -> Edition | None:
        """The edition that would be live had it not been withdrawn."""
        return self.current if self.current.state is State.WITHDRAWN else None

    def edition(self, number: int) -> Edition | None:
        return next((edition for edition in self.editions if edition.number == number), None)

    def periods_of(self, edition: Edition) -> list[LivePeriod]:
        return [period for period in self.periods if period.edition == edition]

    def before(self, edition: Edition) -> Edition | None:
        """Return the edition that was live just before this one first was."""
        oldest_first = [period.edition for period in reversed(self.periods)]
        index = oldest_first.index(edition) if edition in oldest_first else 0
        return oldest_first[index - 1] if index else None

    def first_period_of(self, edition: Edition) -> LivePeriod | None:
        return next((period for period in reversed(self.periods) if period.edition == edition), None)

    def since(self, edition: Edition) -> list[LivePeriod]:
        """Return where editions became live after this one last did, oldest first, each edition once."""
        first: dict[int, LivePeriod] = {}
        for period in self.periods:
            if period.edition == edition:
                break
            first[period.edition.pk] = period
        return sorted(first.values(), key=lambda period: period.start)

    def on(self, day: date) -> tuple[list[LivePeriod], LivePeriod | None, LivePeriod | None]:
        """Return what was live at any moment of a day of the clinic's calendar, and its neighbours in time.

        A day that has not begun has nothing: what is live now may be replaced before it.
        """
        if day > timezone.localdate():
            return [], self.periods[0], None
        start, end = (timezone.make_aware(datetime.combine(one, time.min)) for one in (day, day + timedelta(days=1)))
        return (
            [period for period in self.periods if period.touches(start, end)],
            next((period for period in self.periods if period.start < start), None),
            next((period for period in reversed(self.periods) if period.start >= end), None),
        )


def history_of(slug: str, now: datetime | None = None) -> History | None:
    """Return the history of the guide with this slug, or None when it was never live: one query or two.

    The second is for a guide that was in the archive at some time. The editions have their state at `now`; what `HEAVY`
    names is loaded only when asked for.
    """
    publications = list(
        Publication.objects.filter(edition__guide__slug=slug, live_from__lte=now or timezone.now(), cancellation=None)
        .select_related("edition__guide", "edition__withdrawal")
        .annotate(was_archived=Exists(Archiving.objects.filter(guide=OuterRef("edition__guide"))))
        .defer(*HEAVY)
        .order_by("live_from", "id")
    )
    if not publications:
        return None
    editions = {publication.edition_id: publication.edition for publication in publications}
    guide = publications[0].edition.guide
    was_archived = publications[0].was_archived
    archivings = list(guide.archivings.select_related("reopening").order_by("id")) if was_archived else []
    in_force = next((one for one in archivings if not hasattr(one, "reopening")), None)
    for edition in editions.values():
        edition.is_published, edition.is_pending = True, False
        edition.last_decision = Review.Decision.APPROVED
        edition.is_withdrawn = hasattr(edition, "withdrawal")
        edition.is_archived = in_force is not None
        edition.current_edition_id = publications[-1].edition_id
    periods: list[LivePeriod] = []
    for index, publication in enumerate(publications):
        edition = editions[publication.edition_id]
        following = publications[index + 1].live_from if index + 1 < len(publications) else None
        taken_off = edition.withdrawal.made_at if edition.is_withdrawn else None
        by_withdrawal = taken_off is not None and (following is None or taken_off < following)
        end = taken_off if by_withdrawal else following
        if end is None or end > publication.live_from:
            whole = LivePeriod(edition, publication.live_from, end, by_withdrawal)
            periods += _out_of_the_archive(whole, archivings)
    by_number = sorted(editions.values(), key=lambda edition: edition.number)
    current = editions[publications[-1].edition_id]
    return History(guide, tuple(by_number), tuple(reversed(periods)), current, in_force)


def _out_of_the_archive(whole: LivePeriod, archivings: Sequence[Archiving]) -> Iterator[LivePeriod]:
    """Yield the parts of a period in which the guide was not in the archive, the oldest first.

    `archivings` come in their order, with their reopenings.
    """
    rest = whole
    for archiving in archivings:
        back = archiving.reopening.made_at if hasattr(archiving, "reopening") else None
        if back is not None and back <= rest.start:
            continue
        if rest.end is not None and archiving.made_at >= rest.end:
            break
        if archiving.made_at > rest.start:
            yield LivePeriod(rest.edition, rest.start, archiving.made_at, archiving=archiving)
        if back is None or (rest.end is not None and back >= rest.end):
            return
        rest = replace(rest, start=back)
    yield rest
