"""Two people's changes to one text: put together where they do not touch, never silently where they do."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from education.differences import changes
from education.merging import Merged, Touch, merge, merge_values

LINES = st.sampled_from(["", "One.", "Two.", "Three.", "## Four"])
TEXTS = st.lists(LINES, max_size=10)
# Of a text in which no line comes twice, it is certain which line somebody changed.
NUMBERED = st.integers(1, 12).map(lambda length: [f"Line {number}" for number in range(length)])


def made(base: list[str], edits: dict[int, list[str]]) -> list[str]:
    """Return the text with some of its lines, by index, taken for others."""
    return [new for index, line in enumerate(base) for new in edits.get(index, [line])]


# Never silently


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "touches"),
    [
        ("a b c", "a X c", "a Y c", [Touch(1, 2)]),
        ("a b c", "a c", "a Y c", [Touch(1, 2)]),
        ("a b", "a X b", "a Y b", [Touch(1, 1)]),
        ("a b", "a b X", "a b Y", [Touch(2, 2)]),
        ("a b c d", "X d", "a Y c d", [Touch(0, 3)]),
        ("a b c d e", "X b c d Y", "P b c d Q", [Touch(0, 1), Touch(4, 5)]),
        ("a b c d", "X Y d", "a P c Q", [Touch(0, 3)]),
        ("a b", "X b", "Y Z b", [Touch(0, 1)]),
    ],
)
def test_what_both_changed_in_another_way_is_named_and_not_merged(base, theirs, mine, touches):
    texts = [one.split() for one in (base, theirs, mine)]
    assert merge(*texts) == Merged((), tuple(touches))


def test_two_first_texts_of_an_empty_page_touch():
    assert merge([], ["Mine."], ["Yours."]) == Merged((), (Touch(0, 0),))


def test_a_value_that_both_changed_is_nobody_s():
    assert merge_values("Title", "Their title", "My title") is None


@given(NUMBERED, st.data())
def test_a_line_that_both_changed_is_never_merged(base, data):
    where = data.draw(st.integers(0, len(base) - 1))
    theirs, mine = made(base, {where: ["Theirs"]}), made(base, {where: ["Mine"]})
    assert merge(base, theirs, mine).touches == (Touch(where, where + 1),)


@given(TEXTS, TEXTS, TEXTS)
def test_every_row_that_somebody_put_in_is_in_what_is_merged(base, theirs, mine):
    merged = merge(base, theirs, mine)
    assume(not merged.touches)
    for side in (theirs, mine):
        for change in changes(base, side):
            assert set(change.rows) <= set(merged.rows)


# Put together


@given(TEXTS, TEXTS)
def test_with_a_side_that_changed_nothing_the_other_is_the_answer(base, changed):
    assert merge(base, changed, base) == merge(base, base, changed) == Merged(tuple(changed))


@given(TEXTS, TEXTS)
def test_the_same_change_by_both_is_made_once(base, changed):
    assert merge(base, changed, changed) == Merged(tuple(changed))


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_was_first(base, theirs, mine):
    assert merge(base, theirs, mine) == merge(base, mine, theirs)


@given(NUMBERED, st.data())
def test_changes_of_different_lines_are_both_made(base, data):
    lines = st.sets(st.integers(0, len(base) - 1))
    first = data.draw(lines)
    second = data.draw(lines) - first
    kept = st.sampled_from([[], ["New"]])
    theirs = {index: data.draw(kept) for index in first}
    mine = {index: data.draw(kept) for index in second}
    merged = merge(base, made(base, theirs), made(base, mine))
    assert merged.touches == ()
    assert list(merged.rows) == made(base, {**theirs, **mine})


@given(TEXTS, TEXTS)
def test_the_changes_of_a_text_make_it(old, new):
    assert list(merge(old, new, old).rows) == new
    ends = [0, *(one.end for one in changes(old, new))]
    assert all(one.start >= end for one, end in zip(changes(old, new), ends, strict=False))


def test_a_line_put_in_before_one_that_the_other_changed_stays_before_it():
    merged = merge(["a", "b"], ["a", "new", "b"], ["a", "B"])
    assert merged == Merged(("a", "new", "B"))


def test_a_value_is_that_of_whoever_changed_it():
    assert merge_values("Title", "Their title", "Title") == "Their title"
    assert merge_values("Title", "Title", "My title") == "My title"
    assert merge_values("Title", "Same", "Same") == "Same"


def test_texts_that_would_take_too_long_to_compare_touch_as_wholes():
    base = ["x"] * 4000
    theirs, mine = ["y", *base[1:-1], "y"], ["z", *base[1:-1], "z"]
    assert merge(base, theirs, mine) == Merged((), (Touch(0, 4000),))
