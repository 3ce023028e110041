"""Who may do what with the clinic's facts."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db.models import QuerySet

from clinic.models import User
from education.rules import EDITORS, FRONT_DESK, REVIEWERS, NotPermitted, grant

_CLINIC = ("clinic", "informationpage", "location", "provider", "price")
_VIEW = [f"view_{name}" for name in _CLINIC]
PERMISSIONS = {
    EDITORS: [
        *_VIEW,
        "change_clinic",
        *(f"{verb}_{name}" for name in ("informationpage", "location", "provider") for verb in ("add", "change")),
        # A price is never changed: it is ended, and another one added.
        "add_price",
    ],
    REVIEWERS: _VIEW,
    # Who asks for a consultation is nobody's business but the front desk's.
    FRONT_DESK: [
        *("view_clinic", "view_location", "view_provider", "view_price"),
        *("view_consultationrequest", "change_consultationrequest"),
    ],
}


# Recovery codes alone are none: there are only so many.
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def require_permission(by: Any, permission: str, doing: str) -> None:
    """Raise NotPermitted unless `by` is active and has `clinic.<permission>`."""
    if not by.is_active or not by.has_perm(f"clinic.{permission}"):
        raise NotPermitted(f"Your account does not let you {doing}. Ask the owner of the site.")


def require_owner(by: Any, doing: str) -> None:
    """Raise NotPermitted unless `by` owns the site."""
    if not by.is_active or not by.is_superuser:
        raise NotPermitted(f"Only the owner of the site {doing}.")


def second_step_of(account: Any) -> bool:
    """Return whether an account has an app for codes, or a passkey."""
    return Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_STEPS).exists()


def needs_second_step(account: Any) -> bool:
    """Return whether somebody has to set up a second step before they see anything for staff.

    The database is asked once for each request: the account is read anew for each.
    """
    if not settings.STAFF_MFA_REQUIRED or not account.is_authenticated:
        return False
    if not hasattr(account, "_has_second_step"):
        account._has_second_step = second_step_of(account)
    return not account._has_second_step


def front_desk() -> QuerySet[User]:
    """Return the active accounts that work on requests for a consultation, without the owners."""
    return User.objects.with_perm(
        "clinic.change_consultationrequest",
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=False,
    )


def install_groups(**kwargs: Any) -> None:
    """Give each staff group its permissions of this app. Runs after every migrate; adds, never removes."""
    # This app stands before auth, which would make these permissions only after this.
    create_permissions(apps.get_app_config("clinic"), verbosity=0, using=kwargs["using"])
    grant("clinic", PERMISSIONS, using=kwargs["using"])
