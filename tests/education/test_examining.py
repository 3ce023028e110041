"""What the checks are told about the world: when sources are due, which addresses answer, who may be rung up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.models import Clinic, InformationPage
from education import actions
from education.examining import examine, world
from education.models import Page, Source
from education.snapshot import Snapshot
from education.working_copy import assemble, contents
from tests import builders


@pytest.fixture
def guide(cast):
    return builders.guide(cast["author"])


def _snapshot(guide) -> Snapshot:
    return assemble(guide, contents(guide.pages.kept()))


def _resolves(guide, path: str) -> bool:
    return world(guide, _snapshot(guide)).resolves(path)


def test_a_source_is_due_when_its_last_check_says(guide, cast):
    source = Source.objects.get()
    state = world(guide, _snapshot(guide)).sources["trial-2020"]
    assert (state.due, state.status) == (source.checks.get().next_check, "current")
    later = timezone.localdate() + timedelta(days=40)
    actions.check_source(source, by=cast["reviewer"], outcome="superseded", note="See 2025.", next_check=later)
    state = world(guide, _snapshot(guide)).sources["trial-2020"]
    assert (state.due, state.status) == (later, "superseded")


@pytest.mark.parametrize(
    "path",
    [
        "/no-such/", "/guides/no-such/", "/guides/cold-therapy/no-such/", "/guides/heat/recovery/", "/about/no-such/",
        "/about/no-such", "//elsewhere.example/", "/admin/", "/accounts/login/", "/guides/heat/editions/99/",
        "/e/zzzzzzzz/", f"/images/{'ab' * 32}.webp",
    ],
)  # fmt: skip
def test_an_address_that_patients_cannot_open_does_not_resolve(guide, cast, path):
    builders.published(builders.guide(cast["author"], title="Heat", slug="heat"), cast)
    assert not _resolves(guide, path)


def test_a_guide_that_is_not_live_does_not_resolve(guide, cast):
    builders.guide(cast["author"], title="Heat", slug="heat")
    assert not _resolves(guide, "/guides/heat/")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/guides/", "/guides/cold-therapy/", "/guides/cold-therapy/preparation/", "/guides/cold-therapy/sources/",
        "/guides/cold-therapy/preparation/?x=1#y", "/guides/heat/", "/guides/heat/overview/",
        "/guides/heat/side-effects/",
        "/about/parking/", "/privacy/", "/guides/heat", "/static/css/site.css", "/guides/heat/editions/1/",
    ],
)  # fmt: skip
def test_an_address_that_will_answer_resolves(guide, cast, path):
    builders.published(builders.guide(cast["author"], title="Heat", slug="heat"), cast)
    for slug in ("parking", "privacy"):
        InformationPage(slug=slug, title=slug, markdown="Text.", position=0).save()
    assert _resolves(guide, path)


def test_an_address_that_a_page_had_before_resolves(guide, cast):
    page = guide.pages.get(kind=Page.Kind.PREPARATION)
    actions.save_page(page, by=cast["author"], base=None, title="Before", slug="before", markdown="Eat.")
    assert _resolves(guide, "/guides/cold-therapy/preparation/")


def test_a_former_address_of_a_guide_resolves_with_its_pages_and_that_of_a_removed_page_does_not(guide, cast):
    page = guide.pages.get(kind=Page.Kind.PREPARATION)
    actions.save_page(page, by=cast["author"], base=None, title="Before", slug="before", markdown="Eat.")
    guide = actions.save_guide(guide, by=cast["author"], slug="cool")
    for path in ("/guides/cold-therapy/", "/guides/cold-therapy/preparation/", "/guides/cold-therapy/before/"):
        assert _resolves(guide, path)
    actions.remove_page(page, by=cast["author"])
    for path in ("/guides/cold-therapy/preparation/", "/guides/cool/before/"):
        assert not _resolves(guide, path)


def test_a_removed_page_does_not_resolve(guide, cast):
    actions.remove_page(guide.pages.get(kind=Page.Kind.PREPARATION), by=cast["author"])
    assert not _resolves(guide, "/guides/cold-therapy/preparation/")


def test_the_clinic_s_own_numbers_are_known(guide):
    Clinic(pk=1, name="Harbor", phone="555-0100", email="us@clinic.example").save()
    assert world(guide, _snapshot(guide)).own_numbers == ("555-0100", "us@clinic.example")


def test_the_report_is_that_of_the_day_in_the_clinic_s_time(guide, time_machine):
    time_machine.move_to("2027-03-03T04:00:00Z", tick=False)
    assert str(world(guide, _snapshot(guide)).today) == str(timezone.localdate())


def test_an_example_guide_passes_with_nothing_to_mend(guide):
    _, _, findings = examine(guide, _snapshot(guide))
    assert [finding for finding in findings if finding.level != "I"] == []


def test_what_the_report_asks_the_database_does_not_grow_with_the_guide(guide, cast, django_assert_num_queries):
    snapshot = _snapshot(guide)
    with django_assert_num_queries(5):
        examine(guide, snapshot)
    for number in range(5):
        builders.source(f"more-{number}", title=f"More {number}")
        builders.page(guide, cast["author"], Page.Kind.OTHER, f"Text [@more-{number}].", slug=f"more-{number}")
    snapshot = _snapshot(guide)
    with django_assert_num_queries(5):
        examine(guide, snapshot)
