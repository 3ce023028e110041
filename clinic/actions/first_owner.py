"""The owner's account of a new site, made through a link that works once."""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.models import OwnerLink, User
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.signing import log_once_kept
from education.canonical import canonical_line, sha256
from education.models import What

logger = logging.getLogger(__name__)

# 256 bits: nobody guesses it, however often they try.
BYTES = 32
HAS_AN_OWNER = "This site has an owner already. An owner makes further accounts in the admin."
NO_LINK = (
    "This link does not work. It was used already, a newer one was made, or it is more than a day old. "
    "When the server starts again, it prints another."
)


def new_owner_link() -> tuple[str, datetime]:
    """Make a new link for the owner's account; the one before it works no more. Returns its secret and its end.

    It needs no person: whoever starts the server holds it. Raises Refused when the site has an owner.
    """
    secret = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        if User.owners().exists():
            raise Refused(HAS_AN_OWNER)
        facts = {"digest": sha256(secret.encode()), "made_at": timezone.now()}
        link, _ = OwnerLink.objects.update_or_create(pk=1, defaults=facts)
        audit(What.OWNER_LINK, by=None)
        log_once_kept(logger, "a link for the owner's account was made")
    return secret, link.works_until


def why_not_first_owner(secret: str) -> str:
    """Return why a link's secret makes no owner's account now, or an empty text. Changes nothing."""
    return _why_not(OwnerLink.objects.filter(pk=1).first(), secret)


@transaction.atomic
def make_first_owner(account: User, *, secret: str) -> User:
    """Make this the owner's account of the site, by its link, which works once. Raises Refused."""
    # The row is held, so that of two who have the link one comes first.
    link = OwnerLink.objects.select_for_update().filter(pk=1).first()
    if reason := _why_not(link, secret):
        raise Refused(reason)
    for field in ("first_name", "last_name", "job_title"):
        setattr(account, field, canonical_line(getattr(account, field)))
    account.is_staff = account.is_superuser = account.is_active = True
    account.save(force_insert=True)
    OwnerLink.objects.all().delete()
    audit(What.ACCOUNT_MADE, account, by=account, named=account.username)
    log_once_kept(logger, "account %s made by the link for the owner", account.pk)
    return account


def _why_not(link: OwnerLink | None, secret: str) -> str:
    known = link.digest if link else ""
    # Compared in any case, in a time that tells nothing of how much was right.
    same = hmac.compare_digest(known, sha256(secret.encode()))
    if User.owners().exists():
        return HAS_AN_OWNER
    return "" if link and same and timezone.now() < link.works_until else NO_LINK
