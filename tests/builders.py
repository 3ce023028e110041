"""What tests are made of: people and guides, brought into each state by the project's own actions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from clinic import actions as clinic_actions
from clinic.models import Price, User
from education import actions
from education.models import Edition, Guide, MistakeReport, Page, Source, Term
from education.rules import EDITORS, FRONT_DESK, REVIEWERS

PASSWORD = "correct horse battery staple"


def person(username: str, *groups: str, **facts: Any) -> User:
    """Make an active staff account in these groups."""
    user = User(username=username, is_staff=True, email=f"{username}@clinic.example", **facts)
    user.set_password(PASSWORD)
    user.save()
    if groups:
        # Unlike set(), it does not ask first which a new account has: nearly every test makes the whole cast.
        user.groups.add(*Group.objects.filter(name__in=groups))
    return user


def cast() -> dict[str, User]:
    """Make everybody: two editors, two reviewers, the front desk, the owner, a member of staff without a role."""
    return {
        "author": person("author", EDITORS, first_name="Ada", last_name="Author", job_title="editor"),
        "colleague": person("colleague", EDITORS, first_name="Cleo", last_name="Colleague"),
        "reviewer": person("reviewer", REVIEWERS, first_name="Rae", last_name="Reviewer", job_title="nurse"),
        "second_reviewer": person("second", REVIEWERS, first_name="Sol", last_name="Second"),
        "front_desk": person("frontdesk", FRONT_DESK),
        "owner": person("owner", is_superuser=True, first_name="Olu", last_name="Owner"),
        "outsider": person("outsider"),
    }


def guide(by: User, title: str = "Cold therapy", slug: str = "cold-therapy", **facts: Any) -> Guide:
    """Make a guide with an overview, a side-effects and a preparation page, citing one source.

    It gives advice: a guide to a procedure would need more pages before it could be submitted.
    """
    source()
    term()
    facts = {
        "kind": "advice",
        "summary": "What cold therapy is and what to expect.",
        "written_by": "The clinic",
        "funding": "Written and paid for by the clinic that offers this treatment.",
        **facts,
    }
    made = actions.create_guide(by=by, title=title, slug=slug, **facts)
    page(made, by, Page.Kind.OVERVIEW, "Cold therapy cools the skin [@trial-2020].\n\n## Who it is for\n\nAdults.")
    page(made, by, Page.Kind.SIDE_EFFECTS, "You can get [numbness](term:numbness) for a day [@trial-2020].")
    page(made, by, Page.Kind.PREPARATION, "Eat as usual.\n\n!!! do\n    - wear loose clothes")
    return made


def page(guide: Guide, by: User, kind: str, markdown: str, **facts: Any) -> Page:
    return actions.add_page(guide, by=by, kind=kind, markdown=markdown, **facts)


def source(key: str = "trial-2020", **facts: Any) -> Source:
    facts = {"title": "A trial of cold", "publisher": "Journal of Cold", "year": 2020, "strength": "trial", **facts}
    there = Source.objects.filter(key=key).first()
    return there or actions.save_source(Source(key=key, **facts), by=_librarian())


def _librarian() -> User:
    return User.objects.filter(username="librarian").first() or person("librarian", EDITORS, first_name="Lou")


def term(key: str = "numbness", **facts: Any) -> Term:
    facts = {"term": "numbness", "plain_meaning": "You feel less than usual when something touches you.", **facts}
    return Term.objects.get_or_create(key=key, defaults=facts)[0]


def write(guide: Guide, by: User, kind: str, markdown: str, entries: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Replace the text of the guide's page of this kind and, where they are given, its entries."""
    row = guide.pages.kept().get(kind=kind)
    actions.save_page(row, by=by, base=None, title=row.title, slug=row.slug, markdown=markdown, entries=entries)


def submitted(guide: Guide, by: User, what_changed: str = "First edition.", **more: Any) -> Edition:
    return actions.submit(guide, by=by, what_changed=what_changed, **more)


def approved(guide: Guide, cast: dict[str, User], **more: Any) -> Edition:
    edition = submitted(guide, cast["author"], **more)
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    return edition


def published(guide: Guide, cast: dict[str, User], **more: Any) -> Edition:
    """Submit the guide as it is, approve and publish it; return the edition that is live."""
    edition = approved(guide, cast, **more)
    actions.publish(edition, by=cast["author"])
    return edition


def next_edition(guide: Guide, cast: dict[str, User], markdown: str, what_changed: str = "Side effects.") -> Edition:
    """Change the side effects and publish the guide again."""
    write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, markdown)
    return published(guide, cast, what_changed=what_changed)


def reported(edition: Edition, words: str = "Twelve, not ten.", **facts: Any) -> MistakeReport:
    """Report a mistake in an edition, as a reader does."""
    return actions.report_mistake(edition, **{"key": secrets.token_hex(16), "words": words, **facts})


def price(guide: Guide, by: User, what: str = "Face", **facts: Any) -> Price:
    """Add a price of a session, 300 to 500 dollars, with the numbers of a course and of upkeep."""
    return clinic_actions.add_price(unsaved_price(guide, what, **facts), by=by)


def unsaved_price(guide: Guide, what: str = "Face", **facts: Any) -> Price:
    """Return a price as somebody would type it; of another unit than a session it has no numbers of sessions."""
    numbers = {"sessions_from": 6, "sessions_to": 10, "upkeep_from": 2, "upkeep_to": 4}
    if facts.get("unit", Price.Unit.SESSION) != Price.Unit.SESSION:
        numbers = {}
    typed = {"amount_from": Decimal(300), "amount_to": Decimal(500), "currency": "USD", **numbers, **facts}
    return Price(guide=guide, what=what, **typed)
