"""Requests for a consultation: what a visitor sends, and what the front desk does about it.

Nothing of what a request says goes into a log, a mail or the admin's own log: its rows are the only place.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from clinic.actions.desk_mail import tell_of_new_request
from clinic.models import ConsultationRequest, ErasedRequest, Provider, RequestStep, User
from clinic.rules import front_desk, require_permission
from config.patience import SECONDS_BEFORE_A_FILE, patience
from education.actions import ChangedMeanwhile, Refused
from education.actions.auditing import audit
from education.actions.signing import log_once_kept
from education.actions.visitors import TooMany, count_sending
from education.models import Guide, What
from education.rules import WrongState

logger = logging.getLogger(__name__)

State, Kind = ConsultationRequest.State, RequestStep.Kind
OPEN = (State.NEW, State.CONTACTED, State.BOOKED)
# In which states each step can be taken, and what stands in the way in the others.
POSSIBLE: Mapping[str, tuple[str, ...]] = {
    Kind.ASSIGNED: OPEN,
    Kind.CONTACTED: OPEN,
    Kind.BOOKED: (State.NEW, State.CONTACTED),
    Kind.CLOSED: OPEN,
    Kind.REOPENED: (State.CLOSED,),
    Kind.NOTE: (*OPEN, State.CLOSED),
}
NOT_NOW = {
    State.CLOSED: "This request is closed. Open it again first.",
    State.BOOKED: "This request is booked already. To say more, add a note.",
}
LINES = {
    Kind.ASSIGNED: What.REQUEST_ASSIGNED,
    Kind.CONTACTED: What.REQUEST_CONTACTED,
    Kind.BOOKED: What.REQUEST_BOOKED,
    Kind.CLOSED: What.REQUEST_CLOSED,
    Kind.REOPENED: What.REQUEST_REOPENED,
    Kind.NOTE: What.REQUEST_NOTE,
}
NOT_CLOSED = "This request is not closed."
# Who opens a request waits for a page: whoever writes at that moment is done much sooner, or not soon at all.
SECONDS_FOR_A_LINE = 0.5


class Gone(Exception):
    """The request was erased meanwhile."""


# What visitors do


def ask(
    *,
    key: str,
    address: str,
    name: str,
    email: str,
    phone: str,
    best_time: str,
    guide: Guide | None,
    provider: Provider | None,
    language: str,
    message: str,
    consent: str,
) -> ConsultationRequest | None:
    """Keep a visitor's request, then tell the front desk. The same `key` twice makes one row.

    `address`: the network address, to count by; it is not kept. Returns the row, or None for one that was sent
    before. Raises TooMany, and Refused for a request that nobody could answer.
    """
    if not (email or phone):
        raise Refused("Write an e-mail address or a phone number.", "email")
    if _sent_before(key):
        return None
    try:
        count_sending("consultation", address)
    except TooMany:
        if _sent_before(key):
            # Another click on the same button was kept meanwhile: whoever clicked reads that it was sent.
            return None
        raise
    with transaction.atomic():
        facts = {
            **{"made_at": timezone.now(), "name": name, "email": email, "phone": phone, "best_time": best_time},
            **{"guide": guide, "provider": provider, "language": language, "message": message, "consent": consent},
        }
        request, made = ConsultationRequest.objects.get_or_create(key=key, defaults=facts)
        if not made:
            return None
        log_once_kept(logger, "request %s came in", request.pk)
        try:
            # Kept together with the request, but never in its way.
            with transaction.atomic():
                tell_of_new_request(request)
        except DatabaseError as error:
            logger.error("nobody was told of request %s: %s", request.pk, type(error).__name__)
    return request


def _sent_before(key: str) -> bool:
    """Whether this page was sent before. One whose request was erased does not come back by a reload."""
    return any(model.objects.filter(key=key).exists() for model in (ConsultationRequest, ErasedRequest))


# What the front desk does


def why_not(kind: str, request: ConsultationRequest) -> str:
    """Return why a step cannot be taken with a request as it stands, or an empty text."""
    if request.state in POSSIBLE[kind]:
        return ""
    return NOT_CLOSED if kind == Kind.REOPENED else NOT_NOW[State(request.state)]


@transaction.atomic
def assign(request: ConsultationRequest, *, by: Any, to: User | None = None, seen: int | None = None) -> RequestStep:
    """Give a request to somebody who works on requests, or to oneself."""
    row = _held(request, by, Kind.ASSIGNED, seen)
    person = to or by
    if person != by and not front_desk().filter(pk=person.pk).exists():
        raise Refused("This account does not work on requests. Choose somebody else.", "to")
    if row.assigned_to_id == person.pk:
        raise Refused(f"{person} has this request already.", "to")
    row.assigned_to = person
    return _done(row, by, Kind.ASSIGNED, note=f"To {person}")


@transaction.atomic
def contact(
    request: ConsultationRequest,
    *,
    by: Any,
    how: str,
    when: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> RequestStep:
    """Note that the visitor was contacted, how, and when; by default now."""
    row = _held(request, by, Kind.CONTACTED, seen)
    if how not in RequestStep.How.values:
        raise Refused("Say how.", "how")
    if when and when > timezone.now():
        raise Refused("This is still to come. Write when you did it.", "when")
    if when and when < row.made_at.replace(second=0, microsecond=0):
        raise Refused("This was before the request came in. Write when you did it.", "when")
    if row.state == State.NEW:
        row.state = State.CONTACTED
    return _done(row, by, Kind.CONTACTED, how=how, note=note, happened_at=when or timezone.now())


@transaction.atomic
def book(request: ConsultationRequest, *, by: Any, note: str = "", seen: int | None = None) -> RequestStep:
    """Note that a date was agreed upon. The appointment itself stands in the clinic's calendar."""
    row = _held(request, by, Kind.BOOKED, seen)
    row.state = State.BOOKED
    return _done(row, by, Kind.BOOKED, note=note)


