"""Mail: kept until it has left, so that a mail server that is down loses nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from education.models import PendingMail

logger = logging.getLogger(__name__)

# Whoever claimed a mail and is not heard of for so long has ended.
CLAIM = timedelta(minutes=10)
# A mail that nothing can send is given up after so many attempts and so long, with a line in the log: a server that
# is down over a long weekend loses none.
MOST_ATTEMPTS = 50
LONGEST = timedelta(days=5)
# Whoever waits for a page waits no longer for mail than this, and for the one attempt that it may be in.
PATIENCE_SECONDS = 5


def post(addresses: Iterable[str], subject: str, body: str) -> None:
    """Keep a mail for each address, and try to send it once the transaction is kept; `send_pending` tries again."""
    # A mail header has one line: a title with a line feed must not start another header.
    line = " ".join(subject.split())[:200]
    now = timezone.now()
    rows = [PendingMail.objects.create(to=address, subject=line, body=body, made_at=now) for address in addresses]
    # A lambda: for what has no name, such as a partial, Django's report of a failure fails itself.
    transaction.on_commit(lambda: _send_now([row.pk for row in rows]), robust=True)


def _send_now(mails: Iterable[int]) -> None:
    """Send these mails as long as the mail server answers quickly. The others wait."""
    begun = time.monotonic()
    for pk in mails:
        if time.monotonic() - begun < PATIENCE_SECONDS:
            send_one(pk)


def send_pending(said: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Send what waits. `said` hears how many of how many are done. Returns how many left, and how many still wait."""
    # Those that failed most often come last: what nothing can send keeps no other mail waiting.
    waiting = list(
        PendingMail.objects.filter(_free()).order_by("attempts", "made_at", "pk").values_list("pk", flat=True)
    )
    sent = 0
    for number, pk in enumerate(waiting, start=1):
        sent += send_one(pk)
        if said:
            said(number, len(waiting))
    return sent, PendingMail.objects.count()


def send_one(pk: int) -> bool:
    """Send a mail unless somebody else is doing so. Returns whether it left; a failure is logged and raises nothing."""
    # Counted before it is tried: a mail over which the process dies is not tried for ever.
    claim = {"claimed_at": timezone.now(), "attempts": F("attempts") + 1}
    if not PendingMail.objects.filter(_free(), pk=pk).update(**claim):
        return False
    mail = PendingMail.objects.get(pk=pk)
    try:
        _message(mail).send()
    except Exception as error:  # whatever a mail backend raises, the mail stays and the next one is tried
        _failed(mail, error)
        return False
    mail.delete()
    return True


def _message(mail: PendingMail) -> EmailMessage:
    # Should the server take it and the answer be lost, it knows the second one for the same mail.
    number = f"<{mail.pk}.{mail.made_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>"
    return EmailMessage(mail.subject, mail.body, None, [mail.to], headers={"Message-ID": number})


def _failed(mail: PendingMail, error: Exception) -> None:
    """Give a mail free for the next attempt, or give it up. What a mail server answers may name an address."""
    logger.warning("mail %s could not be sent: %s", mail.pk, type(error).__name__)
    if mail.attempts >= MOST_ATTEMPTS and mail.made_at < timezone.now() - LONGEST:
        logger.error("mail %s is given up after %s attempts", mail.pk, mail.attempts)
        mail.delete()
    else:
        PendingMail.objects.filter(pk=mail.pk).update(claimed_at=None)


def _free() -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM)
