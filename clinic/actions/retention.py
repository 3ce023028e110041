"""Which requests wait too long, and which are erased: at their time, when somebody asks, and again after a restore."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from clinic.actions.desk_mail import tell_of_soon_erased, tell_of_waiting
from clinic.actions.requests import Gone
from clinic.erasing import is_unclean, keys_in_ledger, scrub, write_in_ledger
from clinic.hours import clinic_schedule, open_time_between
from clinic.models import Clinic, ConsultationRequest, ErasedRequest
from clinic.rules import require_permission
from config.patience import patience
from education.actions.auditing import audit
from education.actions.mistakes import erase_old_addresses
from education.actions.signing import log_once_kept
from education.actions.visitors import forget_counts
from education.models import What

logger = logging.getLogger(__name__)

Reason = ErasedRequest.Reason
Requests = QuerySet[ConsultationRequest]
Said = Callable[[int, int], None]
# An open request with which nobody does anything is flagged after the first time and erased after the second.
FLAGGED_AFTER, UNTOUCHED_KEPT = timedelta(days=150), timedelta(days=180)
# Between two times that requests are looked after by the way.
PAUSE = timedelta(minutes=5)
SECONDS_BY_THE_WAY = 1
# In one transaction: so few that nobody waits long to write, so many that a disk does not have to keep each one alone.
AT_ONCE = 200
# Somebody waits for a page: the rest of a backlog is left to the timer, or to whoever comes next.
MOST_BY_THE_WAY = 50
_LOOKED_AFTER = "clinic.actions.retention"


@dataclass
class Purged:
    """What was found, and done unless it was a trial: how many were flagged, how many erased for which reason."""

    waiting: int = 0
    erased_soon: int = 0
    erased: Counter[str] = field(default_factory=Counter)
    # Of readers, beside reports of mistakes that are still open.
    addresses: int = 0
    # Whether nothing of the erased is left in the database's files.
    clean: bool = True


def erase(request: ConsultationRequest, *, by: Any) -> None:
    """Erase a request now, for good, because somebody asked for it. Raises NotPermitted, Gone, OSError."""
    require_permission(by, "change_consultationrequest", "erase requests for a consultation")
    number = request.pk
    if not _erase([number], Reason.ASKED, ConsultationRequest.objects.all(), by):
        raise Gone("This request was erased already.")
    logger.info("request %s erased by account %s", number, by.pk)
    transaction.on_commit(scrub)


def purge(
    *,
    now: datetime | None = None,
    dry_run: bool = False,
    most: int | None = None,
    said: Said = lambda done, of: None,
) -> Purged:
    """Flag what waits too long, erase what has been kept for long enough, and again what an old copy brought back.

    `most`: how many are erased at the most. `said` hears how many of how many are erased. Raises OSError when the
    ledger of what was erased cannot be written: nothing is erased then that a restore could bring back.
    """
    now = now or timezone.now()
    due = _due(now)
    found = [(reason, pk) for reason, (_, pks) in due.items() for pk in pks][:most]
    if dry_run:
        waiting, soon = _waiting(now), _untouched(now)
        return Purged(len(waiting), len(soon), Counter(reason for reason, _ in found))
    done, tried = Purged(), 0
    for reason, (still_due, _) in due.items():
        for some in _portions([pk for why, pk in found if why == reason]):
            done.erased[reason] += _erase(some, reason, still_due)
            tried += len(some)
            said(tried, len(found))
    done.waiting, done.erased_soon = flag(now)
    # Kept for an hour's limit: without a timer, or another visitor, nothing else would end it.
    forget_counts(now)
    done.addresses = erase_old_addresses(now)
    if done.erased.total():
        logger.info("requests erased: %s", ", ".join(f"{reason} {count}" for reason, count in done.erased.items()))
    # What an earlier time could not clean is tried again.
    transaction.on_commit(partial(_clean, done))
    return done


def _clean(done: Purged) -> None:
    # What this one erased is cleaned in any case: another process may have finished cleaning, and said so, meanwhile.
    done.clean = scrub() if done.erased.total() or done.addresses or is_unclean() else True


def erase_again(said: Said = lambda done, of: None) -> int:
    """Erase what an older copy of the database brought back, and nothing else. Returns how many. Raises OSError.

    The database's files are the caller's to scrub.
    """
    found, done = _back(), 0
    for some in _portions(found):
        done += _erase(some, Reason.AGAIN, ConsultationRequest.objects.all())
        said(done, len(found))
    return done


def look_after() -> None:
    """Purge by the way, at most once in PAUSE in all workers together; a failure is logged and stops nobody."""
    try:
        if cache.add(_LOOKED_AFTER, True, PAUSE.total_seconds()):
            with patience(SECONDS_BY_THE_WAY):
                purge(most=MOST_BY_THE_WAY)
    except (DatabaseError, OSError) as error:
        logger.error("requests could not be looked after: %s", type(error).__name__)


# What is erased


def _due(now: datetime) -> dict[str, tuple[Requests, list[int]]]:
    """Return what is erased, by its reason: as a question that can be asked again, and what it found."""
    requests = ConsultationRequest.objects.all()
    kept = timedelta(days=Clinic.current().keep_closed_days)
    closed, untouched = requests.closed_before(now - kept), requests.untouched_since(now - UNTOUCHED_KEPT)
    return {
        # What is in the ledger stays there.
        Reason.AGAIN: (requests, _back()),
        Reason.CLOSED: (closed, _pks(closed)),
        Reason.UNTOUCHED: (untouched, _pks(untouched)),
    }


def _back() -> list[int]:
    """Return what the ledger says was erased, and what is here all the same."""
    erased = keys_in_ledger()
    return [pk for pk, key in ConsultationRequest.objects.order_by("pk").values_list("pk", "key") if key in erased]


def _pks(rows: Requests) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _portions(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pks[start : start + AT_ONCE] for start in range(0, len(pks), AT_ONCE))


@transaction.atomic
def _erase(pks: Sequence[int], reason: str, due: Requests, by: Any = None) -> int:
    """Erase those of these requests that are still due, with their steps; return how many. `by`: who asked for it."""
    # Asked again with the rows in hand: somebody may have opened one again meanwhile.
    held = list(ConsultationRequest.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    still = set(_pks(due.filter(pk__in=pks)))
    rows = [row for row in held if row.pk in still]
    if not rows:
        return 0
    # First: what is in the ledger and still here is erased next time; the other way round it could come back.
    write_in_ledger([row.key for row in rows])
    erased = {"erased_at": timezone.now(), "reason": reason}
    ErasedRequest.objects.bulk_create([ErasedRequest(key=row.key, **erased) for row in rows], ignore_conflicts=True)
    if by:
        for row in rows:
            audit(What.REQUEST_ERASED, row, by=by)
    ConsultationRequest.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


# What is flagged


def flag(now: datetime) -> tuple[int, int]:
    """Mark what has waited too long and what is soon erased, and write one mail for each. Returns how many of each."""
    waiting, soon = _waiting(now), _untouched(now)
    return (
        _flagged(waiting, "flagged_at", now, tell_of_waiting),
        _flagged(soon, "erasure_flagged_at", now, partial(tell_of_soon_erased, days=_days_left())),
    )


def _days_left() -> int:
    return (UNTOUCHED_KEPT - FLAGGED_AFTER).days


@transaction.atomic
def _flagged(found: Iterable[int], name: str, now: datetime, tell: Callable[[int], None]) -> int:
    """Mark these requests and tell of those that nobody else has marked meanwhile."""
    rows = ConsultationRequest.objects.open().filter(pk__in=list(found), **{name: None})
    number = rows.update(**{name: now}) if found else 0
    if number:
        tell(number)
        log_once_kept(logger, "requests flagged (%s): %s", name, number)
    return number


def _waiting(now: datetime) -> list[int]:
    """Return the unanswered requests that waited longer than the clinic promises, counted in its opening hours."""
    rows = ConsultationRequest.objects.unanswered().filter(flagged_at=None, made_at__lte=now)
    unflagged = list(rows.values_list("pk", "made_at"))
    if not unflagged:
        return []
    promised, schedule = timedelta(hours=Clinic.current().answer_within_hours), clinic_schedule()
    return [pk for pk, made_at in unflagged if open_time_between(schedule, made_at, now) > promised]


def _untouched(now: datetime) -> list[int]:
    return _pks(ConsultationRequest.objects.untouched_since(now - FLAGGED_AFTER).filter(erasure_flagged_at=None))
