"""Sign-in: who may make an account, and a form whose next stop after the name is the password."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffAccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account from outside; staff accounts are made in the admin."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many sign-ins failed. Wait five minutes, then try again."),
        "username_password_mismatch": _("This username and this password do not belong together. Check both."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class StaffLoginForm(LoginForm):
    """Without allauth's link between the label and the password: the page has it after the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for name, missing in (("login", _("Write your username.")), ("password", _("Write your password."))):
            self.fields[name].error_messages["required"] = missing
            # It would say no more than the label above it.
            self.fields[name].widget.attrs.pop("placeholder", None)
        if not self.is_bound:  # a refused form has the focus on its summary of errors
            self.fields["login"].widget.attrs["autofocus"] = True
