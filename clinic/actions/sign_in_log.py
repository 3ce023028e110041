"""The audit log's lines about signing in: what allauth and Django tell of, a line each, and no logic beyond that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_reset
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from clinic.models import User
from education.actions.auditing import audit
from education.models import AuditLine, What

# Somebody who tries passwords from many addresses must not fill the database: so many lines in an hour say it.
MOST_FAILURES = 200


@transaction.atomic
def note_signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    audit(What.SIGNED_IN, user, by=user, named=user.username)


@transaction.atomic
def note_signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit(What.SIGNED_OUT, user, by=user, named=user.username)


@transaction.atomic
def note_sign_in_failed(sender: Any, credentials: Mapping[str, Any], **kwargs: Any) -> None:
    """Write that somebody failed to sign in, and to which account. A name that is no account's may be a password.

    A line is written for both, so that the time of the answer tells nobody which names are accounts.
    """
    if _enough_failures():
        return
    account = User.objects.filter(username=str(credentials.get("username") or "")).first()
    audit(What.SIGN_IN_FAILED, account, by=None, named=account.username if account else "no account")


@transaction.atomic
def note_second_step_failed(account: User) -> None:
    """Write that somebody who knows an account's password did not get past its second step.

    The line names the account, and nobody as the one who did it: it need not be the person.
    """
    if not _enough_failures():
        audit(What.SECOND_STEP_FAILED, account, by=None, named=account.username)


def _enough_failures() -> bool:
    since = timezone.now() - timedelta(hours=1)
    kinds = (What.SIGN_IN_FAILED, What.SECOND_STEP_FAILED)
    return AuditLine.objects.filter(what__in=kinds, made_at__gt=since).count() >= MOST_FAILURES


@transaction.atomic
def note_own_password(sender: Any, user: User, **kwargs: Any) -> None:
    audit(What.PASSWORD_SET, user, by=user, named=user.username)


@transaction.atomic
def note_second_factor(sender: Any, user: User, authenticator: Authenticator, signal: Signal, **kwargs: Any) -> None:
    """Write that an app, a passkey or the recovery codes changed.

    Recovery codes come with the first app or passkey and go with the last one: that is one action, and one line.
    """
    if authenticator.type == Authenticator.Type.RECOVERY_CODES and signal is not authenticator_reset:
        return
    audit(What.SECOND_FACTOR, user, by=user, named=user.username)
