"""How much visitors may send: counted in the database, so that all workers count together."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from education.actions.refusals import Refused
from education.models import VisitorCount

logger = logging.getLogger(__name__)

# In one hour: from one address, behind which a whole household or ward may be, and from all together.
MOST_FROM_ONE = 5
MOST_IN_ALL = 60
KEPT = timedelta(hours=2)


class TooMany(Refused):
    """More was sent than a clinic could read. The message says what to do instead."""


def count_sending(form: str, address: str) -> None:
    """Count one sending of a form from a network address (empty: not known).

    The address is not stored, only a keyed hash of it for this hour. Raises TooMany, and counts that sending too: call
    it outside any transaction, which would undo the count.
    """
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    sender = _sender(address, hour)
    with transaction.atomic():
        # Always in this order, so that two at once do not wait for each other.
        of_one = _counted(form, sender, hour) if sender else 0
        in_all = _counted(form, "", hour)
    if in_all == 1:
        forget_counts(now)
    if of_one > MOST_FROM_ONE or in_all > MOST_IN_ALL:
        logger.warning("too many sendings of %s in an hour", form)
        raise TooMany(
            _("Too many forms were sent in the last hour. What you typed is still here: try again later, or call us.")
        )


def forget_counts(now: datetime | None = None) -> None:
    """Delete the counts that limit nothing any more, and with them what was kept of addresses."""
    VisitorCount.objects.filter(hour__lt=(now or timezone.now()) - KEPT).delete()


def _sender(address: str, hour: datetime) -> str:
    """Return what stands for a sender in this hour: nobody can tell the address, nor whether it came before."""
    if not address:
        return ""
    return salted_hmac(f"{__name__} {hour.isoformat()}", household(address), algorithm="sha256").hexdigest()


def household(address: str) -> str:
    """Return the network of one subscriber: each has 2 to the power of 64 addresses of version 6, and one of 4."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _counted(form: str, sender: str, hour: datetime) -> int:
    row, _made = VisitorCount.objects.get_or_create(form=form, sender=sender, hour=hour)
    # Adding in the database holds the row until the transaction ends: nobody reads the same number twice.
    VisitorCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return VisitorCount.objects.values_list("count", flat=True).get(pk=row.pk)
