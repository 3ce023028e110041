"""The process that the crash drill kills: takes a guide from its text to its readers, again and again, and says so."""

from __future__ import annotations

import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # the apps must be ready first

from education import actions  # noqa: E402
from education.models import Edition, Guide, State  # noqa: E402

READY = "ready"


def main() -> int:
    """Work until somebody ends it. A step is printed when the database has it; the first line says that it begins."""
    people = {one.username: one for one in get_user_model().objects.all()}
    guide = Guide.objects.get(pk=1)
    say(READY)
    while True:
        edition = waiting(guide) or submitted(guide, people["editor"])
        if edition.state is State.IN_REVIEW:
            actions.approve(edition, by=people["reviewer"], judged=edition.content_hash)
            say(f"approved {edition.pk}")
        actions.publish(edition, by=people["editor"])
        say(f"published {edition.pk}")


def waiting(guide: Guide) -> Edition | None:
    """Return the edition that somebody who was killed left on its way."""
    found = guide.editions.with_state().order_by("-number").first()
    return found if found and found.state in (State.IN_REVIEW, State.APPROVED) else None


def submitted(guide: Guide, by: Any) -> Edition:
    edition = actions.submit(guide, by=by, what_changed="A sentence is new.")
    say(f"submitted {edition.pk}")
    return guide.editions.with_state().get(pk=edition.pk)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
