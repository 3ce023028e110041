"""The mail of what waits: at most one a day for each person, and none when nothing does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from clinic.desk import Desk, desk_of
from clinic.models import Clinic, User
from education.actions.mail import post
from education.actions.signing import log_once_kept
from education.desk import Group, Item, Section

logger = logging.getLogger(__name__)

STOP = (
    "You get this mail at most once a day, and only when something waits for you. To stop it, ask the owner of the "
    "site to take the tick from “Mail of what waits” on your account."
)


@dataclass(frozen=True)
class Digest:
    """A mail of what waits for one person, not sent yet. `things`: how many wait."""

    person: User
    things: int
    subject: str
    body: str


def readers(*, again: bool = False, now: datetime | None = None) -> QuerySet[User]:
    """Return who may get the mail now: active, with an address, who wants it and has not had it today.

    `again`: also those who have had it today.
    """
    people = User.objects.filter(is_active=True, wants_digest=True).exclude(email="").order_by("username")
    # The clinic's own calendar says what a day is.
    return people if again else people.exclude(digest_sent_on=timezone.localdate(now))


def send_digests(
    *, again: bool = False, dry_run: bool = False, now: datetime | None = None
) -> Iterator[tuple[User, Digest | None, Exception | None]]:
    """Write to each reader for whom something waits; yield them one by one, with the mail or with what went wrong.

    Somebody whose mail fails does not stop the others. `dry_run`: nothing is sent or noted.
    """
    now = now or timezone.now()
    for person in readers(again=again, now=now):
        try:
            digest = digest_of(person, now)
            sent = digest if digest and (dry_run or _posted(digest, again, now)) else None
        except Exception as error:  # whatever is wrong with one desk, the next person's is another
            logger.error("the mail of what waits for account %s failed: %s", person.pk, type(error).__name__)
            yield person, None, error
        else:
            yield person, sent, None


@transaction.atomic
def _posted(digest: Digest, again: bool, now: datetime) -> bool:
    """Note the day and post the mail, unless another run was quicker or the person does not want it any more."""
    person = digest.person
    if not readers(again=again, now=now).filter(pk=person.pk).update(digest_sent_on=timezone.localdate(now)):
        return False
    post([person.email], digest.subject, digest.body)
    log_once_kept(logger, "mail of what waits for account %s posted", person.pk)
    return True


# Its words


def digest_of(person: User, now: datetime | None = None) -> Digest | None:
    """Return the mail of what waits for a person, or None when nothing does. It has no words of a visitor."""
    desk = desk_of(person, now)
    if not desk.asks:
        return None
    clinic = Clinic.current().name
    waits = "1 thing waits" if desk.asks == 1 else f"{desk.asks} things wait"
    return Digest(person, desk.asks, f"{waits} for you at {clinic}", _body(person, desk, f"{waits} for you."))


def _body(person: User, desk: Desk, waits: str) -> str:
    begins = f"Hello {person.get_short_name() or person.username},\n\n{waits} Sign in to see it:\n{_at('admin:index')}"
    parts = [begins, *(_section(one) for one in desk.sections), STOP]
    # A mail reader shows the spaces that keep words together on a screen as it likes.
    return "\n\n".join(parts).replace("\xa0", " ") + "\n"


def _at(name: str) -> str:
    return settings.SITE_URL + reverse(name)


def _section(section: Section) -> str:
    lines = [f"{section.heading} ({section.number})".upper(), section.todo]
    for group in section.groups:
        lines += ["", *_group(group)]
    if section.rest:
        lines += ["", f"All {section.number}: {settings.SITE_URL}{section.rest}"]
    return "\n".join(lines)


def _group(group: Group) -> Iterator[str]:
    if group.title:
        yield f"{group.title}{f' ({group.mark})' if group.mark else ''}:"
    for item in group.items:
        yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    marks = [one for one in (item.burning, *item.marks) if one]
    said = ", ".join(part for part in (*marks, item.more) if part)
    yield f"- {item.words}{f': {said}' if said else ''}"
    yield f"  {settings.SITE_URL}{item.link}"
    for words, link in item.also:
        yield f"  {words}: {settings.SITE_URL}{link}"
