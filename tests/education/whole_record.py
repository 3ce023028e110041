"""A guide that has a row in every table of the record, brought there by the project's own actions."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from django.db import connection, models
from django.utils import timezone

from clinic import actions as clinic_actions
from clinic.models import User
from education import actions
from education.models import Edition, Guide, Image, Page, Source, State
from education.triggers import drop_triggers, install_triggers
from education.verification import verify_archive, verify_guide
from tests import builders
from tests.education.example_entries import ON_PAGE
from tests.pictures import png


def image(by: User, key: str = "cold-pack", colour: str = "teal") -> Image:
    row = Image(key=key, alternative_text="A cold pack in a towel")
    return actions.add_image(row, io.BytesIO(png(colour=colour)), by=by)


def whole_record(cast: dict[str, User]) -> Guide:
    """Make a guide of three editions: withdrawn, cancelled and live; with an image and former addresses.

    It was in the archive once and came back.
    """
    author = cast["author"]
    guide = builders.guide(author, title="Cool care", slug="cool-care")
    image(author)
    builders.write(guide, author, Page.Kind.PREPARATION, "Bring a cold pack.\n\n![](image:cold-pack)")
    page = guide.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    facts = {"title": page.title, "slug": page.slug, "markdown": page.markdown}
    actions.save_page(page, by=author, base=None, entries=[ON_PAGE["side-effects"]], **facts)
    first = builders.published(guide, cast)
    actions.save_guide(guide, by=author, slug="cooling")
    page = guide.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    actions.save_page(page, by=author, base=None, title="After-effects", slug="after-effects", markdown=page.markdown)
    second = builders.approved(guide, cast, what_changed="Another address.")
    actions.publish(second, by=author, live_from=timezone.now() + timedelta(days=2))
    actions.cancel(second, by=author)
    actions.give_back(second, by=cast["reviewer"], note="Say how long it lasts.")
    third = builders.next_edition(guide, cast, "You can get numb skin for a day [@trial-2020].")
    actions.confirm(third, by=cast["reviewer"], judged=third.content_hash)
    actions.withdraw(first, by=cast["reviewer"], reason="It named a wrong dose.")
    actions.archive_guide(guide, by=author, reason="We no longer offer it.")
    actions.reopen_guide(guide, by=cast["reviewer"])
    source = builders.source("older", title="An older trial of cold")
    facts = {"outcome": "superseded", "note": "A larger trial followed.", "next_check": timezone.localdate()}
    actions.check_source(source, by=cast["reviewer"], **facts)
    _prices(guide, author, source)
    guide.refresh_from_db()
    return guide


def _prices(guide: Guide, author: User, source: Source) -> None:
    """Add a price of each unit: one ends by plan, one was changed."""
    session = builders.price(guide, author, source=source, amount_from=Decimal("300.5"))
    clinic_actions.end_price(session, by=author, last_day=timezone.localdate() + timedelta(days=2))
    builders.price(guide, author, "First talk", unit="consultation", amount_from=Decimal(80), amount_to=Decimal(80))
    course = builders.price(guide, author, "Scalp", unit="course", sessions_in_course=6)
    dearer = builders.unsaved_price(guide, "Scalp", unit="course", sessions_in_course=6, amount_to=Decimal(600))
    clinic_actions.change_price(course, dearer, by=author)


def in_state(state: State, guide: Guide, cast: dict[str, User]) -> Edition:
    """Bring an edition of the guide into a state, submitted by the author; return it."""
    author, reviewer = cast["author"], cast["reviewer"]
    edition = builders.submitted(guide, author)
    if state is State.IN_REVIEW:
        return edition
    if state is State.RETURNED:
        actions.give_back(edition, by=reviewer, note="Say how long it lasts.")
        return edition
    if state is State.TAKEN_BACK:
        actions.take_back(edition, by=author)
        return edition
    actions.approve(edition, by=reviewer, judged=edition.content_hash)
    if state is State.APPROVED:
        return edition
    later = timezone.now() + timedelta(days=2) if state is State.SCHEDULED else None
    actions.publish(edition, by=author, live_from=later)
    if state is State.SUPERSEDED:
        builders.next_edition(guide, cast, "You can get numb skin for a week.")
    if state is State.ARCHIVED:
        actions.archive_guide(guide, by=author, reason="We no longer offer it.")
    if state is State.WITHDRAWN:
        actions.withdraw(edition, by=author, reason="It named a wrong dose.")
    return edition


def state_of(edition: Edition) -> State:
    return Edition.objects.with_state().get(pk=edition.pk).state


def tamper(row: models.Model, **values: object) -> None:
    """Change columns of a row past every guard, as somebody at the database itself could."""
    columns = ", ".join(f'"{name}" = %s' for name in values)
    unguarded(f'UPDATE "{row._meta.db_table}" SET {columns} WHERE id = %s', *values.values(), row.pk)


def erase(row: models.Model) -> None:
    """Delete a row past every guard."""
    unguarded(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', row.pk)


def unguarded(sql: str, *values: object) -> None:
    """Run one statement with the triggers away."""
    connection.check_constraints()  # PostgreSQL drops no trigger while checks are waiting
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    install_triggers()


def breaks(guide: Guide) -> list[str]:
    """Return what verification finds wrong with a guide's editions and with its times in the archive, a line each."""
    return [*(str(one) for found in verify_guide(guide) for one in found), *map(str, verify_archive(guide))]


def only_breaks(guide: Guide, *wanted: str) -> None:
    """Require these breaks and no others: each wanted text is a part of one line, in order."""
    found = breaks(guide)
    assert len(found) == len(wanted), found
    for line, part in zip(found, wanted, strict=True):
        assert part in line
