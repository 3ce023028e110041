"""Where a guide leads to its self-check and its plan: from the pages they are made of, and to none that is empty."""

from __future__ import annotations

import pytest

from education.admin.previews import preview_of_edition
from education.models import Page
from education.patient_tools import with_checks
from tests import builders
from tests.education import sourced, tooled
from tests.education.test_views_guides import CLINIC
from tests.html import get, page

Kind = Page.Kind
GUIDE = "/guides/cold-therapy/"
CHECK, PLAN = f"{GUIDE}check/", f"{GUIDE}plan/"


def leads_to(client, path: str) -> set[str]:
    return {CHECK, PLAN} & {href for href, _ in page(get(client, path)).links}


@pytest.fixture
def whole(cast):
    """A guide that has every page from which somebody may be led."""
    guide = tooled.guide(cast)
    builders.page(guide, cast["author"], Kind.WHAT_HAPPENS, "We cool the skin.", entries=[tooled.BEFORE])
    builders.page(guide, cast["author"], Kind.EVIDENCE, "There is one trial.")
    return sourced.published(guide, cast)


@pytest.mark.parametrize(
    ("rest", "tools"),
    [
        ("", {CHECK, PLAN}),
        ("contraindications/", {CHECK}),
        ("preparation/", {PLAN}),
        ("what-happens/", {PLAN}),
        ("recovery/", {PLAN}),
        ("all/", {CHECK, PLAN}),
        # These have no byte to spare, and an edition of the record has no tools of its own.
        ("side-effects/", set()),
        ("evidence/", set()),
        ("editions/1/", set()),
    ],
)
def test_a_page_leads_to_what_is_made_of_it(client, whole, rest, tools):
    assert leads_to(client, f"{GUIDE}{rest}") == tools


def test_a_guide_with_questions_alone_leads_to_no_plan(client, guide, cast):
    builders.page(guide, cast["author"], Kind.CONTRAINDICATIONS, "Who should wait.", entries=[tooled.TELL_US])
    builders.page(guide, cast["author"], Kind.RECOVERY, "Rest.")
    sourced.published(guide, cast)
    assert leads_to(client, GUIDE) == {CHECK}
    assert leads_to(client, f"{GUIDE}recovery/") == set()


def test_a_guide_with_steps_alone_leads_to_no_check(client, guide, cast):
    builders.page(guide, cast["author"], Kind.CONTRAINDICATIONS, "Who should wait.")
    builders.page(guide, cast["author"], Kind.RECOVERY, "Rest.", entries=[tooled.AFTER])
    sourced.published(guide, cast)
    assert leads_to(client, GUIDE) == {PLAN}
    assert leads_to(client, f"{GUIDE}contraindications/") == set()
    assert with_checks() == []


def test_a_page_without_an_entry_leads_to_the_plan_that_other_pages_fill(client, guide, cast):
    builders.page(guide, cast["author"], Kind.RECOVERY, "Rest.", entries=[tooled.AFTER])
    builders.page(guide, cast["author"], Kind.WHAT_HAPPENS, "We cool the skin.")
    sourced.published(guide, cast)
    assert leads_to(client, f"{GUIDE}what-happens/") == {PLAN}


def test_a_preview_leads_to_no_tool_of_the_live_edition(whole, cast):
    shown = str(preview_of_edition(whole))
    assert CHECK not in shown
    assert PLAN not in shown


@pytest.mark.parametrize(
    ("rest", "queries"),
    [("", 5), ("contraindications/", 5), ("what-happens/", 5), ("evidence/", 5)],
)
@pytest.mark.parametrize("more", [0, 30])
def test_leading_to_a_tool_costs_no_query_however_much_there_is(
    client, whole, cast, rest, queries, more, django_assert_num_queries
):
    if more:
        steps = [{**tooled.AFTER, "to_day": number + 1} for number in range(more)]
        builders.write(whole.guide, cast["author"], Kind.RECOVERY, tooled.SIGNS, steps)
        sourced.published(whole.guide, cast, "More.")
    with django_assert_num_queries(queries + CLINIC):
        get(client, f"{GUIDE}{rest}")
