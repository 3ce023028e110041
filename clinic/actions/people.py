"""Accounts of the staff."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from clinic.models import User
from clinic.rules import require_owner
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.signing import log_once_kept
from education.models import What

logger = logging.getLogger(__name__)


@transaction.atomic
def save_account(account: User, *, by: Any) -> User:
    """Save a new or changed staff account. Raises NotPermitted, and Refused for whatever would lock `by` out."""
    require_owner(by, "manages accounts")
    if account.pk == by.pk and not account.is_active:
        raise Refused("You cannot close your own account. Another owner can.", "is_active")
    if account.pk == by.pk and not account.is_superuser:
        raise Refused("You cannot take your own ownership away. Another owner can.", "is_superuser")
    account.is_staff = True
    before = User.objects.filter(pk=account.pk).first()
    account.save()
    audit(_done_to(account, before), account, by=by, named=account.username)
    log_once_kept(logger, "account %s saved by account %s", account.pk, by.pk)
    return account


def _done_to(account: User, before: User | None) -> What:
    """Return what a save did to an account: the weightiest thing, where it did several."""
    if before is None:
        return What.ACCOUNT_MADE
    if before.is_active != account.is_active:
        return What.ACCOUNT_OPENED if account.is_active else What.ACCOUNT_CLOSED
    return What.ACCOUNT_CHANGED if before.is_superuser == account.is_superuser else What.ACCOUNT_ROLES


@transaction.atomic
def set_roles(account: User, *, by: Any, roles: Iterable[Group]) -> None:
    """Give an account these roles and no others; the same ones again change nothing. Raises NotPermitted."""
    require_owner(by, "manages accounts")
    if set(roles) == set(account.groups.all()):
        return
    account.groups.set(roles)
    audit(What.ACCOUNT_ROLES, account, by=by, named=account.username)
    log_once_kept(logger, "roles of account %s set by account %s", account.pk, by.pk)


@transaction.atomic
def note_password_set(account: User, *, by: Any) -> None:
    """Write in the audit log that an account has another password."""
    audit(What.PASSWORD_SET, account, by=by, named=account.username)
    log_once_kept(logger, "password of account %s set by account %s", account.pk, by.pk)


@transaction.atomic
def make_owner(account: User) -> User:
    """Make this another owner's account. Raises Refused.

    It needs no person: whoever runs the command holds the server.
    """
    account.is_staff = account.is_superuser = account.is_active = True
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("Somebody here has this username already. Choose another.", "username") from error
    audit(What.ACCOUNT_MADE, account, by=None, named=account.username)
    log_once_kept(logger, "account %s made by the command", account.pk)
    return account


@transaction.atomic
def make_sample_account(account: User, groups: Iterable[str]) -> User:
    """Make an account of the sample's staff, with the roles of these names, for whoever holds the server."""
    account.is_staff = account.sample_account = True
    account.save(force_insert=True)
    account.groups.set(Group.objects.filter(name__in=list(groups)))
    audit(What.ACCOUNT_MADE, account, by=None, named=account.username)
    return account


@transaction.atomic
def close_sample_accounts() -> list[str]:
    """Deactivate the sample's staff accounts, for a site that goes into production; return their names.

    It needs no person: whoever runs the command holds the server.
    """
    open_accounts = User.objects.filter(sample_account=True, is_active=True)
    names = list(open_accounts.values_list("username", flat=True))
    open_accounts.update(is_active=False)
    audit(What.SAMPLE_CLOSED, by=None)
    log_once_kept(logger, "%s sample accounts closed", len(names))
    return names
