"""Staff come by a link in a mail, which works once and for seven days."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic, Invitation, User
from clinic.rules import require_owner
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.mail import post
from education.actions.signing import log_once_kept
from education.canonical import canonical_line, sha256
from education.models import What

logger = logging.getLogger(__name__)

# 256 bits: nobody guesses it, however often they try.
BYTES = 32
INVITES = "invites staff"
HAS_AN_ACCOUNT = "Somebody with this e-mail address has an account already. Look for it among the staff accounts."
IS_INVITED = "Somebody with this e-mail address is invited already. Send that invitation again, or withdraw it."
NO_ROLE = "Tick at least one role, or nobody can do anything with the account."
OVER = "This invitation is over. Make a new one."
NO_LINK = (
    "This link does not work. It was used already, a newer one was sent, it was taken back, or it is more than seven "
    "days old. Ask whoever invited you for another."
)
NAME_TAKEN = "Somebody chose this username a moment ago. Choose another."


@transaction.atomic
def invite(invitation: Invitation, *, groups: Iterable[Group], by: Any) -> Invitation:
    """Keep an invitation and mail its link. Raises NotPermitted and Refused."""
    require_owner(by, INVITES)
    roles = list(groups)
    if not roles and not invitation.is_owner:
        raise Refused(NO_ROLE, "groups")
    if User.objects.filter(email__iexact=invitation.email, is_active=True).exists():
        raise Refused(HAS_AN_ACCOUNT, "email")
    if Invitation.objects.waiting().filter(email__iexact=invitation.email).exists():
        raise Refused(IS_INVITED, "email")
    for field in ("first_name", "last_name", "job_title"):
        setattr(invitation, field, canonical_line(getattr(invitation, field)))
    invitation.invited_by = by
    invitation.made_at = invitation.sent_at = timezone.now()
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        # Another owner, or a second click, was quicker than the look above.
        raise Refused(IS_INVITED, "email") from error
    invitation.groups.set(roles)
    _send(invitation)
    audit(What.INVITED, invitation, by=by)
    log_once_kept(logger, "invitation %s made by account %s", invitation.pk, by.pk)
    return invitation


@transaction.atomic
def invite_again(invitation: Invitation, *, by: Any) -> None:
    """Mail a new link, for another seven days; the one before it works no more. Raises NotPermitted and Refused."""
    require_owner(by, INVITES)
    row = _waiting(invitation)
    row.invited_by = by
    _send(row)
    audit(What.INVITED_AGAIN, row, by=by)
    log_once_kept(logger, "invitation %s sent again by account %s", row.pk, by.pk)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Any) -> None:
    """Let an invitation's link work no more. Raises NotPermitted and Refused."""
    require_owner(by, INVITES)
    row = _waiting(invitation)
    row.digest, row.withdrawn_at = "", timezone.now()
    row.save(update_fields=["digest", "withdrawn_at"])
    audit(What.INVITATION_WITHDRAWN, row, by=by)
    log_once_kept(logger, "invitation %s withdrawn by account %s", row.pk, by.pk)


def invitation_of(secret: str) -> Invitation | None:
    """Return the invitation whose link works now and has this secret. Changes nothing."""
    # The hash is looked up, so how long it takes tells nothing of the secret. Who does not own the site any more
    # lets nobody in.
    found = Invitation.objects.waiting().filter(digest=sha256(secret.encode()), invited_by__in=User.owners()).first()
    return found if found and found.works else None


@transaction.atomic
def accept_invitation(account: User, *, secret: str) -> User:
    """Make this the account of whoever was invited by a link; it then works no more. Raises Refused.

    A refusal that names the field `username` leaves the link as it was.
    """
    # The row is held, so that of two who have the link one comes first.
    Invitation.objects.select_for_update().filter(digest=sha256(secret.encode())).first()
    invitation = invitation_of(secret)
    if invitation is None:
        raise Refused(NO_LINK)
    for field in ("first_name", "last_name", "email", "job_title"):
        setattr(account, field, getattr(invitation, field))
    account.is_staff = account.is_active = True
    account.is_superuser = invitation.is_owner
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        # Somebody with another link took the name after the form had looked.
        raise Refused(NAME_TAKEN, "username") from error
    account.groups.set(invitation.groups.all())
    invitation.digest, invitation.accepted_at, invitation.account = "", timezone.now(), account
    invitation.save(update_fields=["digest", "accepted_at", "account"])
    audit(What.INVITATION_ACCEPTED, invitation, by=account, named=account.username)
    log_once_kept(logger, "account %s made by invitation %s", account.pk, invitation.pk)
    return account


def _waiting(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if row is None or not row.waits:
        raise Refused(OVER)
    return row


def _send(invitation: Invitation) -> None:
    secret = secrets.token_urlsafe(BYTES)
    invitation.digest, invitation.sent_at = sha256(secret.encode()), timezone.now()
    invitation.save(update_fields=["digest", "sent_at", "invited_by"])
    clinic, until = Clinic.current().name, format_date(timezone.localtime(invitation.works_until), "j F Y, H:i")
    body = (
        f"Hello {invitation.first_name},\n\n"
        f"{invitation.invited_by} invites you to work on the patient guides of {clinic}. Open this link, and choose a "
        f"username and a password:\n{settings.SITE_URL}{reverse('clinic:invitation', args=[secret])}\n\n"
        f"It works once, until {until}. Keep it to yourself: whoever has it first gets the account.\n\n"
        "If you did not expect this mail, do nothing.\n"
    )
    post([invitation.email], f"Your account at {clinic}", body)
