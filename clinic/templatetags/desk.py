"""What the first screen of the admin shows of requests for a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from clinic.models import ConsultationRequest

register = template.Library()


@dataclass(frozen=True)
class Desk:
    """How many requests are new, how many of these wait too long, and how many are soon erased untouched."""

    new: int = 0
    waiting: int = 0
    erased_soon: int = 0

    @property
    def waits(self) -> bool:
        return bool(self.new or self.waiting or self.erased_soon)


@register.simple_tag
def desk_work(person: Any) -> Desk:
    """Return what waits at the front desk; an account that does not work there costs no query."""
    if not person.is_active or not person.has_perm("clinic.change_consultationrequest"):
        return Desk()
    requests = ConsultationRequest.objects.all()
    return Desk(requests.unanswered().count(), requests.waiting_too_long().count(), requests.erased_soon().count())
