"""Eight editors at once, twenty-five saves each: nothing accepted is lost, and what is submitted is of one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from clinic.models import User
from education import actions
from education.models import Edition, Guide, Page, PageVersion
from education.working_copy import contents
from tests import builders
from tests.education.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
EDITORS, SAVES, SUBMISSIONS = 8, 25, 8
KINDS = ("overview", "side-effects", "preparation")


@dataclass(frozen=True)
class Accepted:
    """A save that was accepted: the version it started from, the one it made, and what was typed."""

    base: int
    saved: int
    page: int
    markdown: str
    entries: Sequence[Mapping[str, Any]]


@pytest.fixture
def cast() -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def guide(cast) -> Guide:
    return builders.guide(cast["author"])


@pytest.fixture
def editors(guide) -> list[User]:
    return [builders.person(f"editor-{number}", "Editors") for number in range(EDITORS)]


def typed(page: Page, person: User, count: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a text and entries that nobody else types, and that a submission accepts."""
    mark = f"Note {count} of {person.username}"
    entries: dict[str, dict[str, Any]] = {
        "overview": {"kind": "key-fact", "label": "Note", "value": mark, "headline": False},
        "side-effects": {
            **{"kind": "side-effect", "name": mark, "frequency": "not-known", "figure": "", "duration": "a day"},
            "action": "Rest.",
        },
        "preparation": {
            "kind": "care-step",
            "from_day": -count,
            "to_day": -count,
            "text": mark,
            "ask_prescriber": False,
        },
    }
    row = {**entries[page.kind], "sources": ["trial-2020"]}
    return f"You rest. {mark} [@trial-2020].", [row, row] if count % 2 else [row]


def look(page: Page) -> int:
    """Return the id of the version that somebody who opens the page starts from."""
    return PageVersion.objects.filter(page=page).values_list("pk", flat=True)[0]


def work(person: User, pages: Sequence[Page]) -> list[Accepted]:
    """Save as often as is wanted, going round these pages. Whoever is told of another's text puts theirs over it."""
    accepted = []
    bases = {page.pk: look(page) for page in pages}
    for count in range(SAVES):
        page = pages[count % len(pages)]
        markdown, entries = typed(page, person, count)
        facts = {"title": page.title, "slug": page.slug, "markdown": markdown, "entries": entries}
        saved = None
        while saved is None:
            try:
                saved = actions.save_page(page, by=person, base=bases[page.pk], **facts)
            except actions.EditConflict as conflict:
                bases[page.pk] = conflict.theirs.pk
        accepted.append(Accepted(bases[page.pk], saved.pk, page.pk, markdown, entries))
        bases[page.pk] = saved.pk
    return accepted


def submissions(guide: Guide, by: User) -> list[int]:
    """Submit again and again, and take each edition back; return their ids."""
    made = []
    for number in range(SUBMISSIONS):
        edition = builders.submitted(guide, by, f"State {number}.")
        actions.take_back(edition, by=by)
        made.append(edition.pk)
    return made


def run(*calls: Callable[[], Any]) -> list[Any]:
    """Run all at once; nothing but what they handle themselves was raised, and none waits for ever."""
    results = together(*calls)
    assert not [result for result in results if isinstance(result, BaseException)], results
    return results


def nothing_is_lost(guide: Guide, accepted: Sequence[Accepted]) -> None:
    """Assert that the versions of each page are one chain of exactly what was accepted, and the page its last."""
    assert len({one.saved for one in accepted}) == EDITORS * SAVES
    for page in guide.pages.all():
        mine = sorted((one for one in accepted if one.page == page.pk), key=lambda one: one.saved)
        versions = list(page.versions.order_by("id"))
        assert [one.saved for one in mine] == [version.pk for version in versions[1:]]
        assert [one.base for one in mine] == [version.pk for version in versions[:-1]]
        for one, version in zip(mine, versions[1:], strict=True):
            assert version.markdown == one.markdown
            assert version.entries == one.entries
        assert page.markdown == versions[-1].markdown
        # As rows beside their sources, not only as a version has them.
        assert list(contents([page])[0].entries) == versions[-1].entries


def is_of_one_moment(edition: Edition) -> bool:
    """Return whether there was a moment at which each page read as this edition has it."""
    pages = list(edition.pages.all())
    taken = [
        next(
            version.pk
            for version in page.page.versions.all()
            if (version.markdown, version.entries) == (page.markdown, page.entries)
        )
        for page in pages
    ]
    newest = [page.page.versions.filter(pk__lte=max(taken)).values_list("pk", flat=True)[0] for page in pages]
    return taken == newest


def test_editors_of_one_page_lose_nothing_of_what_was_accepted(guide, editors):
    page = guide.pages.get(kind="side-effects")
    results = run(*(lambda person=person: work(person, [page]) for person in editors))
    accepted = [one for result in results for one in result]
    assert len(accepted) == page.versions.count() - 1
    nothing_is_lost(Guide.objects.get(pk=guide.pk), accepted)


def test_editors_spread_over_a_guide_lose_nothing_and_each_submission_meanwhile_is_of_one_moment(guide, cast, editors):
    pages = [guide.pages.get(kind=kind) for kind in KINDS]
    rounds = [pages[number % len(pages) :] + pages[: number % len(pages)] for number in range(EDITORS)]
    *results, made = run(
        *(lambda person=person, mine=mine: work(person, mine) for person, mine in zip(editors, rounds, strict=True)),
        lambda: submissions(guide, cast["author"]),
    )
    nothing_is_lost(guide, [one for result in results for one in result])
    editions = list(Edition.objects.filter(pk__in=made).order_by("number"))
    assert [edition.number for edition in editions] == list(range(1, SUBMISSIONS + 1))
    assert [edition.number for edition in editions if not is_of_one_moment(edition)] == []
    # Some of them came while others wrote: else nothing was tried.
    assert len({edition.content_hash for edition in editions}) > 1
