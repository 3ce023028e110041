"""What protects an account: new passwords by mail, a second step that was lost, and mail of what changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connections, transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from clinic.models import Clinic, User
from clinic.rules import require_owner
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.mail import post
from education.actions.signing import log_once_kept
from education.models import What

logger = logging.getLogger(__name__)

NO_SECOND_STEP = "{account} has no second step. It is set up after signing in with the password."
OWN_ACCOUNT = "This is your own account. Change its second step under “Sign-in and security”."
NOT_YOU = "If that was not you, tell the owner of the site at once, and change your password:"
# What allauth calls each change, and what the person is told.
CHANGES = {
    "password_changed": "Your password was changed.",
    "password_set": "Your password was changed.",
    "password_set_by_command": "A new password was set for you by whoever runs the server.",
    "password_reset": "Your password was changed, through a link in a mail to this address.",
    "totp_activated": "An app for codes was added to your sign-in.",
    "totp_deactivated": "The app for codes was removed from your sign-in.",
    "webauthn_added": "A passkey was added to your sign-in.",
    "webauthn_removed": "A passkey was removed from your sign-in.",
    "recovery_codes_generated": "New recovery codes were made. The ones before them work no more.",
    "second_step_reset": (
        "Your second step at sign-in was removed, with all apps, passkeys and recovery codes. Sign in with your "
        "password: you are then led to set up a new one."
    ),
}


# A forgotten password


def send_new_password_later(email: str) -> None:
    """Mail a link for a new password to each account with this address, if there is one.

    The answer does not wait for it: nobody can tell by the time it takes whether there is such an account.
    """
    _start(lambda: send_new_password(email))


def send_new_password(email: str) -> None:
    """Mail a link for a new password to each active account with this address."""
    for account in User.objects.filter(email__iexact=email, is_active=True).order_by("pk"):
        key = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
        link = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
        body = (
            f"Hello {account.get_short_name() or account.username},\n\n"
            f"Somebody, most likely you, asked for a new password. Open this link to choose one:\n{link}\n\n"
            f"It works once and for a day. Your username is: {account.username}\n\n"
            "If you did not ask for it, do nothing: your password stays as it is.\n"
        )
        # To the address of the account, never to what was typed, which may only look the same.
        post([account.email], f"A new password at {Clinic.current().name}", body)
        log_once_kept(logger, "a link for a new password of account %s posted", account.pk)


def _start(work: Callable[[], None]) -> None:
    threading.Thread(target=_work, args=(work,)).start()


def _work(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # there is nobody to tell but the log, and the words of an error may name an address
        logger.error("a link for a new password could not be posted: %s", type(error).__name__)
    finally:
        connections.close_all()


@transaction.atomic
def set_password(account: User, password: str) -> None:
    """Give an account another password, end its sign-ins, and tell its person.

    It needs no person: whoever runs the command holds the server.
    """
    account.set_password(password)
    account.save(update_fields=["password"])
    # Another password ends them too, but not the same one set again.
    end_sign_ins(account)
    tell_of_change(account, "password_set_by_command")
    audit(What.PASSWORD_SET, account, by=None, named=account.username)
    log_once_kept(logger, "password of account %s set by the command", account.pk)


# The second step


@transaction.atomic
def reset_second_step(account: User, *, by: Any = None) -> int:
    """Remove every app, passkey and recovery code of an account, and tell its person. Returns how many there were.

    `by`: an owner, for somebody else; without one, whoever runs the command holds the server. Raises NotPermitted, and
    Refused where there is nothing to remove.
    """
    if by is not None:
        require_owner(by, "removes the second step of others")
        if by.pk == account.pk:
            raise Refused(OWN_ACCOUNT)
    removed, _ = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise Refused(NO_SECOND_STEP.format(account=account))
    end_sign_ins(account)
    tell_of_change(account, "second_step_reset")
    audit(What.SECOND_FACTOR_RESET, account, by=by, named=account.username)
    log_once_kept(
        logger, "second step of account %s removed by %s", account.pk, f"account {by.pk}" if by else "the command"
    )
    return removed


def end_sign_ins(account: Any) -> None:
    """Let every open sign-in of an account be over, in each browser, and those that are half-way."""
    User.objects.filter(pk=account.pk).update(sign_ins_ended=F("sign_ins_ended") + 1)
    account.refresh_from_db(fields=["sign_ins_ended"])


@transaction.atomic
def end_sign_ins_elsewhere(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """End every sign-in but this one, once a second step was added or removed or has new recovery codes.

    Whoever came in by the password alone before there was a second step, or by a phone that was lost, is out.
    """
    end_sign_ins(user)
    # The key stays as it is, and with it the moment at which this sign-in began: it is to be no longer for it.
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


def tell_of_change(account: Any, change: str) -> None:
    """Tell a person by mail what changed about their sign-in; `change` is one of CHANGES."""
    if not account.email:
        return
    link = settings.SITE_URL + reverse("account_change_password")
    body = (
        f"Hello {account.get_short_name() or account.username},\n\n"
        f"{CHANGES[change]} Your username is: {account.username}\n\n{NOT_YOU}\n{link}\n"
    )
    post([account.email], f"Your sign-in at {Clinic.current().name} was changed", body)
