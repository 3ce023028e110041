"""The form by which a new site gets its owner."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.forms.own_account import OwnAccountForm
from education.forms import LineField


class FirstOwnerForm(OwnAccountForm):
    """Who the owner is, and how they will sign in."""

    class Meta(OwnAccountForm.Meta):
        fields = ("first_name", "last_name", "job_title", "email", "username")
        field_classes = {**dict.fromkeys(("first_name", "last_name", "job_title"), LineField)}
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "job_title": _("Job title"),
            "email": _("E-mail"),
            **OwnAccountForm.Meta.labels,
        }
        help_texts = {
            "job_title": _("Patients read it beside your name where you review a guide, such as: nurse practitioner."),
            "email": _("Where you get mail from this site, and a new password if you forget yours."),
            **OwnAccountForm.Meta.help_texts,
        }
        error_messages = {
            "first_name": {"required": _("Write your first name.")},
            "last_name": {"required": _("Write your last name.")},
            "email": {
                "required": _("Write your e-mail address."),
                "invalid": _("Write an e-mail address with an @, such as ada@clinic.org."),
            },
            **OwnAccountForm.Meta.error_messages,
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
