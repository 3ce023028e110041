"""Forms of the second step at sign-in: codes of an app, recovery codes, passkeys.

Each attempt is counted, for the account and for the address, and only an attempt that succeeds is taken back. (allauth
itself forgets all failures of an address with one success: whoever has an account of their own could go on for ever.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from clinic import actions
from clinic.forms.sign_in import put
from clinic.models import User

# A code counts from half a minute before to half a minute after its own half minute.
CODE_COUNTS_SECONDS = 90
LONGEST_NAME = 60
NOT_TAKEN = _("The passkey did not work. Try again, or use another way.")
NO_PASSKEY = _("No passkey came with this form. Press the button, and do what your browser asks for.")

Found = TypeVar("Found")


def counted(user: User, attempt: Callable[[], Found]) -> Found:
    """Make an attempt at the second step of an account, unless there were too many. Raises ValidationError."""
    usage = ratelimit.consume(
        context.request,
        app="allauth.account",
        action="login_failed",
        key=f"second-step-{user.pk}",
        config={"login_failed": settings.SECOND_STEP_RATES},
    )
    if not usage:
        raise account_adapter().validation_error("rate_limited")
    try:
        found = attempt()
    except forms.ValidationError:
        # Whoever is signed in already, and has to show it again, is not somebody at the door.
        if not context.request.user.is_authenticated:
            actions.note_second_step_failed(user)
        raise
    usage.rollback()
    return found


def used_first(user: User, code: str) -> bool:
    """Whether nobody used this code of an app before, while it counts. From then on somebody has."""
    return cache.add(f"second-step-used-{user.pk}-{normalize_user_code(code)}", True, CODE_COUNTS_SECONDS)


def matching(user: User, code: str) -> Authenticator:
    """Return which of an account's codes this is, and use it up. Raises ValidationError for one that does not fit."""
    for one in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if one.wrap().validate_code(code) and (one.type != Authenticator.Type.TOTP or used_first(user, code)):
            one.user = user
            return one
    raise get_adapter().validation_error("incorrect_code")


class _Code:
    """What both forms for a code share."""

    user: User
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(
            self,  # type: ignore[arg-type]  # it stands beside a form
            "code",
            _("Code"),
            _("Write the code."),
            _("Six digits from the app on your phone, or one of your recovery codes."),
        )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        self.authenticator = counted(self.user, lambda: matching(self.user, code))
        return code


class CodeForm(_Code, AuthenticateForm):
    """The second step at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["code"].widget.attrs["autofocus"] = True


class CodeAgainForm(_Code, ReauthenticateForm):
    """A code in place of the password, before something that protects the account changes."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code of a new app: it shows that the app and this site agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("The six digits that the app shows now. They change each half minute.")
        put(self, "code", _("Code from the app"), _("Write the code that the app shows."), hint)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        counted(self.user, lambda: self._right(code))
        return code

    def _right(self, code: str) -> None:
        if not (validate_totp_code(self.secret, code) and used_first(self.user, code)):
            raise get_adapter().validation_error("incorrect_code")


# Passkeys


def taken(attempt: Callable[[], Found]) -> Found:
    """Make something of what a browser sent for a passkey. Raises ValidationError for whatever is wrong with it."""
    try:
        return attempt()
    except Exception as error:  # a forged answer fails in the library's parser in many ways, and none is news
        raise forms.ValidationError(NOT_TAKEN, code="not_taken") from error


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey proves by itself who holds it: the device asks for a finger, a face or its own PIN."""

    passwordless = None  # not a choice here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "name", _("Name"), hint=_("So that you can tell it from others, such as: my phone."))
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME
        self.fields["credential"].error_messages["required"] = NO_PASSKEY

    def clean_name(self) -> str:
        return super().clean_name()[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        credential = forms.Form.clean(self) and self.cleaned_data.get("credential")
        if credential:
            taken(lambda: self._verified(credential))
        return self.cleaned_data

    def _verified(self, credential: dict[str, Any]) -> None:
        webauthn.parse_registration_response(credential)
        if not webauthn.complete_registration(credential).is_user_verified():
            raise forms.ValidationError(NOT_TAKEN)


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "name", _("Name"), _("Write a name."))
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean_name(self) -> str:
        return self.cleaned_data["name"][:LONGEST_NAME]


class _Passkey:
    """What the forms share by which a passkey shows who somebody is."""

    user: User | None
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages["required"] = NO_PASSKEY  # type: ignore[attr-defined]

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        if self.user is None:
            # No secret of an account can be guessed here, and nobody shall lock somebody else out.
            return taken(lambda: self._matching(credential))
        return counted(self.user, lambda: taken(lambda: self._matching(credential)))

    def _matching(self, credential: dict[str, Any]) -> Authenticator:
        webauthn.parse_authentication_response(credential)
        user = self.user or webauthn.extract_user_from_response(credential)
        return webauthn.complete_authentication(user, credential)


class PasskeyForm(_Passkey, AuthenticateWebAuthnForm):
    """A passkey as the second step, after the password."""


class PasskeyAloneForm(_Passkey, LoginWebAuthnForm):
    """A passkey in place of username, password and code."""


class PasskeyAgainForm(_Passkey, ReauthenticateWebAuthnForm):
    """A passkey in place of the password, before something that protects the account changes."""
