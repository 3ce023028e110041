"""What the working copy would give as an edition, and how it stands to the live one."""

from __future__ import annotations

import pytest

from education import actions
from education.models import Edition, Guide, State, Term
from education.snapshot import SnapshotPage
from education.working_copy import (
    Change,
    assemble,
    fingerprint,
    library,
    live_edition,
    page_states,
    plan,
)
from tests import builders
from tests.education.whole_record import image, in_state


def _changes(guide: Guide) -> dict[str, Change]:
    return {state.page.slug: state.change for state in page_states(guide, live_edition(guide))}


def _planned(guide: Guide, *kinds: str) -> list[tuple[str, str, bool]]:
    live = live_edition(guide)
    ticked = list(guide.pages.filter(kind__in=kinds).values_list("pk", flat=True))
    planned = plan(page_states(guide, live), ticked, live)
    return [(one.content.slug, one.content.markdown, one.carried_over) for one in planned]


def _page(markdown: str, *entries: dict) -> SnapshotPage:
    return SnapshotPage("other", "other", "Other", markdown, entries)


def test_the_library_has_the_sources_of_entries(guide, cast):
    builders.source("a-survey", strength="survey")
    found = library([_page("No key.", {"kind": "benefit", "sources": ["a-survey", "no-such"]})])
    assert [source.key for source in found["sources"]] == ["a-survey"]


def test_unknown_keys_are_left_out_of_the_library(guide, cast):
    found = library([_page("[@no-such] [x](term:no-such) ![](image:no-such)"), _page("no key at all")])
    assert found == {"sources": (), "terms": (), "images": ()}


def test_the_library_is_what_the_texts_name_each_once_in_the_order_of_keys(guide, cast):
    builders.source("a-survey", strength="survey")
    builders.source("unused")
    image(cast["author"])
    texts = ["[@trial-2020] [@a-survey]", "![](image:cold-pack) [x](term:numbness)", "[@trial-2020]"]
    found = library([_page(text) for text in texts])
    assert [source.key for source in found["sources"]] == ["a-survey", "trial-2020"]
    assert [term.key for term in found["terms"]] == ["numbness"]
    assert [(one.key, one.width, one.height) for one in found["images"]] == [("cold-pack", 40, 30)]


def test_a_text_that_names_nothing_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        library([_page("Plain text.")])


@pytest.mark.parametrize("state", sorted(set(State) - {State.LIVE, State.SUPERSEDED}))
def test_an_edition_that_patients_do_not_read_is_not_the_live_one(guide, cast, state):
    in_state(state, guide, cast)
    assert live_edition(guide) is None


def test_the_live_edition_of_a_guide_is_its_own(guide, cast, live):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    assert live_edition(guide) == live
    assert live_edition(other) is None


def test_without_a_live_edition_every_page_is_new(guide):
    assert set(_changes(guide).values()) == {Change.NEW}


def test_after_publication_every_page_is_the_same_until_it_is_written(guide, cast, live):
    assert set(_changes(guide).values()) == {Change.SAME}
    builders.write(guide, cast["author"], "preparation", "New.")
    builders.page(guide, cast["author"], "recovery", "Rest.")
    actions.remove_page(guide.pages.get(kind="side-effects"), by=cast["author"])
    assert _changes(guide) == {
        "overview": Change.SAME,
        "preparation": Change.CHANGED,
        "recovery": Change.NEW,
        "side-effects": Change.REMOVED,
    }


@pytest.mark.parametrize("facts", [{"title": "Prepare"}, {"slug": "prepare"}, {"markdown": "New."}])
def test_another_title_address_or_text_is_a_change_and_the_way_back_is_none(guide, cast, live, facts):
    page = guide.pages.get(kind="preparation")
    old = {"title": page.title, "slug": page.slug, "markdown": page.markdown}
    actions.save_page(page, by=cast["author"], base=None, **{**old, **facts})
    assert Change.CHANGED in _changes(guide).values()
    actions.save_page(page, by=cast["author"], base=None, **old)
    assert set(_changes(guide).values()) == {Change.SAME}


def test_a_page_that_was_removed_and_never_live_is_no_longer_listed(guide, cast, live):
    page = builders.page(guide, cast["author"], "recovery", "Rest.")
    actions.remove_page(page, by=cast["author"])
    assert "recovery" not in _changes(guide)
    assert "recovery" not in [slug for slug, _, _ in _planned(guide, "recovery")]


def test_a_plan_takes_ticked_pages_from_today_and_all_others_from_the_live_edition(guide, cast, live):
    before = {page.slug: page.markdown for page in live.pages.all()}
    builders.write(guide, cast["author"], "overview", "New overview.")
    builders.write(guide, cast["author"], "preparation", "New preparation.")
    builders.page(guide, cast["author"], "recovery", "Rest.")
    actions.remove_page(guide.pages.get(kind="side-effects"), by=cast["author"])
    carried = ("side-effects", before["side-effects"], True)
    assert _planned(guide, "overview") == [
        ("overview", "New overview.", False), ("preparation", before["preparation"], True), carried,
    ]  # fmt: skip
    assert _planned(guide, "recovery", "side-effects") == [
        ("overview", before["overview"], True),
        ("preparation", before["preparation"], True),
        ("recovery", "Rest.", False),
    ]
    assert _planned(guide) == [
        ("overview", before["overview"], True),
        ("preparation", before["preparation"], True),
        carried,
    ]


def test_an_unchanged_page_that_is_ticked_is_not_called_carried_over(guide, cast, live):
    assert {carried for _, _, carried in _planned(guide, "overview", "preparation", "side-effects")} == {False}


def test_the_assembled_guide_has_todays_facts(guide, cast, live):
    actions.save_guide(guide, by=cast["author"], title="Ice", funding="The clinic.", language="es")
    snapshot = assemble(Guide.objects.get(), [])
    assert (snapshot.title, snapshot.funding, snapshot.language, snapshot.pages) == ("Ice", "The clinic.", "es", ())


def test_submitting_everything_gives_the_hash_of_the_working_copy(guide, cast):
    states = page_states(guide, None)
    snapshot = assemble(guide, [one.content for one in plan(states, [], None)])
    assert builders.submitted(guide, cast["author"]).content_hash == snapshot.content_hash()


def test_a_fingerprint_stays_while_nothing_changes_and_changes_with_what_is_named(guide, cast):
    seen = fingerprint(guide)
    builders.term("another", term="another")
    assert fingerprint(Guide.objects.get()) == seen
    term = Term.objects.get(key="numbness")
    term.plain_meaning = "Less feeling."
    actions.save_term(term, by=cast["author"])
    assert fingerprint(Guide.objects.get()) != seen


def test_a_fingerprint_does_not_mind_an_edition_that_is_not_live(guide, cast):
    seen = fingerprint(guide)
    edition = builders.approved(guide, cast)
    assert fingerprint(guide) == seen
    actions.publish(edition, by=cast["author"])
    assert fingerprint(guide) != seen
    assert Edition.objects.count() == 1
