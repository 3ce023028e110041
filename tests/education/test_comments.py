"""A reviewer's comments: which are to be worked on, where each stands today, what the next edition keeps of them."""

from __future__ import annotations

import pytest

from education import actions
from education.comments import (
    ENTRY_GONE,
    PAGE_REMOVED,
    WORDS_CHANGED,
    Place,
    answered,
    comments_of,
    place_of,
    placed,
)
from education.models import Guide, Page
from tests import builders
from tests.education.commented import BRUISES, NAUSEA, TEXT, comment, of_three_kinds, returned, written


def words_of(guide: Guide) -> list[str]:
    found = comments_of(guide)
    return [one.said["words"] for one in found.comments] if found else []


def places(guide: Guide) -> list[Place]:
    found = comments_of(guide)
    assert found
    return [one.place for one in placed(found)]


def changed(guide: Guide, cast, markdown: str, entries=(BRUISES, NAUSEA)) -> None:
    builders.write(guide, cast["author"], "side-effects", markdown, entries=entries)


# Which


def test_a_guide_without_an_edition_has_none(guide):
    assert comments_of(guide) is None


def test_an_edition_in_review_has_none_and_hides_those_before(guide, cast):
    returned(guide, cast)
    builders.submitted(guide, cast["author"], "Again.")
    assert comments_of(guide) is None


def test_a_return_without_comments_has_none(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    actions.give_back(edition, by=cast["reviewer"], note="Shorter, please.")
    assert comments_of(guide) is None


def test_a_newer_edition_that_was_judged_without_comments_ends_the_work_on_those_before(guide, cast):
    returned(guide, cast)
    builders.approved(guide, cast, what_changed="Again.")
    assert comments_of(guide) is None


def test_another_guide_s_comments_are_not_its_own(guide, cast):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    returned(other, cast)
    assert comments_of(guide) is None


def test_after_a_return_and_after_an_approval_they_are_to_be_worked_on(guide, cast):
    review = returned(guide, cast, {"words": "Shorter."})
    assert words_of(guide) == ["Shorter."]
    edition = builders.submitted(guide, cast["author"], "Shorter.")
    actions.approve(
        edition, by=cast["reviewer"], judged=edition.content_hash, comments=[comment(edition, words="Next time.")]
    )
    found = comments_of(guide)
    assert found
    assert (found.edition, found.review.made_by_name) == (edition, "Rae Reviewer")
    assert found.review.pk != review.pk
    assert words_of(guide) == ["Next time."]


def test_of_several_reviews_of_an_edition_the_latest_with_comments_counts(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    judged = {"by": cast["reviewer"], "judged": edition.content_hash}
    actions.approve(edition, **judged, comments=[comment(edition, words="First.")])
    actions.publish(edition, by=cast["author"])
    actions.confirm(edition, **judged, comments=[comment(edition, words="Second.")])
    assert words_of(guide) == ["Second."]
    actions.confirm(edition, **judged)
    assert words_of(guide) == ["Second."]


def test_a_live_edition_that_is_confirmed_after_a_newer_one_was_returned_has_its_comments_heard(guide, cast):
    live = builders.published(guide, cast)
    builders.write(guide, cast["author"], "preparation", "Other.")
    edition = builders.submitted(guide, cast["author"], "Again.")
    actions.give_back(edition, by=cast["reviewer"], note="No.")
    actions.confirm(live, by=cast["reviewer"], judged=live.content_hash, comments=[comment(live, words="Of the live.")])
    assert words_of(guide) == ["Of the live."]


def test_taking_an_edition_back_brings_the_comments_back_with_their_answers(guide, cast):
    review = returned(guide, cast)
    actions.reply_to_comment(review, 1, by=cast["author"], words="Two days.")
    actions.take_back(builders.submitted(guide, cast["author"], "Again."), by=cast["author"])
    found = comments_of(guide)
    assert found
    assert found.comments[0].answer == "Two days."


# Where


def test_each_comment_stands_at_its_line_its_entry_or_the_whole_guide(guide, cast):
    of_three_kinds(guide, cast)
    assert places(guide) == [Place(line=5), Place(entry=2), Place()]


@pytest.mark.parametrize(
    ("markdown", "place"),
    [
        (f"New.\n\n{TEXT}", Place(line=7)),
        (TEXT.replace("numbness", "weakness"), Place(line=3, changed=WORDS_CHANGED)),
        (TEXT.replace("numbness", "weakness").replace("## Bruises", "## Blue"), Place(changed=WORDS_CHANGED)),
        ("", Place(changed=WORDS_CHANGED)),
    ],
)
def test_words_are_found_where_they_went_or_else_the_heading_or_are_said_to_have_changed(guide, cast, markdown, place):
    written(guide, cast["author"])
    returned(guide, cast, {"line": 3, "quote": "You can get numbness"})
    changed(guide, cast, markdown)
    assert places(guide) == [place]


def test_a_line_without_copied_words_is_found_by_what_it_said(guide, cast):
    written(guide, cast["author"])
    returned(guide, cast, {"line": 7}, {"line": 1})
    changed(guide, cast, "It goes.\n\nOther.")
    assert places(guide) == [Place(line=1), Place(changed=WORDS_CHANGED)]


def test_of_the_same_words_twice_the_nearest_to_the_old_line_is_meant():
    said = {"entry": None, "line": 4, "quote": "by hand"}
    assert place_of(said, None, "by hand\n\nx\n\nx by hand\n\nby hand", []).line == 5


def test_copied_words_may_run_over_lines_and_their_blanks_do_not_count():
    said = {"entry": None, "line": 1, "quote": "the  skin\nis cold"}
    assert place_of(said, None, "First.\n\nWhen the skin is\ncold, stop.", []).line == 3


@pytest.mark.parametrize(
    "quote",
    [
        "It hurts on the day. It goes in a week.",
        "It hurts on the day . It goes",
        "hurts on the day Source [1]. It goes in a week [12].",
        "It hurts on…",
        "Bruises 72 in 100",
    ],
)
def test_what_a_reader_sees_of_citations_and_tables_does_not_hide_the_words(quote):
    markdown = "First.\n\n| Bruises | 72 in 100 |\nIt hurts on the day [@a]. It *goes* in a week [@b] [@c]."
    said = {"entry": None, "line": 1, "quote": quote}
    assert place_of(said, None, markdown, []).line == (3 if "72" in quote else 4)


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ([NAUSEA, BRUISES], Place(entry=1)),
        ([BRUISES, {**NAUSEA, "duration": "2 days"}], Place(entry=2)),
        ([BRUISES], Place(changed=ENTRY_GONE)),
    ],
)
def test_an_entry_is_followed_where_it_went_or_is_gone(guide, cast, entries, place):
    written(guide, cast["author"])
    returned(guide, cast, {"entry": 2})
    changed(guide, cast, TEXT, entries)
    assert places(guide) == [place]


