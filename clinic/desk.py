"""What waits for somebody in both apps: the first screen of the admin, and the mail that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from clinic.models import ConsultationRequest
from education.desk import Group, Item, Section, section, sections
from education.newsroom import work_of
from education.rechecked import last_recheck

NOTHING = "Nothing waits for you. Thank you for keeping things in order."
NO_ROLE = (
    "Nothing waits for you. Your account has no role yet, so there is nothing that it can do. The owner of the site "
    "can give it one."
)


@dataclass(frozen=True)
class Desk:
    """What waits for one person, in sections in the order of what burns, and how many things that are.

    `kind_word` is what to say when nothing waits, else it is empty.
    """

    sections: list[Section]
    asks: int
    kind_word: str


def desk_of(person: Any, now: datetime | None = None, whole: str = "") -> Desk:
    """Return the desk of an account. `whole`: key of the section that is shown with all its rows."""
    found = [*_record(person), *sections(work_of(person, now), whole), *_requests(person)]
    asks = sum(one.asks for one in found)
    nothing = NOTHING if person.is_superuser or person.get_all_permissions() else NO_ROLE
    return Desk(found, asks, "" if asks else nothing)


def _record(person: Any) -> list[Section]:
    """Return that the record does not hold, for the owner; reads a small file and asks the database nothing."""
    recheck = last_recheck() if person.is_active and person.is_superuser else None
    if recheck is None or not recheck.breaks:
        return []
    places = "1 place does not hold" if recheck.breaks == 1 else f"{recheck.breaks} places do not hold"
    row = Item(f"{places}, of {recheck.editions} editions checked", reverse("clinic:healthz") + "?full", burning="now")
    todo = (
        "A hash of the record was computed anew and is another one: somebody, or a fault, changed a row or a file "
        "behind the site. Keep a copy as it is, and ask whoever runs the server to run verify_editions, which names "
        "each place."
    )
    return [section("record", "The record does not hold", todo, [Group([row])])]


def _requests(person: Any) -> list[Section]:
    """Return what waits at the front desk: one query, none for an account that does not work there."""
    if not person.is_active or not person.has_perm("clinic.change_consultationrequest"):
        return []
    requests = ConsultationRequest.objects
    kinds = {"new": requests.unanswered(), "waiting": requests.waiting_too_long(), "soon": requests.erased_soon()}
    chosen = {name: Q(pk__in=rows.order_by().values("pk")) for name, rows in kinds.items()}
    counts = requests.aggregate(
        **{name: Count("pk", filter=one) for name, one in chosen.items()},
        waits=Count("pk", filter=chosen["new"] | chosen["soon"]),
    )
    if not counts["waits"]:
        return []
    listed = reverse("admin:clinic_consultationrequest_changelist")
    new = f"{listed}?state__exact=new"
    rows = {
        "waiting": Item(f"Waiting too long: {counts['waiting']}", new, burning="late"),
        "new": Item(f"New requests: {counts['new']}", new),
        "soon": Item(f"Erased soon: {counts['soon']}", listed, "because nobody has done anything for months"),
    }
    shown = [row for name, row in rows.items() if counts[name]]
    todo = "Answer the new ones, the oldest first. To keep one that is erased soon, add a note to it."
    return [section("requests", "Requests for a consultation", todo, [Group(shown)], number=counts["waits"])]
