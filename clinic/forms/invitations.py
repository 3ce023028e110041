"""The form by which an owner invites somebody to staff."""

from __future__ import annotations

from typing import Any

from django import forms

from clinic.forms.people import AccountForm
from clinic.forms.rows import SeveralField
from clinic.models import Invitation
from education.forms import LineField, RefusableForm


class InvitationForm(RefusableForm, forms.ModelForm):
    """Who it is, where the link goes, and what the account will be able to do."""

    class Meta:
        model = Invitation
        fields = ("first_name", "last_name", "email", "job_title", "groups", "is_owner")
        field_classes = {
            **dict.fromkeys(("first_name", "last_name", "job_title"), LineField),
            "groups": SeveralField,
        }
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"email": "E-mail", "groups": "Roles", "is_owner": "Owner"}
        help_texts = {
            "email": "The link goes here, and whoever opens it gets the account. So ask for an address of their own.",
            "job_title": "Patients read it beside the name of whoever reviewed a guide, such as: nurse practitioner.",
            "groups": AccountForm.Meta.help_texts["groups"],
            "is_owner": AccountForm.Meta.help_texts["is_superuser"],
        }
        error_messages = {
            "first_name": {"required": "Write their first name."},
            "last_name": {"required": "Write their last name."},
            "email": {
                "required": "Write where the link shall go.",
                "invalid": "Write an e-mail address with an @, such as ada@clinic.org.",
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].required = False
