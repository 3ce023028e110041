"""Words that guides do not have: those of patients, and those with a letter or a space wrong."""

from __future__ import annotations

import pytest

from education import actions
from education.models import Synonym
from education.rules import NotPermitted
from education.searching import find
from education.searching.misspelling import one_letter_apart
from tests import builders
from tests.education.test_searching import titles, writing


def test_a_word_that_patients_use_finds_what_the_guides_say(guide, cast):
    writing(guide, cast, "Bruising is common. A local anesthetic is used.")
    builders.published(guide, cast)
    assert find("black and blue").hits == ()
    for everyday, medical in (("black and blue", "bruise"), ("freezing", "local anesthetic")):
        actions.save_synonym(Synonym(everyday=everyday, medical=medical), by=cast["author"])
    assert titles("Black and Blue?") == titles("freezing") == ["Side effects"]
    assert titles("freezings") == ["Side effects"]
    assert not find("black and blue").some


def test_only_editors_write_the_table_and_each_pair_stands_in_it_once(cast):
    with pytest.raises(NotPermitted):
        actions.save_synonym(Synonym(everyday="a", medical="b"), by=cast["reviewer"])
    kept = actions.save_synonym(Synonym(everyday="Jabs", medical="injection"), by=cast["author"])
    with pytest.raises(actions.Refused, match="already"):
        actions.save_synonym(Synonym(everyday="jab", medical="Injection"), by=cast["author"])
    for everyday, medical, field in (("!", "b", "everyday"), ("a", "?", "medical"), ("a b c d e f", "g", "everyday")):
        with pytest.raises(actions.Refused) as refusal:
            actions.save_synonym(Synonym(everyday=everyday, medical=medical), by=cast["author"])
        assert refusal.value.field == field
    with pytest.raises(NotPermitted):
        actions.remove_synonym(kept, by=cast["reviewer"])
    actions.remove_synonym(kept, by=cast["author"])
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("typed", ["blistres", "blisers", "bliksters", "blasters", "lbisters", "blistern"])
def test_one_letter_wrong_missing_too_many_or_out_of_place_is_put_right(guide, cast, typed):
    writing(guide, cast, "You can get blisters.")
    builders.published(guide, cast)
    found = find(typed)
    assert found.instead == "blisters"
    assert len(found.hits) == 1


def test_a_typing_error_in_a_form_that_the_texts_do_not_have_is_put_right_too(guide, cast):
    writing(guide, cast, "You can get bruises.")
    builders.published(guide, cast)
    assert find("bruisng").instead == find("brusing").instead == "bruises"


@pytest.mark.parametrize(
    ("typed", "instead"),
    [("frost bite", "frostbite"), ("sideeffects", "side effects"), ("my frost bite", "frostbite")],
)
def test_a_space_too_many_or_missing_is_put_right(guide, cast, typed, instead):
    writing(guide, cast, "You can get frostbite, and other side effects.")
    builders.published(guide, cast)
    found = find(typed)
    assert found.instead == instead
    assert found.hits


def test_a_typing_error_in_a_word_that_patients_use_is_put_right(guide, cast):
    writing(guide, cast, "Bruising is common.")
    builders.published(guide, cast)
    assert find("shinre").hits == ()
    actions.save_synonym(Synonym(everyday="shiner", medical="bruise"), by=cast["author"])
    found = find("shinre")
    assert found.instead == "shiner"
    assert len(found.hits) == 1


def test_a_word_of_patients_that_is_put_right_finds_longer_words_of_ours_as_if_it_had_been_typed_right(guide, cast):
    writing(guide, cast, "You can get shinerosis.")
    builders.published(guide, cast)
    actions.save_synonym(Synonym(everyday="shiner", medical="bruise"), by=cast["author"])
    assert titles("shiner") == titles("shinre") == ["Side effects"]


@pytest.mark.parametrize("typed", ["shower", "filler", "bald"])
def test_another_word_is_not_taken_for_a_typing_error(guide, cast, typed):
    """Each is a letter away from what English could make of a word of the text."""
    writing(guide, cast, "Shots can fill lines.")
    builders.published(guide, cast)
    assert find(typed).instead == ""
    assert find(typed).hits == ()


def test_two_letters_apart_is_another_word():
    assert one_letter_apart("abcd", "abdc")
    assert not one_letter_apart("abcd", "abcd")
    assert not one_letter_apart("abcd", "badc")
    assert not one_letter_apart("abcd", "ab")
    assert not one_letter_apart("abcd", "axyd")