@transaction.atomic
def close(
    request: ConsultationRequest, *, by: Any, outcome: str, note: str = "", seen: int | None = None
) -> RequestStep:
    """Close a request with its outcome. The clinic's number of days later it is erased."""
    row = _held(request, by, Kind.CLOSED, seen)
    if outcome not in ConsultationRequest.Outcome.values:
        raise Refused("Say what became of it.", "outcome")
    row.state, row.outcome, row.closed_at = State.CLOSED, outcome, timezone.now()
    return _done(row, by, Kind.CLOSED, outcome=outcome, note=note)


@transaction.atomic
def reopen(request: ConsultationRequest, *, by: Any, note: str = "", seen: int | None = None) -> RequestStep:
    """Open a closed request again, as contacted or as new."""
    row = _held(request, by, Kind.REOPENED, seen)
    reached = row.steps.filter(kind__in=(Kind.CONTACTED, Kind.BOOKED)).exists()
    row.state, row.outcome, row.closed_at = State.CONTACTED if reached else State.NEW, "", None
    return _done(row, by, Kind.REOPENED, note=note)


@transaction.atomic
def add_note(request: ConsultationRequest, *, by: Any, note: str) -> RequestStep:
    """Add a note. It takes nothing from anybody, so it may be written beside what others do."""
    if not note.strip():
        raise Refused("Write the note.", "note")
    return _done(_held(request, by, Kind.NOTE, None), by, Kind.NOTE, note=note)


def note_opened(request: ConsultationRequest, *, by: Any) -> None:
    """Write in the audit log that somebody looked at a request. Where nothing can be written, reading goes on."""
    try:
        with patience(SECONDS_FOR_A_LINE), transaction.atomic():
            audit(What.REQUEST_OPENED, request, by=by)
    except DatabaseError as error:
        logger.error("request %s was opened by account %s without a line: %s", request.pk, by.pk, type(error).__name__)


@patience(SECONDS_BEFORE_A_FILE)
@transaction.atomic
def note_exported(*, by: Any) -> None:
    """Write in the audit log that somebody took all requests away as a file. Raises NotPermitted."""
    require_permission(by, "change_consultationrequest", "export requests for a consultation")
    audit(What.REQUESTS_EXPORTED, by=by)
    log_once_kept(logger, "requests exported by account %s", by.pk)


def _held(request: ConsultationRequest, by: Any, kind: str, seen: int | None) -> ConsultationRequest:
    """Return the row as it is now, held until the transaction ends.

    `seen`: the last step that this person saw, 0 for none. Raises NotPermitted, Gone, ChangedMeanwhile, WrongState.
    """
    require_permission(by, "change_consultationrequest", "work on requests for a consultation")
    row = ConsultationRequest.objects.select_for_update().filter(pk=request.pk).first()
    if row is None:
        raise Gone("This request was erased.")
    if reason := why_not(kind, row):
        raise WrongState(reason)
    newest = row.steps.order_by("-pk").first()
    if seen is not None and newest and newest.pk != seen:
        raise ChangedMeanwhile(
            f"{newest.made_by_name} did something with this request after you opened it: see the steps below. "
            "Nothing of yours was saved. What you typed is still here: send it again if it still holds."
        )
    return row


def _done(row: ConsultationRequest, by: Any, kind: str, **facts: Any) -> RequestStep:
    """Save a row with the step that changed it, and log the step without what it says."""
    # Somebody has looked at it: it is erased later.
    row.erasure_flagged_at = None
    row.save()
    step = row.steps.create(kind=kind, made_at=timezone.now(), made_by=by, made_by_name=str(by), **facts)
    audit(LINES[Kind(kind)], row, by=by)
    log_once_kept(logger, "request %s: %s by account %s", row.pk, kind, by.pk)
    return step