def test_a_page_that_was_removed_since_is_said(guide, cast):
    returned(guide, cast, {"quote": "numbness"})
    actions.remove_page(guide.pages.get(kind=Page.Kind.SIDE_EFFECTS), by=cast["author"])
    assert places(guide) == [Place(changed=PAGE_REMOVED)]


# What is kept


def test_without_comments_nothing_is_kept():
    assert answered(None) == []


def test_the_next_edition_keeps_the_comments_with_what_was_answered(guide, cast):
    review = of_three_kinds(guide, cast)
    actions.reply_to_comment(review, 1, by=cast["author"], done=True)
    actions.reply_to_comment(review, 2, by=cast["colleague"], words="The trial says so.")
    edition = builders.submitted(guide, cast["author"], "Again.")
    edition.refresh_from_db()
    kept = edition.answered_comments
    assert [(one["done"], one["reply"], one["replied_by"]) for one in kept] == [
        (True, "", "Ada Author"),
        (False, "The trial says so.", "Cleo Colleague"),
        (False, "", ""),
    ]
    assert {(one["by"], one["edition"]) for one in kept} == {("Rae Reviewer", 1)}
    assert [{name: one[name] for name in review.comments[0]} for one in kept] == review.comments


def test_comments_and_answers_do_not_touch_the_content_hash(guide, cast):
    review = returned(guide, cast)
    actions.reply_to_comment(review, 1, by=cast["author"], done=True)
    edition = builders.submitted(guide, cast["author"], "Again.")
    assert edition.answered_comments
    assert edition.content_hash == review.content_hash
