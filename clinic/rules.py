"""Who may do what with the clinic's facts."""

from __future__ import annotations

from typing import Any

from education.rules import EDITORS, FRONT_DESK, REVIEWERS, grant

PERMISSIONS = {
    EDITORS: ["change_clinic", "view_clinic", "add_informationpage", "change_informationpage", "view_informationpage"],
    REVIEWERS: ["view_clinic", "view_informationpage"],
    FRONT_DESK: ["view_clinic"],
}


def install_groups(**kwargs: Any) -> None:
    """Give each staff group its permissions of this app. Runs after every migrate; adds, never removes."""
    grant("clinic", PERMISSIONS, using=kwargs["using"])
