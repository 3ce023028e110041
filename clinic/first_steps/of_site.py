"""Steps of a new clinic: a first guide, the people who work on it, and the way to the public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from clinic.first_steps.step import Check, Step, Way, listed, way_to
from clinic.models import User
from config import env
from education.models import OPEN_STATES, Edition, Guide
from education.newsroom import NEXT_STEP
from education.rules import EDITORS, FRONT_DESK, REVIEWERS


def guide(person: Any) -> Step:
    live = Edition.objects.live().select_related("guide").order_by("pk").first()
    stands, ways = (f"“{live.title}” is live.", (_open(person, live.guide),)) if live else _on_its_way(person)
    return Step(
        "A first guide",
        "It is what patients come for: one person writes it, another one approves it, and then it is published.",
        done=live is not None,
        stands=stands,
        ways=ways,
    )


def _on_its_way(person: Any) -> tuple[str, tuple[Way, ...]]:
    """Return how far the newest guide is while none is live, and what can be done."""
    guide = Guide.objects.order_by("-pk").first()
    if guide is None:
        begin = {
            "?way=skeleton": "Begin with a skeleton: the usual pages, each with what to write",
            "?way=sample": "Begin with a copy of the sample guide",
            "#other-ways": "Import a guide that is there as files",
        }
        name, permission = "education_guide_begin", "education.add_guide"
        ways = (way_to(person, words, name, permission=permission, after=after) for after, words in begin.items())
        return "No guide is begun.", tuple(ways)
    edition = Edition.objects.with_state().filter(guide=guide).order_by("-number").first()
    if edition and edition.state in OPEN_STATES:
        stands = f"“{guide.title}”: edition {edition.number} is {edition.state}. {NEXT_STEP[edition.state]}"
    else:
        stands = f"“{guide.title}” is being written. Once its report has no error, an editor submits it for review."
    return stands, (_open(person, guide),)


def _open(person: Any, guide: Guide) -> Way:
    return way_to(
        person, f"Open “{guide.title}”", "education_guide_change", guide.pk, permission="education.view_guide"
    )


class Staff:
    """Who can sign in, and with which role: one query."""

    def __init__(self, person: Any) -> None:
        self.person = person
        rows = User.objects.filter(is_active=True).order_by("pk")
        self.rows = list(rows.values_list("pk", "username", "is_superuser", "sample_account", "groups__name"))

    @property
    def sample_accounts(self) -> list[str]:
        return list(dict.fromkeys(name for _, name, _, is_sample, _ in self.rows if is_sample))

    def _with_role(self, role: str, *, or_owner: bool = True) -> set[int]:
        return {pk for pk, _, owner, _, group in self.rows if group == role or (or_owner and owner)}

    def step(self) -> Step:
        """Return the step: somebody writes, another one approves, somebody answers. An owner can write and approve."""
        writers, reviewers = self._with_role(EDITORS), self._with_role(REVIEWERS)
        missing = []
        if not writers:
            missing.append(f"somebody who writes ({EDITORS})")
        if not reviewers or (settings.REVIEW_BY_SECOND_PERSON and len(writers | reviewers) < 2):
            missing.append(f"a second person who approves ({REVIEWERS})")
        if not self._with_role(FRONT_DESK, or_owner=False):
            missing.append(f"somebody who answers patients ({FRONT_DESK}), who may be an owner as well")
        owner = self.person.is_superuser
        name, words = ("clinic_invitation_add", "Invite somebody") if owner else ("", "An owner invites them.")
        return Step(
            "Who works on this site",
            "Nobody approves what they submitted themselves, and requests of patients are for the front desk alone.",
            done=not missing,
            stands=f"Missing: {listed(missing)}." if missing else "Every role has somebody.",
            ways=(way_to(self.person, words, name, permission="clinic.add_invitation"),),
        )


def going_live(sample_accounts: list[str]) -> Step:
    checks = (*_of_settings(), _of_sample(sample_accounts))
    open_ones = sum(not check.done for check in checks)
    return Step(
        "Going live",
        "Patients can reach the site once whoever runs the server has done this, with docs/deploying.md.",
        done=not open_ones,
        stands=f"{open_ones} of {len(checks)} are to do." if open_ones else "All is set.",
        checks=checks,
        is_going_live=True,
    )


def _of_settings() -> Iterable[Check]:
    production = settings.PLAINLEAF_MODE == "production"
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in env.LOOPBACK]
    secure = settings.SITE_URL.startswith("https://")
    weak = env.is_weak_key(settings.SECRET_KEY)
    mails = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    said = (
        (production, "The site is in production mode.", "Set PLAINLEAF_MODE=production, which refuses what is weak."),
        (bool(hosts), f"It answers at {', '.join(hosts)}.", "Name in ALLOWED_HOSTS what patients type."),
        (secure, f"Its address is {settings.SITE_URL}.", "Write the address in SITE_URL. It begins with https://."),
        (not weak, "Its secret key is long and random.", "Set SECRET_KEY to at least 50 random characters."),
        (mails, f"Mail goes out by {settings.EMAIL_HOST}.", "Name your mail server in EMAIL_URL: mail goes to files."),
    )
    return [Check(done, yes if done else no) for done, yes, no in said]


def _of_sample(names: list[str]) -> Check:
    if not names:
        return Check(True, "No account of the sample clinic can sign in.")
    return Check(
        False,
        f"Close the accounts of the sample clinic ({', '.join(names)}): .venv/bin/python manage.py "
        "close_sample_accounts.",
    )
