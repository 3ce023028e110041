"""What an edition takes from today and what from the live edition, and who is named for it."""

from __future__ import annotations

from education import actions
from education.models import Edition, Guide
from tests import builders


def _page(guide: Guide, kind: str):
    return guide.pages.get(kind=kind)


def _texts(edition: Edition) -> dict[str, str]:
    return {page.slug: page.markdown for page in edition.pages.all()}


# Ticked and carried over


def test_a_page_that_is_not_ticked_is_carried_over_whole(guide, cast, live):
    author = cast["author"]
    preparation = _page(guide, "preparation")
    actions.save_page(preparation, by=author, base=None, title="Prepare", slug="prepare", markdown="New.")
    builders.write(guide, author, "side-effects", "Also new.")
    edition = builders.submitted(guide, author, "One page.", ticked=[_page(guide, "side-effects").pk])
    kept = edition.pages.get(page=preparation)
    before = live.pages.get(page=preparation)
    assert (kept.title, kept.slug, kept.kind) == (before.title, before.slug, before.kind)
    assert (kept.markdown, kept.entries) == (before.markdown, before.entries)
    assert kept.carried_over
    changed = edition.pages.get(kind="side-effects")
    assert (changed.markdown, changed.carried_over) == ("Also new.", False)
    assert preparation.versions.first().markdown == "New."


def test_nothing_ticked_means_none_and_not_saying_means_all(guide, cast, live):
    builders.write(guide, cast["author"], "side-effects", "New.")
    builders.write(guide, cast["author"], "preparation", "New too.")
    actions.save_guide(guide, by=cast["author"], summary="Other.")
    none = builders.submitted(guide, cast["author"], "Summary.", ticked=[])
    assert all(page.carried_over for page in none.pages.all())
    assert none.summary == "Other."
    actions.take_back(none, by=cast["author"])
    every = builders.submitted(guide, cast["author"], "All.")
    assert (_texts(every)["side-effects"], _texts(every)["preparation"]) == ("New.", "New too.")


def test_a_carried_over_page_is_the_one_that_is_live_and_not_the_last_that_was_submitted(guide, cast, live):
    builders.write(guide, cast["author"], "side-effects", "Returned text.")
    returned = builders.submitted(guide, cast["author"], "Try.")
    actions.give_back(returned, by=cast["reviewer"], note="No.")
    builders.write(guide, cast["author"], "preparation", "Good text.")
    edition = builders.submitted(guide, cast["author"], "Again.", ticked=[_page(guide, "preparation").pk])
    assert _texts(edition)["side-effects"] == _texts(live)["side-effects"]


def test_a_removed_page_stays_until_its_removal_is_ticked(guide, cast, live):
    page = _page(guide, "preparation")
    actions.remove_page(page, by=cast["author"])
    builders.write(guide, cast["author"], "side-effects", "New.")
    edition = builders.submitted(guide, cast["author"], "One.", ticked=[_page(guide, "side-effects").pk])
    assert "preparation" in _texts(edition)
    actions.take_back(edition, by=cast["author"])
    edition = builders.submitted(guide, cast["author"], "Both.", ticked=[_page(guide, "side-effects").pk, page.pk])
    assert "preparation" not in _texts(edition)


def test_a_new_page_that_is_not_ticked_is_left_out(guide, cast, live):
    builders.page(guide, cast["author"], "recovery", "Rest.")
    builders.write(guide, cast["author"], "side-effects", "New.")
    edition = builders.submitted(guide, cast["author"], "One.", ticked=[_page(guide, "side-effects").pk])
    assert "recovery" not in _texts(edition)
    assert [page.position for page in edition.pages.all()] == [0, 1, 2]


def test_unknown_ticked_ids_and_pages_of_other_guides_are_passed_over(guide, cast, live):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.write(guide, cast["author"], "side-effects", "New.")
    ticked = [_page(guide, "side-effects").pk, 0, -1, 10**12, other.pages.get(kind="overview").pk]
    edition = builders.submitted(guide, cast["author"], "One.", ticked=ticked)
    assert {page.page.guide for page in edition.pages.all()} == {guide}
    assert _texts(edition)["side-effects"] == "New."


def test_a_mere_change_of_order_is_a_change(guide, cast, live):
    actions.move_page(_page(guide, "side-effects"), by=cast["author"], up=True)
    edition = builders.submitted(guide, cast["author"], "Order.", ticked=[])
    assert list(_texts(edition)) == ["overview", "side-effects", "preparation"]


def test_after_a_withdrawal_every_page_is_meant_again(guide, cast, live):
    builders.write(guide, cast["author"], "side-effects", "Right dose.")
    actions.withdraw(live, by=cast["author"], reason="Wrong dose.")
    edition = builders.submitted(guide, cast["author"], "The dose.", ticked=[])
    assert _texts(edition)["side-effects"] == "Right dose."
    assert not any(page.carried_over for page in edition.pages.all())


# Contributors


def test_whoever_else_changed_a_submitted_text_since_the_live_edition_is_named_once(guide, cast, live):
    builders.write(guide, cast["colleague"], "side-effects", "By Cleo.")
    builders.write(guide, cast["colleague"], "preparation", "By Cleo too.")
    builders.write(guide, cast["owner"], "side-effects", "By Olu.")
    builders.write(guide, cast["author"], "side-effects", "By Ada.")
    edition = builders.submitted(guide, cast["author"], "All.")
    named = sorted(edition.contributors, key=lambda one: one["name"])
    assert named == [{"name": "Cleo Colleague", "role": "Editors"}, {"name": "Olu Owner", "role": "Owner"}]


def test_nobody_is_named_for_a_text_that_is_not_in_the_edition_or_was_live_already(guide, cast):
    for kind in ("overview", "side-effects"):
        builders.write(guide, cast["colleague"], kind, "By Cleo, in edition 1.")
    builders.published(guide, cast)
    builders.write(guide, cast["colleague"], "preparation", "By Cleo, not ticked.")
    builders.write(guide, cast["author"], "side-effects", "By Ada.")
    edition = builders.submitted(guide, cast["author"], "One.", ticked=[_page(guide, "side-effects").pk])
    assert edition.contributors == []


def test_of_a_first_edition_everybody_else_who_wrote_is_named(guide, cast):
    builders.write(guide, cast["colleague"], "overview", "By Cleo.")
    assert builders.submitted(guide, cast["author"]).contributors == [{"name": "Cleo Colleague", "role": "Editors"}]
