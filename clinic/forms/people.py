"""Forms over the accounts of the staff."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import UserChangeForm, UserCreationForm

from clinic.forms.rows import SeveralField
from clinic.models import User
from education.forms import RefusableForm


class AccountForm(RefusableForm, UserChangeForm):
    """Who somebody is, and what their account lets them do."""

    class Meta(UserChangeForm.Meta):
        model = User
        fields = (  # type: ignore[assignment]  # the base form names all with a word
            "username",
            "password",
            "first_name",
            "last_name",
            "email",
            "job_title",
            "is_active",
            "groups",
            "is_superuser",
        )
        field_classes = {**UserChangeForm.Meta.field_classes, "groups": SeveralField}
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"is_active": "Can sign in", "groups": "Roles", "is_superuser": "Owner", "email": "E-mail"}
        help_texts = {
            "username": "The name for signing in.",
            "email": "Mail about editions goes here.",
            "is_active": (
                "Take the tick away when somebody leaves. Accounts are never deleted, because the record names who "
                "wrote and approved each edition. The change works at once, and can be undone."
            ),
            "groups": (
                "Editors write and submit guides. Reviewers approve them. Nobody approves what they submitted. "
                "Front desk answers requests for a consultation, and nobody else sees them but owners."
            ),
            "is_superuser": "May do everything, and manages these accounts.",
        }


class NewAccountForm(RefusableForm, UserCreationForm):
    """A new member of staff: a name and a first password, which they change after they sign in."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "job_title", "groups")
        field_classes = AccountForm.Meta.field_classes
        widgets = AccountForm.Meta.widgets
        labels = AccountForm.Meta.labels
        help_texts = AccountForm.Meta.help_texts
