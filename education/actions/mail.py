"""Mail: kept until it has left, so that a mail server that is down loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from education.models import PendingMail

logger = logging.getLogger(__name__)

# Whoever claimed a mail and is not heard of for so long has ended.
CLAIM = timedelta(minutes=10)
# A mail that nothing can send is given up, with a line in the log.
MOST_ATTEMPTS = 50


def post(addresses: Iterable[str], subject: str, body: str) -> None:
    """Keep a mail for each address, and try to send it once the transaction is kept; `send_pending` tries again."""
    # A mail header has one line: a title with a line feed must not start another header.
    line = " ".join(subject.split())[:200]
    now = timezone.now()
    for address in addresses:
        row = PendingMail.objects.create(to=address, subject=line, body=body, made_at=now)
        transaction.on_commit(partial(send_one, row.pk), robust=True)


def send_pending(said: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Send what waits. `said` hears how many of how many are done. Returns how many left, and how many still wait."""
    waiting = list(PendingMail.objects.filter(_free()).values_list("pk", flat=True))
    sent = 0
    for number, pk in enumerate(waiting, start=1):
        sent += send_one(pk)
        if said:
            said(number, len(waiting))
    return sent, PendingMail.objects.count()


def send_one(pk: int) -> bool:
    """Send a mail unless somebody else is doing so. Returns whether it left; a failure is logged and raises nothing."""
    now = timezone.now()
    if not PendingMail.objects.filter(_free(), pk=pk).update(claimed_at=now):
        return False
    mail = PendingMail.objects.get(pk=pk)
    try:
        send_mail(mail.subject, mail.body, None, [mail.to])
    except (OSError, ValueError) as error:  # an address that no mail can go to is a ValueError
        logger.warning("mail %s could not be sent: %s", pk, type(error).__name__)
        if mail.attempts + 1 >= MOST_ATTEMPTS:
            logger.error("mail %s is given up after %s attempts", pk, MOST_ATTEMPTS)
            mail.delete()
        else:
            PendingMail.objects.filter(pk=pk).update(claimed_at=None, attempts=mail.attempts + 1)
        return False
    mail.delete()
    return True


def _free() -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM)
