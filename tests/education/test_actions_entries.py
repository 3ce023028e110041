"""Writing entries: what is refused and where, and that all of them are kept with the page's text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education import actions
from education.actions import EntryRefused
from education.models import ENTRY_MODELS, Page, PageVersion
from education.working_copy import entries_of
from tests import builders
from tests.education.example_entries import BENEFIT, CARE_STEP, KEY_FACT, ON_PAGE, SIDE_EFFECT


@pytest.fixture
def guide(cast):
    return builders.guide(cast["author"])


def _page(guide, cast, kind: str) -> Page:
    return guide.pages.filter(kind=kind).first() or builders.page(guide, cast["author"], kind, "Text.")


def _save(page: Page, by, *entries: dict, **facts) -> PageVersion:
    facts = {"base": None, "title": page.title, "slug": page.slug, "markdown": page.markdown, **facts}
    return actions.save_page(page, by=by, entries=entries, **facts)


def _refusal(page: Page, by, *entries: dict) -> tuple[int, str, str]:
    with pytest.raises(EntryRefused) as refused:
        _save(page, by, *entries)
    return refused.value.number, refused.value.field, str(refused.value)


def test_a_page_of_a_kind_without_entries_takes_none(guide, cast):
    number, _, message = _refusal(_page(guide, cast, "results"), cast["author"], BENEFIT)
    assert number == 1
    assert "has no entries" in message


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("overview", {"label": " "}, "label"),
        ("overview", {"value": "x" * 401}, "value"),
        ("benefits", {"claim": ""}, "claim"),
        ("benefits", {"evidence": ""}, "evidence"),
        ("benefits", {"evidence": "certain"}, "evidence"),
        ("side-effects", {"name": ""}, "name"),
        ("side-effects", {"frequency": "often"}, "frequency"),
        ("contraindications", {"advice": ""}, "advice"),
        ("contraindications", {"why": "\n"}, "why"),
        ("contraindications", {"question": ""}, "question"),
        ("preparation", {"text": ""}, "text"),
        ("preparation", {"from_day": -366}, "from_day"),
        ("preparation", {"from_day": 2, "to_day": 1}, "to_day"),
        ("preparation", {"to_day": 731}, "to_day"),
        ("preparation", {"from_day": 99999}, "from_day"),
        ("questions", {"answer": ""}, "answer"),
        ("benefits", {"sources": ["no-such"]}, "sources"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused_with_its_number_and_field(guide, cast, kind, change, field):
    page = _page(guide, cast, kind)
    good = ON_PAGE[kind]
    found = _refusal(page, cast["author"], good, {**good, **change})
    assert found[:2] == (2, field)
    assert entries_of([page])[page.pk] == ()


def test_a_day_must_be_said(guide, cast):
    step = {name: value for name, value in CARE_STEP.items() if name not in ("from_day", "to_day")}
    assert _refusal(_page(guide, cast, "preparation"), cast["author"], step)[:2] == (1, "from_day")


def test_an_eighth_fact_does_not_go_into_the_box(guide, cast):
    facts = [{**KEY_FACT, "label": f"Fact {number}"} for number in range(8)]
    assert _refusal(_page(guide, cast, "overview"), cast["author"], *facts)[:2] == (8, "headline")
    _save(_page(guide, cast, "overview"), cast["author"], *facts[:7], {**facts[7], "headline": False})


def test_more_than_a_page_can_hold_is_refused(guide, cast):
    number, _, message = _refusal(_page(guide, cast, "overview"), cast["author"], *[KEY_FACT] * 101)
    assert number == 101
    assert "100" in message


def test_a_refusal_leaves_text_and_entries_as_they_were(guide, cast):
    page = _page(guide, cast, "benefits")
    _save(page, cast["author"], BENEFIT)
    with pytest.raises(EntryRefused):
        _save(page, cast["author"], {**BENEFIT, "claim": ""}, markdown="New.")
    page.refresh_from_db()
    assert page.markdown == "Text."
    assert entries_of([page])[page.pk][0]["claim"] == "Less pain"


@pytest.mark.parametrize("kind", ON_PAGE)
def test_every_kind_is_kept_on_its_page_as_an_edition_would_have_it(guide, cast, kind):
    page = _page(guide, cast, kind)
    version = _save(page, cast["author"], ON_PAGE[kind])
    kept = entries_of([page])[page.pk]
    assert kept == tuple(version.entries)
    assert {name: kept[0][name] for name in ON_PAGE[kind]} == ON_PAGE[kind]


def test_the_order_is_the_one_given_and_texts_are_canonical(guide, cast):
    page = _page(guide, cast, "benefits")
    _save(page, cast["author"], {**BENEFIT, "claim": "  B\r\n"}, {**BENEFIT, "claim": "A\u0308"})
    assert [entry["claim"] for entry in entries_of([page])[page.pk]] == ["B", "\u00c4"]


def test_saving_without_entries_leaves_them(guide, cast):
    page = _page(guide, cast, "benefits")
    _save(page, cast["author"], BENEFIT)
    builders.write(guide, cast["author"], "benefits", "New.")
    assert len(entries_of([page])[page.pk]) == 1
    assert page.versions.first().entries[0]["claim"] == "Less pain"


def test_a_changed_entry_is_a_new_version_and_the_same_again_is_none(guide, cast):
    page = _page(guide, cast, "side-effects")
    first = _save(page, cast["author"], SIDE_EFFECT)
    assert _save(page, cast["author"], SIDE_EFFECT) == first
    second = _save(page, cast["author"], {**SIDE_EFFECT, "duration": "A day"})
    assert second.pk > first.pk
    assert ENTRY_MODELS["side-effect"].objects.filter(page=page).count() == 1


def test_a_colleague_s_entries_are_not_overwritten_unseen(guide, cast):
    page = _page(guide, cast, "benefits")
    base = page.versions.first().pk
    _save(page, cast["colleague"], BENEFIT)
    with pytest.raises(actions.EditConflict):
        _save(page, cast["author"], {**BENEFIT, "claim": "Mine"}, base=base)


def test_entries_of_pages_cost_two_queries_for_each_kind(guide, cast, django_assert_num_queries):
    pages = [_page(guide, cast, kind) for kind in ("benefits", "preparation", "recovery", "results")]
    for page in pages[:3]:
        _save(page, cast["author"], *[ON_PAGE[page.kind]] * 3)
    with django_assert_num_queries(4):
        assert [len(rows) for rows in entries_of(pages).values()] == [3, 3, 3, 0]


def test_saving_a_hundred_entries_costs_no_more_queries_than_saving_two(guide, cast):
    def queries(count: int) -> int:
        page = _page(guide, cast, "benefits")
        rows = [{**BENEFIT, "claim": f"Claim {count} {number}"} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            _save(page, cast["author"], *rows)
        return len(captured)

    queries(2)
    assert queries(100) == queries(3)
