"""How allauth signs staff in here: nobody makes an account from outside, and mail goes the site's own way."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic import actions
from clinic.models import Clinic, User
from education.actions.visitors import household
from education.views.loading import address_of

# Who signed in so shortly ago has just proved who they are.
JUST_NOW_SECONDS = 5 * 60
# Where a session keeps what its account was like when the first step was taken.
FIRST_STEP = "first_step"
CHANGED_MEANWHILE = _("Your account was changed while you signed in. Sign in again from the start.")


class StaffAccountAdapter(DefaultAccountAdapter):
    """Staff accounts are made in the admin, by an invitation, or by the first owner's link."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many sign-ins failed. Wait five minutes, then try again."),
        "username_password_mismatch": _("This username and this password do not belong together. Check both."),
        "incorrect_password": _("This is not your password. Check it, and type it again."),
        "enter_current_password": _("This is not your password today. Check it, and type it again."),
        "rate_limited": _("Too many codes were wrong. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        refused = super().pre_login(request, user, **kwargs)
        request.session[FIRST_STEP] = user.get_session_auth_hash()
        return refused

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; but not who took the first step with a password, or into an account, that is no more good."""
        first = request.session.pop(FIRST_STEP, None)
        same = first is None or constant_time_compare(first, user.get_session_auth_hash())
        if not user.is_active or not same:
            clear_login(request)
            messages.error(request, CHANGED_MEANWHILE)
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what limits count by: the subscriber's network, as the clinic's own proxies saw the address."""
        return household(address_of(request)) or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Without the name of the host: a site with two names would give twice as many attempts.
        return str(credentials.get("username", "")).casefold()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who it is before anything that protects the account is shown or changed, not just after a sign-in.

        So whoever must set up a second step, or has just come by an invitation, is not asked twice for the same.
        """
        if time.time() - self.request.session.begun < JUST_NOW_SECONDS:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**one, "description": words[one["id"]]} for one in methods]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person that something which protects their account changed."""
        actions.tell_of_change(user, template_prefix.rpartition("/")[2])


class StaffMFAAdapter(DefaultMFAAdapter):
    """Words of the second step, and the names under which apps and devices keep it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code does not fit. A code counts for half a minute and once: wait for the next one, and check that "
            "the clock of your phone is right."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def get_totp_issuer(self) -> str:
        return Clinic.current().name

    def build_totp_svg(self, url: str) -> str:
        # views/second_step.py draws it: the policy of this site allows no image inside a page's own text.
        return ""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": Clinic.current().name}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "name": user.get_username()}
