"""Forms over the accounts of the staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.hashers import is_password_usable

from clinic.forms.rows import SeveralField
from clinic.models import User
from education.forms import RefusableForm

ABOUT_A_FIRST_ONE = (
    "A first one: tell it to them, and they choose their own under “Change password”. At least 12 characters, and "
    "nothing that others guess: four words that do not belong together are good."
)


class PasswordOnFile(ReadOnlyPasswordHashWidget):
    """Says whether there is a password, and leads to where another one is set. Shows nothing of its hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        there = bool(value) and is_password_usable(value)
        said = {
            "summary": [{"label": "There is one." if there else "There is none."}],
            "button_label": "Set another password" if there else "Set a password",
        }
        return {**super().get_context(name, value, attrs), **said}


class AccountForm(RefusableForm, UserChangeForm):
    """Who somebody is, and what their account lets them do."""

    password = ReadOnlyPasswordHashField(
        label="Password",
        widget=PasswordOnFile,
        help_text="Nobody can read it here. Somebody who forgot theirs chooses a new one with “Forgot your password?”.",
    )

    class Meta(UserChangeForm.Meta):
        model = User
        fields = (  # type: ignore[assignment]  # the base form names all with a word
            "username",
            "password",
            "first_name",
            "last_name",
            "email",
            "job_title",
            "wants_digest",
            "is_active",
            "groups",
            "is_superuser",
        )
        field_classes = {**UserChangeForm.Meta.field_classes, "groups": SeveralField}
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"is_active": "Can sign in", "groups": "Roles", "is_superuser": "Owner", "email": "E-mail"}
        help_texts = {
            "username": "The name for signing in.",
            "email": (
                "Mail from this site goes here: about editions, reports of mistakes or requests, whichever the roles "
                "have to do with."
            ),
            "is_active": (
                "Take the tick away when somebody leaves. Accounts are never deleted, because the record names who "
                "wrote and approved each edition. The change works at once, and can be undone."
            ),
            "groups": (
                "Editors write and submit guides, and keep the clinic's facts, places, providers and prices. "
                "Reviewers approve guides. Nobody approves what they submitted. Both roles answer reports of mistakes. "
                "Front desk answers requests for a consultation, and nobody else sees them but owners."
            ),
            "is_superuser": "May do everything, and manages these accounts.",
        }


class NewAccountForm(RefusableForm, UserCreationForm):
    """A new member of staff: a name and a first password, which they change after they sign in."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "job_title", "wants_digest", "groups")
        field_classes = AccountForm.Meta.field_classes
        widgets = AccountForm.Meta.widgets
        labels = AccountForm.Meta.labels
        help_texts = AccountForm.Meta.help_texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = ABOUT_A_FIRST_ONE
        self.fields["password2"].help_text = "The same password again."
