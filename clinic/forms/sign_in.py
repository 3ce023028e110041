"""Forms of the sign-in and of passwords, in this site's words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic import actions

ABOUT_A_PASSWORD = _(
    "At least 12 characters, and nothing that others guess: four words that do not belong together are good."
)


def put(form: forms.Form, name: str, label: Any = None, missing: Any = None, hint: Any = "") -> None:
    """Give a field its words. A placeholder would say no more than the label above it."""
    field = form.fields[name]
    field.help_text = hint
    field.widget.attrs.pop("placeholder", None)
    if label:
        field.label = label
    if missing:
        field.error_messages["required"] = missing


class StaffLoginForm(LoginForm):
    """Without allauth's link between the label and the password: the page has it after the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "login", missing=_("Write your username."))
        put(self, "password", missing=_("Write your password."))
        if not self.is_bound:  # a refused form has the focus on its summary of errors
            self.fields["login"].widget.attrs["autofocus"] = True


class ForgottenPasswordForm(ResetPasswordForm):
    """Answers in the same words and the same time, whether or not an account has the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "email", _("E-mail"), _("Write your e-mail address."))
        self.fields["email"].error_messages["invalid"] = _("Write an e-mail address with an @, such as ada@clinic.org.")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        actions.send_new_password_later(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class _NewPassword:
    """What all forms share in which a password is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "password1", _("New password"), _("Choose a password."), ABOUT_A_PASSWORD)  # type: ignore[arg-type]
        put(self, "password2", _("The same password again"), _("Type the password once more."))  # type: ignore[arg-type]


class NewPasswordForm(_NewPassword, ResetPasswordKeyForm):
    """After a link in a mail."""


class FirstPasswordForm(_NewPassword, SetPasswordForm):
    """For an account whose password an owner took away."""


class OtherPasswordForm(_NewPassword, ChangePasswordForm):
    """By whoever knows the password of today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "oldpassword", _("Your password today"), _("Write your password of today."))


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "password", _("Password"), _("Write your password."))
