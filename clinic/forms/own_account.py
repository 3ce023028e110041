"""The form by which somebody who was invited, or who owns a new site, chooses how they will sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from clinic.forms.sign_in import ABOUT_A_PASSWORD
from clinic.models import User

AGAIN = _("Type the password again, here and below: it is not kept while something else is wrong.")


class OwnAccountForm(UserCreationForm):
    """A username and a password. What else the account is, is known already."""

    error_messages = {"password_mismatch": _("The two passwords differ. Type both again.")}

    class Meta(UserCreationForm.Meta):
        model = User
        fields: ClassVar[tuple[str, ...]] = ("username",)
        labels = {"username": _("Username")}
        help_texts = {
            "username": _("The name for signing in: letters, digits and . - _ without a space, such as ada.park."),
        }
        error_messages: dict[str, dict[str, Any]] = {
            "username": {
                "required": _("Choose a username."),
                "unique": _("Somebody here has this username already. Choose another."),
                "invalid": _("Use letters, digits and . - _ @ + for the username, without a space."),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands before the form is to be read first, and a refused one has the focus on its summary of errors.
        self.fields["username"].widget.attrs.pop("autofocus", None)
        first, second = self.fields["password1"], self.fields["password2"]
        first.label, second.label = _("Password"), _("The same password again")
        first.help_text, second.help_text = ABOUT_A_PASSWORD, ""
        first.error_messages["required"] = _("Choose a password.")
        second.error_messages["required"] = _("Type the password once more.")

    def full_clean(self) -> None:
        super().full_clean()
        typed = self.is_bound and self.data.get(self.add_prefix("password1"))
        if self.errors and typed and not {"password1", "password2"} & set(self.errors):
            self.add_error("password1", forms.ValidationError(AGAIN, code="again"))
