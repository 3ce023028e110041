"""“Did you mean”: a misspelt key is answered with one that exists, whether the guide uses it yet or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from education.rendering import Keys, render
from education.working_copy import assemble, contents, known_keys
from tests import builders
from tests.education.example_library import LIBRARY

MORE = replace(
    LIBRARY, suggest_from=Keys(frozenset({"salti-2008"}), frozenset({"cellulitis"}), frozenset({"clinic-door"}))
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("See [@salti-2009].", "salti-2008"),
        ("See [@fda-2024].", "fda-2023"),
        ("A [word](term:celulitis).", "cellulitis"),
        ("![](image:clinic-dor)", "clinic-door"),
    ],
)
def test_a_key_of_the_library_is_suggested(text, meant):
    (problem,) = render(text, library=MORE, anchor="page").problems
    assert f"Did you mean “{meant}”?" in problem.message


def test_a_key_that_is_only_suggested_from_cannot_be_cited():
    page = render("See [@salti-2008].", library=MORE, anchor="page")
    assert page.citations == ()
    assert "There is no source with the key “salti-2008”" in page.problems[0].message


def test_a_key_that_does_not_exist_is_not_suggested():
    (problem,) = render("See [@salti-2009].", library=LIBRARY, anchor="page").problems
    assert "Did you mean" not in problem.message


def test_suggestions_change_nothing_that_a_patient_reads(guide):
    builders.source("trial-2021")
    snapshot = assemble(guide, contents(guide.pages.kept()))
    with_keys, without = snapshot.rendered(known=known_keys()), snapshot.rendered()
    assert with_keys == without
    assert snapshot.library().suggest_from == Keys()


def test_the_known_keys_are_those_of_the_whole_library(guide):
    builders.source("trial-2021")
    assert known_keys() == Keys(frozenset({"trial-2020", "trial-2021"}), frozenset({"numbness"}), frozenset())
