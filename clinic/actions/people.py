"""Accounts of the staff."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from clinic.models import User
from clinic.rules import require_owner
from education.actions import Refused
from education.actions.signing import log_once_kept

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
    account.save()
    log_once_kept(logger, "account %s saved by account %s", account.pk, by.pk)
    return account


@transaction.atomic
def close_sample_accounts() -> list[str]:
    """Deactivate the sample's staff accounts, for a site that goes into production; return their names.

    It needs no person: whoever runs the command holds the server.
    """
    open_accounts = User.objects.filter(sample_account=True, is_active=True)
    names = list(open_accounts.values_list("username", flat=True))
    open_accounts.update(is_active=False)
    log_once_kept(logger, "%s sample accounts closed", len(names))
    return names
