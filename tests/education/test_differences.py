"""What changed between two texts, and between two sets of pages."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from education.differences import (
    Block,
    Gap,
    PageText,
    Piece,
    collapsed,
    has_changes,
    page_differences,
    text_differences,
)

WORDS = st.sampled_from(["you", "may", "bruise", "swelling", "3", "7", "days", " ", "  ", "\t", "", "é"])
LINES = st.lists(WORDS, max_size=8).map(" ".join)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


def same(line: str) -> Block:
    return Block("same", (Piece("same", line),))


def added(line: str) -> Block:
    return Block("added", (Piece("added", line),))


def removed(line: str) -> Block:
    return Block("removed", (Piece("removed", line),))


def side(blocks: Sequence[Block], kept: str, other: str) -> str:
    """One of the two texts, put together again from the differences."""
    lines = (
        "".join(piece.text for piece in block.pieces if piece.kind != other) for block in blocks if block.kind != other
    )
    assert all(piece.kind in ("same", kept, other) for block in blocks for piece in block.pieces)
    return "\n".join(lines)


def page(key: str, markdown: str = "Text", title: str = "Title", slug: str = "slug") -> PageText:
    return PageText(key, title, slug, markdown)


def test_equal_texts_have_no_changes():
    blocks = text_differences("One\n\nTwo", "One\n\nTwo")

    assert blocks == (same("One"), same(""), same("Two"))
    assert not has_changes(blocks)


def test_a_changed_line_is_told_word_by_word():
    blocks = text_differences("Swelling lasts 3 days.", "Swelling lasts 7 days.")

    pieces = (
        Piece("same", "Swelling lasts "),
        Piece("removed", "3"),
        Piece("added", "7"),
        Piece("same", " days."),
    )
    assert blocks == (Block("changed", pieces),)
    assert has_changes(blocks)


def test_a_line_that_came_before_a_changed_one_is_not_mistaken_for_it():
    blocks = text_differences("Swelling lasts about 3 days.", "You may bruise.\nSwelling lasts about 7 days.")

    assert [block.kind for block in blocks] == ["added", "changed"]


def test_lines_with_hardly_a_word_in_common_are_told_apart_as_wholes():
    old, new = "The skin may bruise for a week.", "Call the clinic when you have a fever."

    assert text_differences(old, new) == (removed(old), added(new))


def test_white_space_that_changed_is_a_change():
    assert has_changes(text_differences("One two", "One  two"))
    assert has_changes(text_differences("One", "One "))
    assert has_changes(text_differences("One", "One\n"))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(old, new):
    blocks = text_differences(old, new)

    assert side(blocks, "removed", "added") == old
    assert side(blocks, "added", "removed") == new


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_put_together_again(old, new):
    blocks = text_differences(old, new)

    assert side(blocks, "removed", "added") == old
    assert side(blocks, "added", "removed") == new
    assert has_changes(blocks) == (old != new)


def test_texts_beyond_the_limits_can_be_put_together_again():
    # Each of these would take minutes without its limit: many equal lines, many equal words, many unlike lines.
    pairs = [
        ("a\nb\n" * 15_000, "b\nb\na\n" * 10_000),
        ("a b " * 15_000, "b b a " * 10_000),
        ("".join(f"old {n}\n" for n in range(5_000)), "".join(f"new {n}\n" for n in range(5_000))),
        ("a\n" * 30_000, "a\n" * 30_000),
    ]
    for old, new in pairs:
        blocks = text_differences(old, new)
        assert side(blocks, "removed", "added") == old
        assert side(blocks, "added", "removed") == new


def test_unchanged_lines_away_from_a_change_become_a_gap():
    blocks = text_differences("1\n2\n3\n4\nold\n6\n7", "1\n2\n3\n4\nnew\n6\n7")

    expected = (Gap(3), same("4"), removed("old"), added("new"), same("6"), Gap(1))
    assert collapsed(blocks) == expected
    assert collapsed(blocks, context=0) == (Gap(4), removed("old"), added("new"), Gap(2))


def test_texts_without_a_change_are_one_gap():
    assert collapsed(text_differences("1\n2", "1\n2")) == (Gap(2),)


def test_pages_come_in_the_new_order_and_removed_ones_where_they_stood():
    old = [page("a"), page("b"), page("c"), page("d")]
    new = [page("d"), page("a"), page("new"), page("c", "Another text")]

    found = page_differences(old, new)

    assert [(item.kind, (item.new or item.old).key) for item in found] == [
        ("same", "d"),
        ("same", "a"),
        ("removed", "b"),
        ("added", "new"),
        ("changed", "c"),
    ]


def test_removed_first_pages_stand_first():
    found = page_differences([page("a"), page("b"), page("c")], [page("c")])

    assert [item.kind for item in found] == ["removed", "removed", "same"]
    assert [(item.new or item.old).key for item in found] == ["a", "b", "c"]


def test_a_new_title_or_address_is_a_change_although_the_text_is_the_same():
    retitled = page_differences([page("a", title="Old")], [page("a", title="New")])[0]
    moved = page_differences([page("a", slug="old")], [page("a", slug="new")])[0]

    assert (retitled.kind, retitled.title_changed, retitled.slug_changed) == ("changed", True, False)
    assert (moved.kind, moved.title_changed, moved.slug_changed) == ("changed", False, True)
    assert not has_changes(moved.blocks)


def test_an_added_page_is_added_line_by_line():
    found = page_differences([], [page("a", "One\nTwo")])[0]

    assert found.blocks == (added("One"), added("Two"))
    assert not found.title_changed
