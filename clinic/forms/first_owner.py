"""The form by which a new site gets its owner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from clinic.models import User
from education.forms import LineField

AGAIN = _("Type the password again, here and below: it is not kept while something else is wrong.")


class FirstOwnerForm(UserCreationForm):
    """Who the owner is, and how they will sign in."""

    error_messages = {"password_mismatch": _("The two passwords differ. Type both again.")}

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("first_name", "last_name", "job_title", "email", "username")
        field_classes = {**dict.fromkeys(("first_name", "last_name", "job_title"), LineField)}
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "job_title": _("Job title"),
            "email": _("E-mail"),
            "username": _("Username"),
        }
        help_texts = {
            "job_title": _("Patients read it beside your name where you review a guide, such as: nurse practitioner."),
            "email": _("Where you get mail from this site, and a new password if you forget yours."),
            "username": _("The name for signing in: letters, digits and . - _ without a space, such as ada.park."),
        }
        error_messages = {
            "first_name": {"required": _("Write your first name.")},
            "last_name": {"required": _("Write your last name.")},
            "email": {
                "required": _("Write your e-mail address."),
                "invalid": _("Write an e-mail address with an @, such as ada@clinic.org."),
            },
            "username": {
                "required": _("Choose a username."),
                "unique": _("Somebody here has this username already. Choose another."),
                "invalid": _("Use letters, digits and . - _ @ + for the username, without a space."),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True
        for name, value in (("first_name", "given-name"), ("last_name", "family-name"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = value
        self.fields["job_title"].widget.attrs["autocomplete"] = "organization-title"
        # The first field is another one than the name for signing in.
        self.fields["username"].widget.attrs.pop("autofocus", None)
        first, second = self.fields["password1"], self.fields["password2"]
        first.label, second.label = _("Password"), _("The same password again")
        first.help_text = _(
            "At least 12 characters, and nothing that others guess: four words that do not belong together are good."
        )
        second.help_text = ""
        first.error_messages["required"] = _("Choose a password.")
        second.error_messages["required"] = _("Type the password once more.")

    def full_clean(self) -> None:
        super().full_clean()
        typed = self.is_bound and self.data.get(self.add_prefix("password1"))
        if self.errors and typed and not {"password1", "password2"} & set(self.errors):
            self.add_error("password1", forms.ValidationError(AGAIN, code="again"))
