"""Who may do what with the clinic's facts."""

from __future__ import annotations

from typing import Any

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


def require_permission(by: Any, permission: str, doing: str) -> None:
    """Raise NotPermitted unless `by` is active and has `clinic.<permission>`."""
    if not by.is_active or not by.has_perm(f"clinic.{permission}"):
        raise NotPermitted(f"Your account does not let you {doing}. Ask the owner of the site.")


def front_desk() -> QuerySet[User]:
    """Return the active accounts that work on requests for a consultation, without the owners."""
    return User.objects.with_perm(
        "clinic.change_consultationrequest",
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=False,
    )


def install_groups(**kwargs: Any) -> None:
    """Give each staff group its permissions of this app. Runs after every migrate; adds, never removes."""
    grant("clinic", PERMISSIONS, using=kwargs["using"])
