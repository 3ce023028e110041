"""Overview and evidence share the key facts: a page whose facts changed is never said to stand as it was."""

from __future__ import annotations

import pytest

from education.comparing import compared_pages, edition_texts
from education.models import Edition, Page
from tests import builders
from tests.education.example_entries import KEY_FACT

OTHER = {**KEY_FACT, "label": "Price", "headline": False}
CHANGED = {**OTHER, "value": "It costs more now."}


@pytest.fixture
def guide(cast):
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, "Cold cools.", entries=[KEY_FACT, OTHER])
    return guide


def _carried(edition: Edition) -> dict[str, bool]:
    return {page.slug: page.carried_over for page in edition.pages.all()}


def _next(guide, cast, *kinds: str) -> Edition:
    ticked = list(guide.pages.filter(kind__in=kinds).values_list("pk", flat=True))
    return builders.published(guide, cast, what_changed="Facts.", ticked=ticked)


def _changed(before: Edition, after: Edition) -> list[str]:
    return [one.title for one in compared_pages(edition_texts(before), edition_texts(after))]


def test_an_evidence_page_is_not_carried_over_when_the_overview_s_facts_change(guide, cast):
    builders.page(guide, cast["author"], Page.Kind.EVIDENCE, "How sure we are.")
    first = builders.published(guide, cast)
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, "Cold cools.", entries=[KEY_FACT, CHANGED])
    second = _next(guide, cast, Page.Kind.OVERVIEW)
    assert _carried(second) == {"overview": False, "side-effects": True, "preparation": True, "evidence": False}
    # The box of the overview shows what it showed; the fact that changed stands on the evidence page.
    assert _changed(first, second) == ["Evidence"]


def test_an_overview_is_not_carried_over_when_a_new_evidence_page_takes_its_facts(guide, cast):
    first = builders.published(guide, cast)
    builders.page(guide, cast["author"], Page.Kind.EVIDENCE, "How sure we are.")
    second = _next(guide, cast, Page.Kind.EVIDENCE)
    assert _carried(second)["overview"] is False
    assert _changed(first, second) == ["Overview", "Evidence"]


def test_both_are_carried_over_when_another_page_changes(guide, cast):
    builders.page(guide, cast["author"], Page.Kind.EVIDENCE, "How sure we are.")
    first = builders.published(guide, cast)
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat as usual. Drink water.")
    second = _next(guide, cast, Page.Kind.PREPARATION)
    assert [slug for slug, carried in _carried(second).items() if not carried] == ["preparation"]
    assert _changed(first, second) == ["Preparation"]


def test_who_wrote_what_is_not_taken_is_not_named(guide, cast):
    evidence = builders.page(guide, cast["author"], Page.Kind.EVIDENCE, "How sure we are.")
    builders.published(guide, cast)
    builders.write(guide, cast["colleague"], evidence.kind, "Another word.")
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, "Cold cools.", entries=[KEY_FACT, CHANGED])
    assert _next(guide, cast, Page.Kind.OVERVIEW).contributors == []
